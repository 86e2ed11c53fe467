package io.github.noslableak.verdict;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the numbers of one measurement say. */
public sealed interface Verdict {

  /** Returns the growth of every judged cache: most bytes first, then by name. */
  List<CacheGrowth> growths();

  /** Nothing exceeds its tolerance, and nothing moved that could have hidden a leak. */
  record Clean(List<CacheGrowth> growths) implements Verdict {

    public Clean {
      growths = sorted(growths);
    }
  }

  /** At least one cache leaks. */
  record Leak(List<CacheGrowth> growths, Confirmation confirmation) implements Verdict {

    public Leak {
      growths = sorted(growths.stream().map(growth -> confirmed(growth, confirmation)).toList());
      if (growths.stream().noneMatch(growth -> leaks(growth, confirmation))) {
        throw new IllegalArgumentException("a leak without a cache that leaks: " + growths);
      }
    }

    /**
     * What was confirmed is the number of a cache: what else the first run shows came once, or is
     * what others did.
     */
    private static CacheGrowth confirmed(CacheGrowth growth, Confirmation confirmation) {
      return confirmation
          .of(growth.cache())
          .filter(CacheFinding::leaks)
          .map(
              finding ->
                  growth.leaving(
                      Math.max(1, Math.round(finding.perIteration() * growth.iterations()))))
          .orElse(growth);
    }

    /** Returns the caches that leak, in the order of {@link #growths()}. */
    public List<CacheGrowth> leaked() {
      return growths.stream().filter(growth -> leaks(growth, confirmation)).toList();
    }

    /** Returns what a cache leaks per iteration: as confirmed, or as the first run showed it. */
    public double perIteration(CacheGrowth growth) {
      return confirmation
          .of(growth.cache())
          .filter(CacheFinding::leaks)
          .map(CacheFinding::perIteration)
          .orElse(growth.perIteration());
    }

    private static boolean leaks(CacheGrowth growth, Confirmation confirmation) {
      return confirmation
          .of(growth.cache())
          .map(
              suspect -> suspect.leaks() || (suspect.isUndecided() && stands(growth, confirmation)))
          .orElseGet(() -> stands(growth, confirmation));
    }

    /** Where the body could not be run again, what the first run showed stands. */
    private static boolean stands(CacheGrowth growth, Confirmation confirmation) {
      return confirmation.shortfall().isPresent() && growth.exceedsUnrest();
    }
  }

  /**
   * There was a suspicion, and running the body again did not bear it out: growth that comes once,
   * or that others bring about.
   */
  record Dismissed(List<CacheGrowth> growths, Confirmation confirmation) implements Verdict {

    public Dismissed {
      growths = sorted(growths);
    }
  }

  /**
   * The numbers decide nothing.
   *
   * @param reason why not
   */
  record Inconclusive(List<CacheGrowth> growths, Confirmation confirmation, Reason reason)
      implements Verdict {

    public Inconclusive {
      growths = sorted(growths);
    }
  }

  /**
   * Judges a measurement.
   *
   * @param growths the growth of each judged cache over the first run
   * @param confirmation what running the body again showed
   */
  static Verdict of(List<CacheGrowth> growths, Confirmation confirmation) {
    if (growths.stream().anyMatch(growth -> Leak.leaks(growth, confirmation))) {
      return new Leak(growths, confirmation);
    }
    return withoutLeak(
        growths,
        confirmation,
        growths.stream()
            .filter(CacheGrowth::exceedsTolerance)
            .filter(growth -> confirmation.of(growth.cache()).isEmpty())
            .findFirst());
  }

  private static Verdict withoutLeak(
      List<CacheGrowth> growths, Confirmation confirmation, Optional<CacheGrowth> unexplained) {
    Optional<CacheFinding> open =
        confirmation.findings().stream().filter(CacheFinding::isUndecided).findFirst();
    if (open.isPresent()) {
      CacheFinding undecided = open.get();
      return new Inconclusive(
          growths,
          confirmation,
          undecided.scaling() == Scaling.UNTRIED
              ? new Reason.Untried(undecided.cache(), confirmation.shortfall())
              : new Reason.Unclear(undecided.cache(), confirmation.shortfall()));
    }
    if (unexplained.isPresent()) {
      String cache = unexplained.get().cache();
      return new Inconclusive(
          growths,
          confirmation,
          confirmation
              .shortfall()
              .<Reason>map(why -> new Reason.NotRunAgain(cache, why))
              .orElseGet(() -> new Reason.GrewInTeardown(cache)));
    }
    // A cache rerun only because it was noisy, and cleared, is not reported.
    return growths.stream().noneMatch(CacheGrowth::exceedsTolerance)
        ? new Clean(growths)
        : new Dismissed(growths, confirmation);
  }

  /**
   * Judges a measurement whose warm-up ran inside the test, and so beside things that the test's
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
   * So the first or the second within tolerance clears it. Otherwise running the body again
   * decides; where that is not possible, the third above tolerance is a leak, and what lies between
   * is inconclusive.
   *
   * @param overIterations from the baseline after the warm-up to the end of the last iteration
   * @param overTest from before the test to after its teardown
   * @param toTeardown from the baseline after the warm-up to after the teardown
   */
  static Verdict afterWarmup(
      List<CacheGrowth> overIterations,
      List<CacheGrowth> overTest,
      List<CacheGrowth> toTeardown,
      Confirmation confirmation) {
    if (toTeardown.stream().anyMatch(growth -> Leak.leaks(growth, confirmation))) {
      return new Leak(toTeardown, confirmation);
    }
    Optional<CacheGrowth> unexplained =
        overIterations.stream()
            .filter(CacheGrowth::exceedsTolerance)
            .filter(growth -> confirmation.of(growth.cache()).isEmpty())
            .filter(
                growth ->
                    overTest.stream()
                        .filter(whole -> whole.cache().equals(growth.cache()))
                        .anyMatch(CacheGrowth::exceedsTolerance))
            .findFirst();
    return unexplained.isPresent()
        ? new Inconclusive(
            overIterations,
            confirmation,
            new Reason.GivenBackByTeardown(unexplained.get().cache(), confirmation.shortfall()))
        : withoutLeak(toTeardown, confirmation, Optional.empty());
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
