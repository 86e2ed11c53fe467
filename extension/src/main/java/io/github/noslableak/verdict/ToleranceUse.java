package io.github.noslableak.verdict;

import java.util.Locale;

/** What became of a tolerance in one measurement. */
public sealed interface ToleranceUse {

  /** Returns the tolerance. */
  ToleranceRule rule();

  /** Returns the line of a report. */
  String line();

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

    @Override
    public String line() {
      return String.format(
          Locale.ROOT,
          "%s: %s +%,d of %,d, because %s",
          passed() ? "tolerated" : "more than tolerated",
          cache,
          growth,
          tolerated,
          rule.because());
    }
  }

  /**
   * No cache that the rule decides about grew more than it may without.
   *
   * @param rule the tolerance
   */
  record Unused(ToleranceRule rule) implements ToleranceUse {

    @Override
    public String line() {
      return "not used: " + rule.cache() + " " + rule.amount() + ", because " + rule.because();
    }
  }
}
