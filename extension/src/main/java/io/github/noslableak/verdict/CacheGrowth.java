package io.github.noslableak.verdict;

/**
 * How many objects a cache gained from before to after, both quiesced.
 *
 * @param cache the cache's name
 * @param before objects before
 * @param after objects after
 * @param tolerance objects that may be left, 0 or more
 * @param iterations how often the body ran in between, 1 or more
 * @param slotBytes bytes of slab that one object takes, 0 or more
 */
public record CacheGrowth(
    String cache, long before, long after, long tolerance, int iterations, long slotBytes) {

  public CacheGrowth {
    if (before < 0 || after < 0 || tolerance < 0 || iterations < 1 || slotBytes < 0) {
      throw new IllegalArgumentException(
          "%s: before %d, after %d, tolerance %d, iterations %d, slot of %d bytes"
              .formatted(cache, before, after, tolerance, iterations, slotBytes));
    }
  }

  /** Returns the growth in objects; negative where objects went away. */
  public long objects() {
    return after - before;
  }

  /** Returns the growth in bytes of slab. */
  public long bytes() {
    return objects() * slotBytes;
  }

  /** Returns the growth in objects per iteration. */
  public double perIteration() {
    return (double) objects() / iterations;
  }

  /** Returns whether more objects are left than tolerated. */
  public boolean exceedsTolerance() {
    return objects() > tolerance;
  }
}
