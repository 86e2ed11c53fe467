package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheGrowthTests {

  @Test
  void growth_is_after_less_before() {
    CacheGrowth growth = new CacheGrowth("dentry", 100, 107, 5, 4, 192);

    assertThat(growth.objects()).isEqualTo(7);
    assertThat(growth.bytes()).isEqualTo(7 * 192);
    assertThat(growth.perIteration()).isEqualTo(1.75);
  }

  @Test
  void growth_is_negative_where_objects_went_away() {
    CacheGrowth growth = new CacheGrowth("dentry", 107, 100, 0, 2, 192);

    assertThat(growth.objects()).isEqualTo(-7);
    assertThat(growth.bytes()).isEqualTo(-7 * 192);
    assertThat(growth.perIteration()).isEqualTo(-3.5);
    assertThat(growth.exceedsTolerance()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10, 0, false",
    "10, 11, 0, true",
    "10, 15, 5, false",
    "10, 16, 5, true",
    "10, 9, 0, false",
    "0, 9223372036854775807, 9223372036854775806, true",
    "0, 9223372036854775807, 9223372036854775807, false"
  })
  void a_growth_up_to_the_tolerance_is_tolerated(
      long before, long after, long tolerance, boolean exceeds) {
    assertThat(new CacheGrowth("dentry", before, after, tolerance, 1, 192).exceedsTolerance())
        .isEqualTo(exceeds);
  }

  @Test
  void the_tolerance_is_of_all_iterations_together() {
    assertThat(new CacheGrowth("dentry", 0, 6, 5, 100, 192).exceedsTolerance()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"-1,0,0,1,0", "0,-1,0,1,0", "0,0,-1,1,0", "0,0,0,0,0", "0,0,0,1,-1"})
  void numbers_that_cannot_be_are_refused(
      long before, long after, long tolerance, int iterations, long slotBytes) {
    assertThatThrownBy(
            () -> new CacheGrowth("dentry", before, after, tolerance, iterations, slotBytes))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dentry: before %d, after %d, tolerance %d, iterations %d, slot of %d bytes, unrest 0"
                .formatted(before, after, tolerance, iterations, slotBytes));
  }

  @Test
  void the_least_numbers_are_accepted() {
    CacheGrowth least = new CacheGrowth("dentry", 0, 0, 0, 1, 0);

    assertThat(least.objects()).isZero();
    assertThat(least.bytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, false", "-1, 0, true", "0, 1, true"})
  void a_leak_may_hide_where_objects_went_or_something_moved(
      long objects, long unrest, boolean expected) {
    assertThat(new CacheGrowth("dentry", 100, 100 + objects, 0, 1, 192, unrest).mayHide())
        .isEqualTo(expected);
  }
}
