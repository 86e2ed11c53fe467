package io.github.noslableak.report;

import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.ToleranceUse;
import java.util.Locale;

/** Says what became of the tolerances of single caches. */
final class ToleranceText {

  private ToleranceText() {}

  static String of(ToleranceUse use) {
    ToleranceRule rule = use.rule();
    if (use instanceof ToleranceUse.Needed needed) {
      return String.format(
          Locale.ROOT,
          "%s: %s +%,d of %,d, because %s",
          needed.passed() ? "tolerated" : "more than tolerated",
          needed.cache(),
          needed.growth(),
          needed.tolerated(),
          rule.because());
    }
    return "not used: " + rule.cache() + " " + rule.amount() + ", because " + rule.because();
  }
}
