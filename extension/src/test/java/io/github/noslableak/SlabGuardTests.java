package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlabGuardTests {

  @Test
  void numbers_that_are_too_small_are_refused_when_told() {
    SlabGuard guard = SlabGuard.watching("dentry");

    assertThatThrownBy(() -> guard.tolerating(-1))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("tolerance should be 0 or more, but is -1");
    assertThatThrownBy(() -> guard.iterations(0))
        .hasMessage("iterations should be 1 or more, but is 0");
    assertThatThrownBy(() -> guard.warmup(-1)).hasMessage("warmup should be 0 or more, but is -1");
  }

  @Test
  void a_second_tolerance_for_a_cache_is_refused_when_told() {
    SlabGuard guard = SlabGuard.watching("dentry").tolerating("dentry", 1, "the resolver");

    assertThatThrownBy(() -> guard.tolerating("dentry", 2, "another"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("two tolerances for dentry in one place");
  }
}
