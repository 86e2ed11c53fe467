package io.github.noslableak.report;

import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.ToleranceUse;
import java.util.List;
import java.util.Locale;

/** Says what became of the tolerances of single caches. */
public final class ToleranceText {

  private ToleranceText() {}

  /** Returns a warning of each tolerance that may hide a leak. */
  public static List<String> warnings(SlabReport report) {
    return report.conclusion().tolerances().stream()
        .filter(ToleranceUse.Hides.class::isInstance)
        .map(use -> "NoSlabLeak: " + report.test() + ": " + of(use))
        .toList();
  }

  static String of(ToleranceUse use) {
    if (use instanceof ToleranceUse.Hides hides) {
      return String.format(
          Locale.ROOT,
          "%s +%,d in %s, %,d tolerated: a leak of as much in each iteration would pass, too;"
              + " iterations = %,d tells it",
          hides.cache(),
          hides.growth(),
          hides.iterations() == 1 ? "1 iteration" : Text.number(hides.iterations()) + " iterations",
          hides.tolerated(),
          hides.enough());
    }
    if (use instanceof ToleranceUse.Needed needed) {
      ToleranceRule rule = needed.rule();
      return String.format(
          Locale.ROOT,
          "%s: %s +%,d of %,d, because %s",
          needed.passed() ? "tolerated" : "more than tolerated",
          needed.cache(),
          needed.growth(),
          needed.tolerated(),
          rule.because());
    }
    ToleranceRule rule = ((ToleranceUse.Unused) use).rule();
    return "not used: " + rule.cache() + " " + rule.amount() + ", because " + rule.because();
  }
}
