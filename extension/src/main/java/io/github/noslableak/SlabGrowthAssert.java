package io.github.noslableak;

import org.assertj.core.api.AbstractAssert;

/** Assertions on {@link SlabGrowth}. */
@SuppressWarnings("exports") // A module that asserts with AssertJ requires it itself.
public final class SlabGrowthAssert extends AbstractAssert<SlabGrowthAssert, SlabGrowth> {

  SlabGrowthAssert(SlabGrowth actual) {
    super(actual, SlabGrowthAssert.class);
  }

  /**
   * Verifies that no watched cache gained more objects than tolerated.
   *
   * @throws SlabLeakError otherwise, with the message that {@link SlabGuard#check} would give
   * @throws SlabInconclusiveError if the numbers decide nothing and {@code noslableak.inconclusive}
   *     is {@code fail}
   */
  public SlabGrowthAssert hasNoLeak() {
    isNotNull();
    actual.throwFinding();
    return this;
  }

  /**
   * Verifies that a cache gained exactly so many objects.
   *
   * <pre>{@code
   * assertThat(growth).grewBy("sock_inode_cache", 3);
   * }</pre>
   *
   * @param cache a watched cache
   * @param objects the growth expected, in objects
   * @throws IllegalArgumentException if the cache was not watched
   */
  public SlabGrowthAssert grewBy(String cache, long objects) {
    isNotNull();
    long growth = actual.of(cache);
    if (growth != objects) {
      failWithMessage(
          "Expecting %s to grow by %s objects but it grew by %s.%nAll growth: %s",
          cache, objects, growth, actual.byCache());
    }
    return this;
  }
}
