package io.github.noslableak.verdict;

/**
 * The smallest leak of a cache that a measurement would have caught.
 *
 * @param cache the cache's name
 * @param perIteration objects per iteration
 */
public record Sensitivity(String cache, double perIteration) {

  /**
   * Works it out: what is tolerated and what may be noise does not show, one object more does.
   *
   * @param tolerance objects that may be left after all iterations
   * @param unrest by how many objects the cache moved by itself while nothing ran
   */
  public static Sensitivity of(String cache, long tolerance, long unrest, int iterations) {
    return new Sensitivity(cache, ((double) tolerance + unrest + 1) / iterations);
  }

  /**
   * Works it out for a cache of a verdict: where the body was run again and each allocation
   * followed, what other processes do hides nothing, unless events are missing: then nothing is
   * clear.
   */
  public static Sensitivity of(CacheGrowth growth, Confirmation confirmation) {
    long hidden = Math.max(growth.unrest(), Math.max(0, -growth.objects()));
    boolean followed =
        confirmation.followed()
            && confirmation
                .of(growth.cache())
                .filter(suspect -> !suspect.isUndecided())
                .isPresent();
    return of(growth.cache(), growth.tolerance(), followed ? 0 : hidden, growth.iterations());
  }
}
