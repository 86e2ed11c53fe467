package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTests {

  /** What the first run shows stands: the body may not be run again. */
  private static final Confirmation UNCONFIRMED =
      Confirmation.impossible(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD));

  private static CacheGrowth growth(String cache, long objects, long tolerance, long slotBytes) {
    return new CacheGrowth(cache, 1_000, 1_000 + objects, tolerance, 1, slotBytes);
  }

  private static CacheGrowth growth(String cache, long objects) {
    return growth(cache, objects, 0, 100);
  }

  @Test
  void nothing_watched_grew() {
    Verdict verdict = Verdict.of(List.of(growth("dentry", 0), growth("filp", -3)), UNCONFIRMED);

    assertThat(verdict).isInstanceOf(Verdict.Clean.class);
    assertThat(verdict.growths()).hasSize(2);
  }

  @Test
  void growth_within_tolerance_is_clean() {
    assertThat(Verdict.of(List.of(growth("dentry", 5, 5, 192)), UNCONFIRMED))
        .isInstanceOf(Verdict.Clean.class);
  }

  @Test
  void one_object_too_many_in_one_cache_is_a_leak() {
    Verdict verdict =
        Verdict.of(List.of(growth("filp", 0), growth("dentry", 6, 5, 192)), UNCONFIRMED);

    assertThat(verdict).isInstanceOf(Verdict.Leak.class);
    assertThat(((Verdict.Leak) verdict).leaked())
        .extracting(CacheGrowth::cache)
        .containsExactly("dentry");
  }

  @Test
  void one_cache_does_not_offset_another() {
    assertThat(Verdict.of(List.of(growth("filp", -100), growth("dentry", 1)), UNCONFIRMED))
        .isInstanceOf(Verdict.Leak.class);
  }

  @Test
  void what_leaks_comes_first_then_most_bytes_then_by_name() {
    Verdict verdict =
        Verdict.of(
            List.of(
                growth("tolerated", 50, 50, 1_000),
                growth("b", 1, 0, 100),
                growth("gone", -1, 0, 100),
                growth("a", 1, 0, 100),
                growth("most", 2, 0, 100),
                growth("none", 0, 0, 100)),
            UNCONFIRMED);

    assertThat(verdict.growths())
        .extracting(CacheGrowth::cache)
        .containsExactly("most", "a", "b", "tolerated", "none", "gone");
  }

  @Test
  void a_leak_needs_a_cache_that_leaks() {
    assertThatThrownBy(() -> new Verdict.Leak(List.of(growth("dentry", 0)), UNCONFIRMED))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a leak without a cache that leaks: ");
  }

  /**
   * L is the leak of the measured iterations, W what the warm-up left for good, T what the teardown
   * gives back: at the baseline after the warm-up and at the end of the iterations.
   */
  @Nested
  class AfterWarmup {

    private static Verdict judge(
        long leak, long warmup, long temporaryAtBaseline, long temporaryAtEnd, long tolerance) {
      long start = 1_000;
      long baseline = start + warmup + temporaryAtBaseline;
      long end = start + warmup + leak + temporaryAtEnd;
      long after = start + warmup + leak;
      return Verdict.afterWarmup(
          List.of(new CacheGrowth("dentry", baseline, end, tolerance, 10, 192)),
          List.of(new CacheGrowth("dentry", start, after, tolerance, 10, 192)),
          List.of(new CacheGrowth("dentry", baseline, after, tolerance, 10, 192)),
          UNCONFIRMED);
    }

    @ParameterizedTest(name = "L {0}, W {1}, T {2} -> {3}, tolerance {4}: {5}")
    @CsvSource({
      // Nothing temporary: the iterations alone decide, whatever the warm-up left.
      "0,   0,  0,  0, 0, Clean",
      "0,   7,  0,  0, 0, Clean",
      "0,  -7,  0,  0, 0, Clean",
      "1,   0,  0,  0, 0, Leak",
      "1,   7,  0,  0, 0, Leak",
      "1,  -7,  0,  0, 0, Leak",
      "10,  0,  0,  0, 10, Clean",
      "11,  0,  0,  0, 10, Leak",
      // A temporary tree that stays as large as it was.
      "0,   0,  5,  5, 0, Clean",
      "0,   7,  5,  5, 0, Clean",
      "6,   0,  5,  5, 0, Leak",
      "5,   0,  5,  5, 0, Inconclusive",
      "1,   0,  5,  5, 0, Inconclusive",
      "1,   3,  5,  5, 0, Inconclusive",
      "1,   0,  5,  5, 1, Clean",
      // A temporary tree that grows with the iterations: W + L = 0 acquits.
      "0,   0,  5, 50, 0, Clean",
      "0,   0,  0, 50, 0, Clean",
      "60,  0,  5, 50, 0, Leak",
      "2,   0,  5, 50, 0, Inconclusive",
      // Grows, and the warm-up left something for good: nothing can be said.
      "0,   3,  5, 50, 0, Inconclusive",
      "0,   3,  5, 50, 3, Clean"
    })
    void judges(
        long leak,
        long warmup,
        long temporaryAtBaseline,
        long temporaryAtEnd,
        long tolerance,
        String verdict) {
      assertThat(
              judge(leak, warmup, temporaryAtBaseline, temporaryAtEnd, tolerance)
                  .getClass()
                  .getSimpleName())
          .isEqualTo(verdict);
    }

    /** The promise: under its assumptions no leak is acquitted and nothing clean is convicted. */
    @Test
    void neither_acquits_a_leak_nor_convicts_without_one() {
      for (long leak = 0; leak <= 6; leak++) {
        for (long warmup = 0; warmup <= 6; warmup++) {
          for (long before = 0; before <= 6; before++) {
            for (long end = before; end <= 8; end++) {
              for (long tolerance = 0; tolerance <= 3; tolerance++) {
                Verdict verdict = judge(leak, warmup, before, end, tolerance);
                String numbers =
                    "L %d, W %d, T %d -> %d, tolerance %d"
                        .formatted(leak, warmup, before, end, tolerance);
                if (leak > tolerance) {
                  assertThat(verdict).as(numbers).isNotInstanceOf(Verdict.Clean.class);
                } else {
                  assertThat(verdict).as(numbers).isNotInstanceOf(Verdict.Leak.class);
                }
              }
            }
          }
        }
      }
    }

    @Test
    void a_leak_is_reported_from_the_baseline_after_the_warmup() {
      Verdict verdict = judge(6, 100, 5, 5, 0);

      assertThat(verdict.growths())
          .containsExactly(new CacheGrowth("dentry", 1_105, 1_106, 0, 10, 192));
    }

    @Test
    void two_caches_do_not_make_one_suspicion() {
      // dentry grew over the iterations only, filp over the whole test only.
      Verdict verdict =
          Verdict.afterWarmup(
              List.of(growth("dentry", 1), growth("filp", 0)),
              List.of(growth("dentry", 0), growth("filp", 1)),
              List.of(growth("dentry", 0), growth("filp", 0)),
              UNCONFIRMED);

      assertThat(verdict).isInstanceOf(Verdict.Clean.class);
    }

    @Test
    void one_cache_that_leaks_is_a_leak_though_another_is_ambiguous() {
      Verdict verdict =
          Verdict.afterWarmup(
              List.of(growth("dentry", 1), growth("filp", 1)),
              List.of(growth("dentry", 1), growth("filp", 1)),
              List.of(growth("dentry", -4), growth("filp", 1)),
              UNCONFIRMED);

      assertThat(verdict).isInstanceOf(Verdict.Leak.class);
      assertThat(((Verdict.Leak) verdict).leaked())
          .extracting(CacheGrowth::cache)
          .containsExactly("filp");
    }

    @Test
    void what_is_ambiguous_shows_the_growth_over_the_iterations() {
      Verdict verdict = judge(1, 0, 5, 5, 0);

      assertThat(verdict.growths())
          .containsExactly(new CacheGrowth("dentry", 1_005, 1_006, 0, 10, 192));
    }
  }
}
