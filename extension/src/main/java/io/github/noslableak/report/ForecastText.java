package io.github.noslableak.report;

import io.github.noslableak.verdict.Forecast;
import java.util.ArrayList;
import java.util.List;

/** Writes a forecast. */
final class ForecastText {

  private ForecastText() {}

  static List<String> lines(Forecast forecast) {
    List<String> lines = new ArrayList<>();
    boolean sized = forecast.bytesPerIteration() > 0;
    lines.add(
        "%s objects%s per iteration"
            .formatted(
                Text.rate(forecast.objectsPerIteration()),
                sized ? " and " + Amounts.bytes(forecast.bytesPerIteration()) : ""));
    lines.add(
        "%s objects%s per second of load"
            .formatted(
                Text.rate(forecast.objectsPerSecond()),
                sized ? " and %s".formatted(Amounts.bytes(forecast.bytesPerSecond())) : ""));
    if (sized) {
      lines.set(1, lines.get(1) + ", " + megabytes(forecast.bytesPerHour()) + " per hour");
    }
    forecast
        .secondsUntilFull()
        .ifPresent(
            seconds ->
                lines.add(
                    "the %s of memory available on this machine would be gone after %s"
                        .formatted(
                            Amounts.bytes((double) forecast.memoryBytes()),
                            Amounts.time(seconds))));
    lines.add(
        "if the load went on at the pace of this test: %s per second"
            .formatted(iterations(forecast.iterationsPerSecond())));
    return lines;
  }

  private static String iterations(double perSecond) {
    String number = Amounts.number(perSecond);
    return number + (number.equals("1") ? " iteration" : " iterations");
  }

  /** Always in MB, so that two leaks compare. */
  private static String megabytes(double bytes) {
    return Amounts.number(bytes / 1e6) + " MB";
  }
}
