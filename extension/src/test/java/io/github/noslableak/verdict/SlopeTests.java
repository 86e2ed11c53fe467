package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.noslableak.verdict.Slope.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class SlopeTests {

  private static List<Sample> samples(int count, int step, IntToLongFunction objects) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(new Sample(i * step, objects.applyAsLong(i * step)));
    }
    return samples;
  }

  @Test
  void one_object_per_iteration_is_exact() {
    assertThat(Slope.of(samples(20, 5, i -> 1_000 + i))).contains(new Slope(1, 1, 1));
  }

  @Test
  void one_in_a_hundred_lies_in_a_narrow_interval() {
    Slope slope = Slope.of(samples(60, 9, i -> 1_000 + i / 100)).orElseThrow();

    assertThat(slope.perIteration()).isCloseTo(0.01, within(0.001));
    assertThat(slope.low()).isPositive();
    assertThat(slope.high()).isLessThan(0.02);
  }

  @Test
  void a_step_is_no_slope() {
    assertThat(Slope.of(samples(20, 5, i -> i == 0 ? 1_000 : 1_300)).orElseThrow().perIteration())
        .isZero();
  }

  @Test
  void outliers_do_not_move_it() {
    Slope slope =
        Slope.of(samples(30, 5, i -> 1_000 + i + (i % 50 == 0 ? 5_000 : 0))).orElseThrow();

    assertThat(slope.perIteration()).isCloseTo(1, within(0.01));
  }

  @Test
  void noise_without_growth_has_an_interval_around_zero() {
    int holds = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Slope slope = Slope.of(samples(30, 5, i -> 1_000 + random.nextInt(40))).orElseThrow();
      holds += slope.low() <= 0 && slope.high() >= 0 ? 1 : 0;
    }
    // 95 % are promised.
    assertThat(holds).isGreaterThanOrEqualTo(185);
  }

  @Test
  void the_order_of_samples_does_not_matter() {
    List<Sample> samples = samples(20, 5, i -> 1_000 + i * i % 17 + i);
    List<Sample> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, new Random(7));

    assertThat(Slope.of(shuffled)).isEqualTo(Slope.of(samples));
  }

  @Test
  void few_samples_or_all_at_one_place_have_none() {
    assertThat(Slope.of(samples(4, 5, i -> i))).isEmpty();
    assertThat(Slope.of(samples(10, 0, i -> i))).isEmpty();
  }
}
