package io.github.noslableak.verdict;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the numbers of one bracket say. */
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
      growths = sorted(growths);
      if (growths.stream().noneMatch(growth -> leaks(growth, confirmation))) {
        throw new IllegalArgumentException("a leak without a cache that leaks: " + growths);
      }
    }

    /** Returns the caches that leak, in the order of {@link #growths()}. */
    public List<CacheGrowth> leaked() {
      return growths.stream().filter(growth -> leaks(growth, confirmation)).toList();
    }

    /** Returns what a cache leaks per iteration: as confirmed, or as the first run showed it. */
    public double perIteration(CacheGrowth growth) {
      return confirmation
          .of(growth.cache())
          .filter(Suspect::leaks)
          .map(Suspect::perIteration)
          .orElse(growth.perIteration());
    }

    /**
     * Returns how many objects the first run leaked, as far as it shows: what other processes gave
     * back meanwhile may hide it.
     */
    public long objects(CacheGrowth growth) {
      return growth.exceedsTolerance()
          ? growth.objects()
          : Math.max(1, Math.round(perIteration(growth) * growth.iterations()));
    }

    private static boolean leaks(CacheGrowth growth, Confirmation confirmation) {
      return confirmation
          .of(growth.cache())
          .map(suspect -> suspect.leaks() || (suspect.isOpen() && stands(growth, confirmation)))
          .orElseGet(() -> stands(growth, confirmation));
    }

    /** Where the body could not be run again, what the first run showed stands. */
    private static boolean stands(CacheGrowth growth, Confirmation confirmation) {
      return confirmation.obstacle().isPresent() && growth.exceedsUnrest();
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
   * The numbers neither accuse nor acquit.
   *
   * @param reason why not, as a sentence without a full stop
   */
  record Inconclusive(List<CacheGrowth> growths, Confirmation confirmation, String reason)
      implements Verdict {

    public Inconclusive {
      growths = sorted(growths);
    }
  }

  /**
   * Judges a bracket.
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
    Optional<Suspect> open = confirmation.suspects().stream().filter(Suspect::isOpen).findFirst();
    if (open.isPresent()) {
      return new Inconclusive(
          growths,
          confirmation,
          open.get().cache()
              + (open.get().scaling() == Scaling.UNTRIED
                  ? " of other processes grew in proportion when the body was run again, and there"
                      + " was no time to see whether it does so anyway"
                  : " neither grew in proportion nor stayed as it was when the body was run again")
              + confirmation.obstacle().map(obstacle -> ": " + obstacle).orElse(""));
    }
    if (unexplained.isPresent()) {
      return new Inconclusive(
          growths,
          confirmation,
          unexplained.get().cache()
              + confirmation
                  .obstacle()
                  .map(
                      obstacle ->
                          " grew, but not beyond what it moved by itself before the test, and the"
                              + " body was not run again: "
                              + obstacle)
                  .orElse(
                      " grew after the last point at which the body can be run again: in the"
                          + " teardown of the test, or on account of another process"));
    }
    // What only raised a suspicion by its unrest, and is none, is not worth a reader's time.
    return growths.stream().noneMatch(CacheGrowth::exceedsTolerance)
        ? new Clean(growths)
        : new Dismissed(growths, confirmation);
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
   * So the first or the second within tolerance acquits. Otherwise running the body again decides;
   * where that is not possible, the third above tolerance convicts, and what lies between is
   * inconclusive.
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
            "the teardown of the test gave back as many "
                + unexplained.get().cache()
                + " as its iterations left, which may hide a leak"
                + confirmation.obstacle().map(obstacle -> ": " + obstacle).orElse(""))
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
