package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How reports write numbers and lists. */
public final class Text {

  private Text() {}

  /** Writes a number with a comma after each third digit. */
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Writes a number with its sign, also where it is positive. */
  public static String signed(long value) {
    return value > 0 ? "+" + number(value) : number(value);
  }

  /** Writes a rate with two decimals; one too small for them is not written as none at all. */
  public static String rate(double perIteration) {
    if (perIteration > 0 && perIteration < 0.005) {
      return "< 0.01";
    }
    return String.format(Locale.ROOT, "%,.2f", perIteration);
  }

  /** Returns "1 socket" for 1 and "sockets", and "3 sockets" for 3. The plural must end in s. */
  public static String count(long count, String plural) {
    return number(count) + " " + (count == 1 ? plural.substring(0, plural.length() - 1) : plural);
  }

  /** Joins lines that are the same into one with a count, and cuts a long list off, saying so. */
  public static List<String> counted(List<String> items, int longest) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    items.forEach(item -> counts.merge(item, 1, Integer::sum));
    List<String> lines = new ArrayList<>();
    counts.forEach((item, count) -> lines.add(count == 1 ? item : item + " (" + count + " times)"));
    if (lines.size() <= longest) {
      return lines;
    }
    List<String> cut = new ArrayList<>(lines.subList(0, longest));
    cut.add("and " + number(lines.size() - longest) + " more");
    return cut;
  }

  /** Moves lines to the right. */
  public static List<String> indent(List<String> lines) {
    return lines.stream().map(line -> "  " + line).toList();
  }

  /** Puts lines under a heading, indented. */
  public static List<String> under(String heading, List<String> lines) {
    List<String> all = new ArrayList<>();
    all.add(heading);
    all.addAll(indent(lines));
    return all;
  }

  /** Separates paragraphs by a blank line each; those without lines are left out. */
  public static String paragraphs(List<List<String>> paragraphs) {
    return paragraphs.stream()
        .filter(lines -> !lines.isEmpty())
        .map(lines -> String.join("\n", lines))
        .collect(Collectors.joining("\n\n"));
  }

  /** Lays rows out in columns: the first to the left, numbers to the right. */
  public static List<String> table(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int width = width(rows, column);
        String cell = row.get(column);
        line.append(column == 0 ? "" : "  ")
            .append(column == 0 ? cell + " ".repeat(width - cell.length()) : "")
            .append(column == 0 ? "" : " ".repeat(width - cell.length()) + cell);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
