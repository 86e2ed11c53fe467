package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.ToleranceUse;
import io.github.noslableak.verdict.Trial;
import io.github.noslableak.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a finding for the engineer who reads the build's log: numbers, meaning, next step. */
public final class TextReport {

  private static final int NAMED_IN_HEADLINE = 3;
  private static final int LONGEST_LIST = 5;

  private static final List<String> HEADER =
      List.of("cache", "before", "after", "growth", "tolerance", "per iteration", "bytes");

  private TextReport() {}

  /** Returns the text, several lines without a line break at the end. */
  public static String of(SlabReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(report));
    List<CacheGrowth> changed =
        report.verdict().growths().stream().filter(growth -> growth.objects() != 0).toList();
    if (!changed.isEmpty()) {
      lines.add("");
      lines.addAll(Text.indent(table(report, changed)));
    }
    report.scene().ifPresent(scene -> explain(lines, report, scene));
    section(lines, "Tolerances", report.tolerances().stream().map(ToleranceUse::line).toList());
    section(lines, "What would have been seen", sensitivity(report));
    return String.join("\n", lines);
  }

  private static void explain(List<String> lines, SlabReport report, SlabReport.Scene scene) {
    lines.add("");
    lines.add(counting(report));
    if (!report.baselineSettled()) {
      lines.add(
          "The counters would not come to rest before the test: something else was busy on this"
              + " machine.");
    }
    Verdict verdict = report.verdict();
    if (verdict instanceof Verdict.Leak leak) {
      section(
          lines,
          leak.confirmation().obstacle().isEmpty() ? "Confirmed" : "Not confirmed",
          confirmation(report, leak.confirmation()));
    } else if (verdict instanceof Verdict.Dismissed dismissed) {
      section(lines, "Why it passes", confirmation(report, dismissed.confirmation()));
    } else if (verdict instanceof Verdict.Inconclusive inconclusive) {
      section(lines, "What was tried", confirmation(report, inconclusive.confirmation()));
    }
    section(lines, "On the way", slopes(report));
    section(lines, "Rate", report.forecast().map(ForecastText::lines).orElse(List.of()));
    section(
        lines,
        "Who allocated them",
        report.allocations().map(Allocations::lines).orElse(List.of()));
    // What this JVM itself holds open, no module failed to return.
    if (verdict instanceof Verdict.Leak && isBeyondThisJvm(report, scene.holders())) {
      section(lines, "Which reference was not returned", report.references());
    }
    section(lines, "Who holds them", scene.holders().lines(mostLeaked(report)));
    section(lines, "Not told apart", shared(report));
    section(lines, "Not judged", unjudged(report));
    section(lines, "The machine", scene.machine().lines());
    section(lines, "Next", next(report, scene.holders()));
  }

  private static void section(List<String> lines, String title, List<String> content) {
    if (!content.isEmpty()) {
      lines.add("");
      lines.add(title);
      lines.addAll(Text.indent(content));
    }
  }

  private static String headline(SlabReport report) {
    Verdict verdict = report.verdict();
    if (verdict instanceof Verdict.Leak leak) {
      return headline(report, leak);
    }
    if (verdict instanceof Verdict.Inconclusive inconclusive) {
      return report.test() + " is inconclusive: " + inconclusive.reason();
    }
    return report.test()
        + (verdict instanceof Verdict.Dismissed
            ? " passes: its growth is no leak"
            : " is clean: none of "
                + Text.count(verdict.growths().size(), "watched caches")
                + " gained more than tolerated");
  }

  private static String headline(SlabReport report, Verdict.Leak leak) {
    List<CacheGrowth> leaked = leak.leaked();
    String objects =
        leaked.stream()
            .limit(NAMED_IN_HEADLINE)
            .map(growth -> Text.number(leak.objects(growth)) + " " + growth.cache())
            .collect(Collectors.joining(", "));
    int more = leaked.size() - NAMED_IN_HEADLINE;
    long bytes =
        leaked.stream().mapToLong(growth -> leak.objects(growth) * growth.slotBytes()).sum();
    int iterations = leaked.get(0).iterations();
    return report.test()
        + " leaked "
        + objects
        + (more > 0 ? " and objects of " + Text.count(more, "more caches") : "")
        + (iterations > 1 ? " in " + Text.number(iterations) + " iterations" : "")
        + (bytes > 0 ? ": " + Text.number(bytes) + " bytes of slab" : "");
  }

  private static long mostLeaked(SlabReport report) {
    return report.verdict() instanceof Verdict.Leak leak
        ? leak.leaked().stream().mapToLong(leak::objects).max().orElse(0)
        : report.verdict().growths().stream().mapToLong(CacheGrowth::objects).max().orElse(0);
  }

  private static double perIteration(SlabReport report, CacheGrowth growth) {
    return report.verdict() instanceof Verdict.Leak leak
        ? leak.perIteration(growth)
        : growth.perIteration();
  }

  private static List<String> table(SlabReport report, List<CacheGrowth> changed) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (CacheGrowth growth : changed) {
      rows.add(
          List.of(
              growth.cache(),
              Text.number(growth.before()),
              Text.number(growth.after()),
              Text.signed(growth.objects()),
              Text.number(growth.tolerance()),
              Text.rate(perIteration(report, growth)),
              Text.number(growth.bytes())));
    }
    List<String> lines = Text.table(rows);
    int unchanged = report.verdict().growths().size() - changed.size();
    if (unchanged > 0) {
      lines.add(Text.count(unchanged, "other watched caches") + " did not change");
    }
    return lines;
  }

  /** Says what running the body again showed, cache by cache. */
  private static List<String> confirmation(SlabReport report, Confirmation confirmation) {
    List<String> lines = new ArrayList<>();
    if (confirmation.ofFirstRun()) {
      lines.add("Each allocation of the only run was followed.");
      confirmation.suspects().forEach(suspect -> lines.add(describe(suspect)));
    }
    if (!confirmation.suspects().isEmpty() && confirmation.iterations() > 0) {
      lines.add(
          "The body was run again, "
              + confirmation.suspects().get(0).rounds().stream()
                  .map(round -> Text.number(round.iterations()))
                  .collect(Collectors.joining(", then "))
              + " times. A leak repeats and scales.");
      for (Suspect suspect : confirmation.suspects()) {
        if (suspect.scaling() != Scaling.DOES_NOT_REPEAT || suspect.objects() != 0) {
          lines.add(describe(suspect));
        }
      }
      long still =
          confirmation.suspects().stream()
              .filter(s -> s.scaling() == Scaling.DOES_NOT_REPEAT && s.objects() == 0)
              .count();
      if (still > 0) {
        lines.add(
            confirmation.suspects().stream()
                    .filter(s -> s.scaling() == Scaling.DOES_NOT_REPEAT && s.objects() == 0)
                    .map(Suspect::cache)
                    .limit(LONGEST_LIST)
                    .collect(Collectors.joining(", "))
                + (still > LONGEST_LIST ? " and " + (still - LONGEST_LIST) + " more" : "")
                + ": did not grow again");
      }
      lines.add(
          confirmation.followed()
              ? "Each allocation was followed, so what other processes allocated is not counted here."
              : "Counted by the machine's counters, which count what everybody allocates"
                  + report.unfollowed().map(why -> ": " + why).orElse("")
                  + ".");
    }
    confirmation
        .obstacle()
        .ifPresent(
            obstacle ->
                lines.add(
                    "The body was not run again as often as a confirmation takes: "
                        + obstacle
                        + ". So growth that comes only once"
                        + (confirmation.ofFirstRun() ? "" : ", or from another process,")
                        + " is not told from a leak."));
    return lines;
  }

  private static String describe(Suspect suspect) {
    String grew =
        suspect.rounds().stream()
            .map(
                round ->
                    Text.signed(round.objects())
                        + (round.doubt() > 0 ? " (give or take " + round.doubt() + ")" : ""))
            .collect(Collectors.joining(", "));
    return suspect.cache()
        + (suspect.origin() == Suspect.Origin.OTHERS ? " of other processes " : " ")
        + grew
        + ": "
        + switch (suspect.scaling()) {
          case LEAKS -> Text.rate(suspect.perIteration()) + " per iteration, it leaks";
          case DOES_NOT_REPEAT -> "does not repeat";
          case DOES_NOT_SCALE -> "does not grow with the number of iterations";
          case GOES_ON_BY_ITSELF ->
              "goes on by itself"
                  + (suspect.trials().isEmpty()
                      ? ", "
                          + Text.signed(suspect.idle().orElse(0))
                          + " while nothing ran for as long as the last round"
                      : "");
          case UNTRIED -> "unclear, for lack of time";
          case IS_OTHERS -> "which the test did not allocate";
          case IS_GIVEN_BACK -> "is given back by the teardown of the test";
          case UNCLEAR -> "unclear";
        }
        + byTurns(suspect.trials());
  }

  private static String byTurns(List<Trial> trials) {
    return trials.isEmpty()
        ? ""
        : "; by turns "
            + trials.stream()
                .map(
                    trial ->
                        Text.signed(trial.active().objects())
                            + " with the body and "
                            + Text.signed(trial.idle().objects())
                            + " without")
                .collect(Collectors.joining(", "));
  }

  /** Says how the caches that changed grew from sample to sample. */
  private static List<String> slopes(SlabReport report) {
    List<String> lines = new ArrayList<>();
    for (CacheGrowth growth : report.verdict().growths()) {
      Slope slope = report.slopes().get(growth.cache());
      if (slope != null && growth.objects() != 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s grew by %.4f per iteration from sample to sample, with 95 %% confidence between"
                    + " %.4f and %.4f",
                growth.cache(),
                slope.perIteration(),
                slope.low(),
                slope.high()));
      }
    }
    return lines;
  }

  private static List<String> sensitivity(SlabReport report) {
    Map<String, List<String>> byRate = new TreeMap<>();
    for (Sensitivity sensitivity : report.sensitivities()) {
      byRate
          .computeIfAbsent(Text.rate(sensitivity.perIteration()), rate -> new ArrayList<>())
          .add(sensitivity.cache());
    }
    if (byRate.isEmpty()) {
      return List.of();
    }
    // What most caches have in common needs no names.
    String common =
        byRate.entrySet().stream()
            .max(Map.Entry.comparingByValue(Comparator.comparing(List::size)))
            .map(Map.Entry::getKey)
            .orElseThrow();
    List<String> others =
        byRate.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(common))
            .map(entry -> entry.getKey() + " of " + String.join(", ", entry.getValue()))
            .toList();
    return List.of(
        "A leak of "
            + common
            + " objects per iteration of each watched cache"
            + (others.isEmpty() ? "" : ", but " + String.join("; ", others))
            + ".");
  }

  private static String counting(SlabReport report) {
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

  private static List<String> shared(SlabReport report) {
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

  private static List<String> unjudged(SlabReport report) {
    List<String> lines =
        report.unjudged().stream()
            .map(unjudged -> unjudged.cache() + ": " + unjudged.reason())
            .collect(Collectors.toCollection(ArrayList::new));
    if (!report.leftOut().isEmpty()) {
      boolean one = report.leftOut().size() == 1;
      String them = one ? "it" : "them";
      lines.add(
          report.leftOut().stream()
                  .map(SlabReport.SharedSlab::cache)
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

  private static boolean isBeyondThisJvm(SlabReport report, Holders holders) {
    return !holders.isThisJvm() || holders.isMoreThanThisJvm(mostLeaked(report));
  }

  /** A line about a function is indented under the time in which it was followed. */
  private static boolean accuses(String line) {
    return line.startsWith(" ");
  }

  private static List<String> next(SlabReport report, Holders holders) {
    List<String> lines = new ArrayList<>();
    if (report.verdict() instanceof Verdict.Dismissed) {
      return lines;
    }
    if (holders.isThisJvm()) {
      lines.add(
          "- Close what is still open in this JVM, on the error path too: try-with-resources.");
    }
    if (!holders.mounted().isEmpty()) {
      lines.add("- Unmount what the test leaves mounted.");
    }
    if (!holders.processes().isEmpty()) {
      lines.add(
          "- See why "
              + holders.processes().stream()
                  .map(holder -> holder.name() + " (" + holder.processId() + ")")
                  .collect(Collectors.joining(", "))
              + " does not close what it has open.");
    } else if (holders.isAnotherProcess()) {
      lines.add("- See which process holds them: ls -l /proc/*/fd");
    }
    if (!holders.inMemory().isEmpty()) {
      lines.add("- Delete the files that are left in memory.");
    }
    if (isBeyondThisJvm(report, holders)
        && report.references().stream().anyMatch(TextReport::accuses)) {
      lines.add(
          "- See why the function that is named above does not return its reference, on each of its"
              + " ways out.");
    } else if (holders.isUnexplained() || holders.isMoreThanThisJvm(mostLeaked(report))) {
      lines.add(
          "- Look for a reference that is taken and not returned, or a record that is not freed, in"
              + " the kernel code on the test's path.");
      lines.add(
          (holders.elsewhere().isPresent()
                  ? "- System V objects and namespaces are held like that too: "
                  : "- Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held"
                      + " like that too: ls /dev/shm; ")
              + "ipcs; lsns");
    }
    if (report.verdict() instanceof Verdict.Inconclusive inconclusive) {
      boolean untried =
          inconclusive.confirmation().suspects().stream()
              .anyMatch(suspect -> suspect.scaling() == Scaling.UNTRIED);
      lines.add(
          (untried
                  ? "- Give it more time: raise noslableak.confirm.limit, or its @Timeout"
                  : "- Run it with more iterations, or on a machine where nothing else happens")
              + "; with noslableak.inconclusive=pass it passes.");
    } else if (report.verdict() instanceof Verdict.Leak leak
        && leak.confirmation().obstacle().isPresent()
        && leak.leaked().get(0).iterations() == 1) {
      lines.add(
          "- Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not"
              + " and goes away with warmup = 1.");
    }
    return lines;
  }
}
