package io.github.noslableak.report;

import io.github.noslableak.verdict.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a forecast. KB, MB and GB are powers of 1,000. */
final class ForecastText {

  private static final double MINUTE = 60;
  private static final double HOUR = 60 * MINUTE;
  private static final double DAY = 24 * HOUR;
  private static final double YEAR = 365.25 * DAY;

  /** Below so many of a larger unit the smaller one tells more: 90 s, 90 min, 36 h. */
  private static final int UNITS = 2;

  private ForecastText() {}

  static List<String> lines(Forecast forecast) {
    List<String> lines = new ArrayList<>();
    boolean sized = forecast.bytesPerIteration() > 0;
    lines.add(
        "%s objects%s per iteration"
            .formatted(
                Text.rate(forecast.objectsPerIteration()),
                sized ? " and " + bytes(forecast.bytesPerIteration()) : ""));
    lines.add(
        "%s objects%s per second of load"
            .formatted(
                Text.rate(forecast.objectsPerSecond()),
                sized ? " and %s".formatted(bytes(forecast.bytesPerSecond())) : ""));
    if (sized) {
      lines.set(1, lines.get(1) + ", " + megabytes(forecast.bytesPerHour()) + " per hour");
    }
    forecast
        .secondsUntilFull()
        .ifPresent(
            seconds ->
                lines.add(
                    "the %s of memory available on this machine would be gone after %s"
                        .formatted(bytes((double) forecast.memoryBytes()), time(seconds))));
    lines.add(
        "if the load went on at the pace of this test: %s per second"
            .formatted(iterations(forecast.iterationsPerSecond())));
    return lines;
  }

  private static String iterations(double perSecond) {
    String number = number(perSecond);
    return number + (number.equals("1") ? " iteration" : " iterations");
  }

  private static String bytes(double bytes) {
    if (bytes < 1_000) {
      String number = number(bytes);
      return number + (number.equals("1") ? " byte" : " bytes");
    }
    double value = bytes / 1_000;
    for (String unit : List.of("KB", "MB", "GB")) {
      if (value < 999.5) {
        return number(value) + " " + unit;
      }
      value /= 1_000;
    }
    return number(value) + " TB";
  }

  /** Always in MB, so that two leaks compare. */
  private static String megabytes(double bytes) {
    return number(bytes / 1e6) + " MB";
  }

  static String time(double seconds) {
    if (seconds < 1) {
      return "less than a second";
    }
    if (seconds < UNITS * MINUTE) {
      return number(seconds) + " s";
    }
    if (seconds < UNITS * HOUR) {
      return number(seconds / MINUTE) + " min";
    }
    if (seconds < UNITS * DAY) {
      return number(seconds / HOUR) + " h";
    }
    if (seconds < UNITS * YEAR) {
      return number(seconds / DAY) + " days";
    }
    return seconds > 100 * YEAR ? "more than 100 years" : number(seconds / YEAR) + " years";
  }

  /** Writes whole numbers from 10 on, one decimal below, and what is too small for that so. */
  private static String number(double value) {
    if (value > 0 && value < 0.05) {
      return "less than 0.1";
    }
    String text = String.format(Locale.ROOT, value < 9.95 ? "%,.1f" : "%,.0f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
