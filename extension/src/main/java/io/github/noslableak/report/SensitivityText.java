package io.github.noslableak.report;

import io.github.noslableak.verdict.Sensitivity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The smallest leaks that would have been seen. */
final class SensitivityText {

  private static final String ONCE =
      "The body ran once: what it takes out of a pool that an earlier test filled, iterations = 2"
          + " shows.";

  private SensitivityText() {}

  /**
   * Returns the lines; none where nothing was judged.
   *
   * @param ranOnce whether that is all there was to see a leak by
   */
  static List<String> lines(List<Sensitivity> sensitivities, boolean ranOnce) {
    if (sensitivities.isEmpty()) {
      return List.of();
    }
    Map<String, List<String>> byRate = new TreeMap<>();
    for (Sensitivity sensitivity : sensitivities) {
      byRate
          .computeIfAbsent(Text.rate(sensitivity.perIteration()), rate -> new ArrayList<>())
          .add(sensitivity.cache());
    }
    String common = common(byRate);
    List<String> others =
        byRate.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(common))
            .map(entry -> entry.getKey() + " of " + String.join(", ", entry.getValue()))
            .toList();
    String seen =
        "A leak of "
            + common
            + " objects per iteration of each watched cache"
            + (others.isEmpty() ? "" : ", but " + String.join("; ", others))
            + ".";
    return ranOnce ? List.of(seen, ONCE) : List.of(seen);
  }

  /** What most caches have in common needs no names. */
  private static String common(Map<String, List<String>> byRate) {
    return byRate.entrySet().stream()
        .max(Map.Entry.comparingByValue(Comparator.comparing(List::size)))
        .map(Map.Entry::getKey)
        .orElseThrow();
  }
}
