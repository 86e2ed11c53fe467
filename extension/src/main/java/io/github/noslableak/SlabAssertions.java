package io.github.noslableak;

/** The entry point of assertions on slab growth. */
public final class SlabAssertions {

  private SlabAssertions() {}

  /**
   * Starts an assertion.
   *
   * <pre>{@code
   * SlabGrowth growth = SlabGuard.watching("dentry").measure(() -> store.copy(file));
   * assertThat(growth).hasNoLeak();
   * }</pre>
   */
  public static SlabGrowthAssert assertThat(SlabGrowth actual) {
    return new SlabGrowthAssert(actual);
  }
}
