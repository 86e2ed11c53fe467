package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTests {

  @Test
  void rates_follow_from_the_pace_of_the_load() {
    Forecast forecast = Forecast.of(2, 500, 100, 4_000_000_000L, 25_000_000);

    assertThat(forecast.objectsPerIteration()).isEqualTo(2);
    assertThat(forecast.bytesPerIteration()).isEqualTo(1_000);
    assertThat(forecast.iterationsPerSecond()).isEqualTo(25, within(1e-9));
    assertThat(forecast.objectsPerSecond()).isEqualTo(50, within(1e-9));
    assertThat(forecast.bytesPerSecond()).isEqualTo(25_000, within(1e-6));
    assertThat(forecast.bytesPerHour()).isEqualTo(90e6, within(1e-3));
    assertThat(forecast.secondsUntilFull()).hasValueCloseTo(1_000.0, within(1e-6));
  }

  @Test
  void caches_that_leak_together_are_added_up() {
    Forecast forecast =
        Forecast.of(
            List.of(new Forecast.Part(1, 192), new Forecast.Part(0.5, 832)), 1, 1_000_000_000, 608);

    assertThat(forecast.objectsPerIteration()).isEqualTo(1.5);
    assertThat(forecast.bytesPerIteration()).isEqualTo(608);
    assertThat(forecast.secondsUntilFull()).hasValueCloseTo(1.0, within(1e-9));
  }

  @Test
  void where_no_size_is_known_nothing_is_said_about_memory() {
    assertThat(Forecast.of(1, 0, 1, 1, 1_000).secondsUntilFull()).isEmpty();
    assertThat(Forecast.of(0, 192, 1, 1, 1_000).secondsUntilFull()).isEmpty();
  }

  @Test
  void a_load_shorter_than_the_clock_shows_has_a_pace() {
    assertThat(Forecast.of(1, 192, 1, 0, 1_000).iterationsPerSecond()).isEqualTo(1e9, within(1e-3));
  }

  @Test
  void impossible_numbers_are_refused() {
    assertThatThrownBy(() -> Forecast.of(1, 1, 0, 1, 1))
        .hasMessage("0 iterations in 1 ns, 1 bytes of memory");
    assertThatThrownBy(() -> Forecast.of(1, 1, 1, -1, 1))
        .hasMessage("1 iterations in -1 ns, 1 bytes of memory");
    assertThatThrownBy(() -> Forecast.of(1, 1, 1, 1, -1))
        .hasMessage("1 iterations in 1 ns, -1 bytes of memory");
    assertThatThrownBy(() -> new Forecast.Part(-1, 1))
        .hasMessage("-1.0 objects per iteration of 1 bytes");
    assertThatThrownBy(() -> new Forecast.Part(Double.NaN, 1))
        .hasMessage("NaN objects per iteration of 1 bytes");
    assertThatThrownBy(() -> new Forecast.Part(1, -1))
        .hasMessage("1.0 objects per iteration of -1 bytes");
    assertThat(Forecast.of(0, 0, 1, 1, 0).bytesPerHour()).isZero();
  }
}
