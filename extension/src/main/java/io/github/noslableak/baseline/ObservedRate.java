package io.github.noslableak.baseline;

/**
 * How fast a judged cache grew in a test, as far as the measurement can tell. A count without doubt
 * has the same value twice.
 *
 * @param test the stable key of the test
 * @param cache the cache's name
 * @param atLeast objects per iteration that it surely gained, 0 if it is judged clean
 * @param atMost objects per iteration that it may have gained; for a clean cache the smallest leak
 *     that would have been seen
 */
public record ObservedRate(String test, String cache, double atLeast, double atMost) {

  public ObservedRate {
    if (Rate.of(atMost).compareTo(Rate.of(atLeast)) < 0) {
      throw new IllegalArgumentException(
          cache + ": at least " + atLeast + " and at most " + atMost + " objects per iteration");
    }
  }

  /** Returns an observation without doubt. A cache that lost objects leaked none. */
  public static ObservedRate exactly(String test, String cache, double perIteration) {
    double rate = Math.max(0, perIteration);
    return new ObservedRate(test, cache, rate, rate);
  }

  /**
   * Returns the observation of a clean cache.
   *
   * @param smallestSeen the smallest leak that would have been seen, in objects per iteration; in n
   *     iterations at best 1/n
   */
  public static ObservedRate clean(String test, String cache, double smallestSeen) {
    return new ObservedRate(test, cache, 0, Math.min(smallestSeen, Rate.HIGHEST));
  }

  /** Returns whether nothing of this cache leaked as far as could be seen. */
  public boolean isClean() {
    return Rate.of(atLeast).tenThousandths() == 0;
  }

  /** Joins two observations of one test and cache: it leaks as fast as the faster one says. */
  ObservedRate orFaster(ObservedRate other) {
    return new ObservedRate(
        test, cache, Math.max(atLeast, other.atLeast), Math.max(atMost, other.atMost));
  }
}
