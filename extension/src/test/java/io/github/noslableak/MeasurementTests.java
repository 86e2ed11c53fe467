package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasurementTests {

  @Test
  void the_least_numbers_are_accepted() {
    assertThat(Measurement.of("it", List.of("dentry")).caches()).containsExactly("dentry");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 0, 'tolerance should be 0 or more, but is -1'",
    "0, 0, 0, 'iterations should be 1 or more, but is 0'",
    "0, -5, 0, 'iterations should be 1 or more, but is -5'",
    "0, 1, -1, 'warmup should be 0 or more, but is -1'"
  })
  void smaller_numbers_are_refused(long tolerance, int iterations, int warmup, String message) {
    assertThatThrownBy(
            () ->
                Measurement.of("it", List.of("dentry"))
                    .tolerating(tolerance)
                    .iterations(iterations)
                    .warmup(warmup))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void a_guard_refuses_them_when_told() {
    SlabGuard guard = SlabGuard.watching("dentry");

    assertThatThrownBy(() -> guard.tolerating(-1))
        .hasMessage("tolerance should be 0 or more, but is -1");
    assertThatThrownBy(() -> guard.iterations(0))
        .hasMessage("iterations should be 1 or more, but is 0");
    assertThatThrownBy(() -> guard.warmup(-1)).hasMessage("warmup should be 0 or more, but is -1");
  }
}
