package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Forecast;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTextTests {

  private static final long SECOND = 1_000_000_000;

  /** A dentry and a socket inode per iteration, 1.14 iterations per second: 4.2 MB per hour. */
  @Test
  void two_caches_that_leak_together() {
    assertThat(
            ForecastText.lines(
                Forecast.of(
                    List.of(new Forecast.Part(1, 192), new Forecast.Part(1, 832)),
                    342,
                    300 * SECOND,
                    8_000_000_000L)))
        .containsExactly(
            "2.00 objects and 1 KB per iteration",
            "2.28 objects and 1.2 KB per second of load, 4.2 MB per hour",
            "the 8 GB of memory available on this machine would be gone after 79 days",
            "if the load went on at the pace of this test: 1.1 iterations per second");
  }

  @Test
  void a_fast_leak() {
    assertThat(ForecastText.lines(Forecast.of(1, 832, 1_200, 10 * SECOND, 16_000_000_000L)))
        .containsExactly(
            "1.00 objects and 832 bytes per iteration",
            "120.00 objects and 100 KB per second of load, 359 MB per hour",
            "the 16 GB of memory available on this machine would be gone after 45 h",
            "if the load went on at the pace of this test: 120 iterations per second");
  }

  @Test
  void a_slow_leak_never_reads_as_none() {
    assertThat(ForecastText.lines(Forecast.of(0.001, 192, 1, 100 * SECOND, 16_000_000_000L)))
        .containsExactly(
            "< 0.01 objects and 0.2 bytes per iteration",
            "< 0.01 objects and less than 0.1 bytes per second of load, less than 0.1 MB per hour",
            "the 16 GB of memory available on this machine would be gone after more than 100 years",
            "if the load went on at the pace of this test: less than 0.1 iterations per second");
  }

  @Test
  void a_leak_of_unknown_size() {
    assertThat(ForecastText.lines(Forecast.of(1, 0, 1, SECOND, 16_000_000_000L)))
        .containsExactly(
            "1.00 objects per iteration",
            "1.00 objects per second of load",
            "if the load went on at the pace of this test: 1 iteration per second");
  }

  @ParameterizedTest
  @CsvSource({
    "0, less than a second",
    "0.99, less than a second",
    "1, 1 s",
    "1.5, 1.5 s",
    "9.94, 9.9 s",
    "9.96, 10 s",
    "119.4, 119 s",
    "120, 2 min",
    "7199, 120 min",
    "7200, 2 h",
    "172799, 48 h",
    "172800, 2 days",
    "1728000, 20 days",
    "63115199, 730 days",
    "63115200, 2 years",
    "3155760000, 100 years",
    "3155760001, more than 100 years",
    "Infinity, more than 100 years",
  })
  void times_have_a_plausible_unit(double seconds, String expected) {
    assertThat(Amounts.time(seconds)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 byte",
    "0.01, less than 0.1 bytes",
    "999, 999 bytes",
    "1000, 1 KB",
    "999499, 999 KB",
    "999500, 1 MB",
    "1234567890, 1.2 GB",
    "5e12, 5 TB",
    "5e15, '5,000 TB'",
  })
  void bytes_have_a_plausible_unit(double bytes, String expected) {
    assertThat(ForecastText.lines(new Forecast(1, bytes, 1, 1)).get(0))
        .isEqualTo("1.00 objects and " + expected + " per iteration");
  }
}
