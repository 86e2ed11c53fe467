package io.github.noslableak.verdict;

/** What became of a tolerance in one measurement. */
public sealed interface ToleranceUse {

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

  /**
   * A cache grew by one object in each iteration or more, and the tolerance of the whole test let
   * it pass: a leak would pass as well.
   *
   * @param cache the cache that grew
   * @param growth by how many objects
   * @param tolerated how many may be left
   * @param iterations how often the body ran
   */
  record Hides(String cache, long growth, long tolerated, int iterations) implements ToleranceUse {

    /** Returns how many iterations would leave more than is tolerated, if each leaves as much. */
    public long enough() {
      return tolerated * iterations / growth + 1;
    }
  }
}
