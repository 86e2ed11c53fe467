package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a finding for the engineer who reads the build's log: numbers, meaning, next step. */
public final class TextReport {

  private static final int NAMED_IN_HEADLINE = 3;

  private static final List<String> HEADER =
      List.of("cache", "before", "after", "growth", "tolerance", "per iteration", "bytes");

  private TextReport() {}

  /** Returns the text, several lines without a line break at the end. */
  public static String of(LeakReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(report));
    lines.add("");
    lines.addAll(Text.indent(table(report.verdict())));
    lines.add("");
    lines.add(counting(report));
    if (!report.baselineSettled()) {
      lines.add(
          "The counters would not come to rest before the test: something else was busy on this"
              + " machine, and the growth may come from there.");
    }
    section(lines, "Who holds them", report.holders().lines(mostLeaked(report)));
    section(lines, "Not told apart", shared(report));
    section(lines, "Not judged", unjudged(report));
    section(lines, "The machine", report.machine().lines());
    section(lines, "Next", next(report));
    return String.join("\n", lines);
  }

  private static void section(List<String> lines, String title, List<String> content) {
    if (!content.isEmpty()) {
      lines.add("");
      lines.add(title);
      lines.addAll(Text.indent(content));
    }
  }

  private static String headline(LeakReport report) {
    List<CacheGrowth> leaked = report.verdict().leaked();
    String objects =
        leaked.stream()
            .limit(NAMED_IN_HEADLINE)
            .map(growth -> Text.number(growth.objects()) + " " + growth.cache())
            .collect(Collectors.joining(", "));
    int more = leaked.size() - NAMED_IN_HEADLINE;
    long bytes = leaked.stream().mapToLong(CacheGrowth::bytes).sum();
    int iterations = leaked.get(0).iterations();
    return report.test()
        + " leaked "
        + objects
        + (more > 0 ? " and objects of " + Text.count(more, "more caches") : "")
        + (iterations > 1 ? " in " + Text.number(iterations) + " iterations" : "")
        + (bytes > 0 ? ": " + Text.number(bytes) + " bytes of slab" : "");
  }

  private static long mostLeaked(LeakReport report) {
    return report.verdict().leaked().stream().mapToLong(CacheGrowth::objects).max().orElse(0);
  }

  private static List<String> table(Verdict.Leak verdict) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (CacheGrowth growth : verdict.growths()) {
      if (growth.objects() != 0) {
        rows.add(
            List.of(
                growth.cache(),
                Text.number(growth.before()),
                Text.number(growth.after()),
                Text.signed(growth.objects()),
                Text.number(growth.tolerance()),
                Text.rate(growth.perIteration()),
                Text.number(growth.bytes())));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int width = width(rows, column);
        line.append(column == 0 ? "" : "  ")
            .append(
                String.format(
                    column == 0 ? "%-" + width + "s" : "%" + width + "s", row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    long unchanged = verdict.growths().stream().filter(g -> g.objects() == 0).count();
    if (unchanged > 0) {
      lines.add(Text.count(unchanged, "other watched caches") + " did not change");
    }
    return lines;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String counting(LeakReport report) {
    String waited = Text.number(report.waited().toMillis()) + " ms";
    return report.exact()
        ? "These are exact counts of live objects: caches were dropped, grace periods passed and slabs"
            + " were shrunk again and again for "
            + waited
            + ", so nothing of this is cached or waits to be freed."
        : "These counts are from /proc/slabinfo and NOT EXACT on this kernel, where objects free on a"
            + " CPU count as live; caches were dropped again and again for "
            + waited
            + ". Believe a growth that scales with iterations.";
  }

  private static List<String> shared(LeakReport report) {
    List<String> lines =
        report.shared().stream()
            .map(
                shared ->
                    shared.cache()
                        + " shares its slabs and its counter with "
                        + String.join(", ", shared.others()))
            .collect(Collectors.toCollection(ArrayList::new));
    if (!lines.isEmpty()) {
      lines.add("Boot the test machine with slab_nomerge to tell them apart.");
    }
    return lines;
  }

  private static List<String> unjudged(LeakReport report) {
    List<String> lines =
        report.unjudged().stream()
            .map(unjudged -> unjudged.cache() + ": " + unjudged.reason())
            .collect(Collectors.toCollection(ArrayList::new));
    if (!report.leftOut().isEmpty()) {
      boolean one = report.leftOut().size() == 1;
      String them = one ? "it" : "them";
      lines.add(
          report.leftOut().stream()
                  .map(LeakReport.SharedSlab::cache)
                  .collect(Collectors.joining(", "))
              + (one ? ": shares" : ": each shares")
              + " its counter with unrelated caches here. Boot with slab_nomerge to judge "
              + them
              + ", or name "
              + them
              + " in caches.");
    }
    return lines;
  }

  private static List<String> next(LeakReport report) {
    List<String> lines = new ArrayList<>();
    Holders holders = report.holders();
    if (holders.isThisJvm()) {
      lines.add(
          "- Close what is still open in this JVM, on the error path too: try-with-resources.");
    }
    if (!holders.mounted().isEmpty()) {
      lines.add("- Unmount what the test leaves mounted.");
    }
    if (holders.isAnotherProcess()) {
      lines.add("- See which process holds them: ls -l /proc/*/fd");
    }
    boolean unexplained =
        !holders.isThisJvm() && holders.mounted().isEmpty() && !holders.isAnotherProcess();
    if (unexplained || holders.isMoreThanThisJvm(mostLeaked(report))) {
      lines.add(
          "- Look for a reference that is taken and not returned, or a record that is not freed, in the"
              + " kernel code on the test's path.");
      lines.add(
          "- Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that"
              + " too: ls /dev/shm; ipcs; lsns");
    }
    if (report.verdict().leaked().get(0).iterations() == 1) {
      lines.add(
          "- Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not"
              + " and goes away with warmup = 1.");
    }
    return lines;
  }
}
