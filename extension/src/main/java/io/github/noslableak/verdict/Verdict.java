package io.github.noslableak.verdict;

import java.util.Comparator;
import java.util.List;

/** What the numbers of one bracket say. */
public sealed interface Verdict {

  /** Returns the growth of every judged cache: most bytes first, then by name. */
  List<CacheGrowth> growths();

  /** Nothing exceeds its tolerance. */
  record Clean(List<CacheGrowth> growths) implements Verdict {

    public Clean {
      growths = sorted(growths);
    }
  }

  /** At least one cache exceeds its tolerance. */
  record Leak(List<CacheGrowth> growths) implements Verdict {

    public Leak {
      growths = sorted(growths);
      if (growths.stream().noneMatch(CacheGrowth::exceedsTolerance)) {
        throw new IllegalArgumentException("a leak without a cache that leaks: " + growths);
      }
    }

    /** Returns the caches that exceed their tolerance, in the order of {@link #growths()}. */
    public List<CacheGrowth> leaked() {
      return growths.stream().filter(CacheGrowth::exceedsTolerance).toList();
    }
  }

  /**
   * More objects were left after the last iteration than tolerated, and the teardown of the test
   * gave so many back that it may have hidden a leak: they existed before the first measured
   * iteration.
   */
  record Ambiguous(List<CacheGrowth> growths) implements Verdict {

    public Ambiguous {
      growths = sorted(growths);
    }
  }

  /** Judges a bracket. */
  static Verdict of(List<CacheGrowth> growths) {
    return growths.stream().anyMatch(CacheGrowth::exceedsTolerance)
        ? new Leak(growths)
        : new Clean(growths);
  }

  /**
   * Judges a bracket whose warm-up ran inside the test, and so beside things that the test's
   * teardown gives back, such as a temporary tree on tmpfs.
   *
   * <p>Let L be the leak of the measured iterations, W what the warm-up left for good, T what the
   * teardown gives back, at the time named. Then
   *
   * <ul>
   *   <li>over the iterations: growth = L + T(end) - T(baseline), at least L as far as T does not
   *       shrink;
   *   <li>over the whole test: growth = W + L, at least L;
   *   <li>from the baseline to after the teardown: growth = L - T(baseline), at most L.
   * </ul>
   *
   * So the first or the second within tolerance acquits, the third above tolerance convicts, and
   * what lies between is ambiguous.
   *
   * @param overIterations from the baseline after the warm-up to the end of the last iteration
   * @param overTest from before the test to after its teardown
   * @param toTeardown from the baseline after the warm-up to after the teardown
   */
  static Verdict afterWarmup(
      List<CacheGrowth> overIterations, List<CacheGrowth> overTest, List<CacheGrowth> toTeardown) {
    if (toTeardown.stream().anyMatch(CacheGrowth::exceedsTolerance)) {
      return new Leak(toTeardown);
    }
    boolean suspicious =
        overIterations.stream()
            .filter(CacheGrowth::exceedsTolerance)
            .anyMatch(
                growth ->
                    overTest.stream()
                        .filter(whole -> whole.cache().equals(growth.cache()))
                        .anyMatch(CacheGrowth::exceedsTolerance));
    return suspicious ? new Ambiguous(overIterations) : new Clean(toTeardown);
  }

  private static List<CacheGrowth> sorted(List<CacheGrowth> growths) {
    return growths.stream()
        .sorted(
            Comparator.comparing(CacheGrowth::exceedsTolerance)
                .thenComparing(CacheGrowth::bytes)
                .reversed()
                .thenComparing(CacheGrowth::cache))
        .toList();
  }
}
