package io.github.noslableak.verdict;

/** What became of a tolerance in one measurement. */
public sealed interface ToleranceUse {

  /** Returns the tolerance. */
  ToleranceRule rule();

  /**
   * A cache grew more than it may without the rule.
   *
   * @param rule the tolerance
   * @param cache the cache that grew
   * @param growth by how many objects
   * @param tolerated how many the rule lets pass
   */
  record Needed(ToleranceRule rule, String cache, long growth, long tolerated)
      implements ToleranceUse {

    /** Returns whether the rule let the growth pass. */
    public boolean passed() {
      return growth <= tolerated;
    }
  }

  /**
   * No cache that the rule decides about grew more than it may without.
   *
   * @param rule the tolerance
   */
  record Unused(ToleranceRule rule) implements ToleranceUse {}
}
