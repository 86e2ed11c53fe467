package io.github.noslableak.engine;

import io.github.noslableak.report.ComparisonReport;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.report.TextReport;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a measurement came to. */
public sealed interface Outcome {

  /** Returns the whole report, also where nothing was found. */
  String report();

  /** Returns the start of it: what was found, whom it points at, and what to do. */
  String brief();

  /** Returns the other names of watched slabs with the name they are watched under. */
  Map<String, String> aliases();

  /** Returns whether something leaks. */
  boolean isLeak();

  /** Returns whether numbers that decide nothing are to fail. */
  boolean inconclusiveFails();

  /** That of one body. */
  record OfOne(
      Verdict verdict,
      Confirmation confirmation,
      Map<String, String> aliases,
      boolean inconclusiveFails,
      String report,
      String brief)
      implements Outcome {

    public OfOne {
      aliases = Map.copyOf(aliases);
    }

    @Override
    public boolean isLeak() {
      return verdict instanceof Verdict.Leak;
    }
  }

  /** That of a control and a treatment. */
  record OfTwo(
      List<Difference> differences,
      Map<String, String> aliases,
      boolean inconclusiveFails,
      String report)
      implements Outcome {

    public OfTwo {
      differences = List.copyOf(differences);
      aliases = Map.copyOf(aliases);
    }

    @Override
    public String brief() {
      return report;
    }

    @Override
    public boolean isLeak() {
      return differences.stream().anyMatch(Difference::leaks);
    }
  }

  /** Makes that of one body. */
  static Outcome of(
      Settings settings,
      CacheSelection selection,
      Verdict verdict,
      Confirmation confirmation,
      SlabReport report) {
    return new OfOne(
        verdict,
        confirmation,
        aliases(selection),
        fails(settings),
        TextReport.of(report),
        TextReport.brief(report));
  }

  /** Makes that of a comparison. */
  static Outcome of(
      Plan plan, Settings settings, CacheSelection selection, List<Difference> differences) {
    return new OfTwo(
        differences,
        aliases(selection),
        fails(settings),
        ComparisonReport.of(plan.name(), differences));
  }

  private static boolean fails(Settings settings) {
    return settings.inconclusive() == Settings.Inconclusive.FAIL;
  }

  private static Map<String, String> aliases(CacheSelection selection) {
    Map<String, String> aliases = new HashMap<>();
    for (SlabCache cache : selection.watched()) {
      cache.aliases().forEach(alias -> aliases.put(alias, cache.name()));
    }
    return aliases;
  }
}
