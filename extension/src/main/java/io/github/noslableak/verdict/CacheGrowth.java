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
 * @param unrest by how many objects the cache moved by itself before, while nothing ran; 0 at rest
 */
public record CacheGrowth(
    String cache,
    long before,
    long after,
    long tolerance,
    int iterations,
    long slotBytes,
    long unrest) {

  public CacheGrowth {
    if (before < 0 || after < 0 || tolerance < 0 || iterations < 1 || slotBytes < 0 || unrest < 0) {
      throw new IllegalArgumentException(
          "%s: before %d, after %d, tolerance %d, iterations %d, slot of %d bytes, unrest %d"
              .formatted(cache, before, after, tolerance, iterations, slotBytes, unrest));
    }
  }

  /** Makes the growth of a cache that was at rest before. */
  public CacheGrowth(
      String cache, long before, long after, long tolerance, int iterations, long slotBytes) {
    this(cache, before, after, tolerance, iterations, slotBytes, 0);
  }

  /** Returns the same with so many objects left over. */
  CacheGrowth leaving(long objects) {
    return new CacheGrowth(
        cache, before, before + objects, tolerance, iterations, slotBytes, unrest);
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

  /** Returns whether more objects are left than tolerated and than others may have brought. */
  public boolean exceedsUnrest() {
    return objects() - tolerance > unrest;
  }

  /**
   * Returns whether a leak may hide here: something moved the cache that was not the body, or gave
   * objects back.
   */
  public boolean mayHide() {
    return unrest > 0 || objects() < 0;
  }
}
