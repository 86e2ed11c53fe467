package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The counts of each cache that changed. */
final class GrowthTable {

  private static final List<String> HEADER =
      List.of("cache", "before", "after", "growth", "tolerance", "per iteration", "bytes");

  private GrowthTable() {}

  /** Returns the table; nothing where no cache changed. */
  static List<String> lines(Verdict verdict) {
    List<CacheGrowth> changed =
        verdict.growths().stream().filter(growth -> growth.objects() != 0).toList();
    if (changed.isEmpty()) {
      return List.of();
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    changed.forEach(growth -> rows.add(row(verdict, growth)));
    List<String> lines = Text.table(rows);
    int unchanged = verdict.growths().size() - changed.size();
    if (unchanged > 0) {
      lines.add(Text.count(unchanged, "other watched caches") + " did not change");
    }
    return lines;
  }

  private static List<String> row(Verdict verdict, CacheGrowth growth) {
    return List.of(
        growth.cache(),
        Text.number(growth.before()),
        Text.number(growth.after()),
        Text.signed(growth.objects()),
        Text.number(growth.tolerance()),
        Text.rate(perIteration(verdict, growth)),
        Text.number(growth.bytes()));
  }

  private static double perIteration(Verdict verdict, CacheGrowth growth) {
    return verdict instanceof Verdict.Leak leak ? leak.perIteration(growth) : growth.perIteration();
  }
}
