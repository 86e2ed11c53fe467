package io.github.noslableak.report;

import io.github.noslableak.verdict.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what a comparison of a control and a treatment found. */
public final class ComparisonReport {

  private static final List<String> HEADER =
      List.of("cache", "control per iteration", "treatment per iteration", "difference", "");

  private ComparisonReport() {}

  /**
   * Returns the text, several lines without a line break at the end.
   *
   * @param name what was compared
   * @param differences one for each watched cache
   */
  public static String of(String name, List<Difference> differences) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(name, differences));
    lines.add("");
    lines.addAll(Text.indent(table(differences)));
    lines.add("");
    lines.add(
        "Control and treatment ran in turn, "
            + differences.get(0).treatment().stream()
                .map(round -> Text.number(round.iterations()))
                .collect(Collectors.joining(", then "))
            + " times each. A leak of the treatment repeats and scales, and the control is without it.");
    return String.join("\n", lines);
  }

  private static String headline(String name, List<Difference> differences) {
    String leaks =
        differences.stream()
            .filter(Difference::leaks)
            .map(difference -> Text.rate(difference(difference)) + " " + difference.cache())
            .collect(Collectors.joining(", "));
    String open =
        differences.stream()
            .filter(Difference::isUndecided)
            .map(Difference::cache)
            .collect(Collectors.joining(", "));
    if (!leaks.isEmpty()) {
      return name
          + " leaks with the treatment, and not with the control: "
          + leaks
          + " per iteration";
    }
    return open.isEmpty()
        ? name + " leaves no more with the treatment than with the control"
        : name + " is inconclusive: the difference of " + open + " is not clear";
  }

  private static double difference(Difference difference) {
    return difference.treatmentPerIteration() - difference.controlPerIteration();
  }

  private static List<String> table(List<Difference> differences) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (Difference difference : differences) {
      if (difference.controlPerIteration() != 0 || difference.treatmentPerIteration() != 0) {
        rows.add(
            List.of(
                difference.cache(),
                Text.rate(difference.controlPerIteration()),
                Text.rate(difference.treatmentPerIteration()),
                Text.rate(difference(difference)),
                difference.leaks() ? "leaks" : difference.isUndecided() ? "unclear" : ""));
      }
    }
    List<String> lines = Text.table(rows);
    int unchanged = differences.size() - (rows.size() - 1);
    if (unchanged > 0) {
      lines.add(Text.count(unchanged, "watched caches") + " did not grow with either");
    }
    return lines;
  }
}
