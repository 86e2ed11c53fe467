package io.github.noslableak.report;

import java.util.List;

/**
 * A part of a report under a title of its own. Without lines there is nothing to say, and no title
 * either.
 *
 * @param title the title, which stands on a line of its own
 * @param lines what it says, without an indent
 */
public record Section(String title, List<String> lines) {

  public Section {
    lines = List.copyOf(lines);
  }

  /** Returns one that says nothing, and so is not seen. */
  static Section nothing() {
    return new Section("", List.of());
  }

  /** Returns a report with this section at its end. */
  public String addedTo(String report) {
    return lines.isEmpty() ? report : Text.paragraphs(List.of(List.of(report), rendered()));
  }

  /** Returns the title and the lines, indented under it. */
  List<String> rendered() {
    return lines.isEmpty() ? List.of() : Text.under(title, lines);
  }
}
