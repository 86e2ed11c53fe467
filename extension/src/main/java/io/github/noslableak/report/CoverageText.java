package io.github.noslableak.report;

import io.github.noslableak.verdict.Unjudged;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the verdict does not cover, so that silence about it is not taken for a clean result. */
final class CoverageText {

  private CoverageText() {}

  static List<String> shared(Coverage coverage) {
    List<String> lines = new ArrayList<>();
    for (Coverage.SharedSlab slab : coverage.shared()) {
      lines.add(
          slab.cache()
              + " shares its slabs and its counter with "
              + String.join(", ", slab.others()));
    }
    if (!lines.isEmpty()) {
      lines.add("Boot the test machine with slab_nomerge to tell them apart.");
    }
    return lines;
  }

  static List<String> unjudged(Coverage coverage) {
    List<String> lines = new ArrayList<>();
    for (Unjudged cache : coverage.unjudged()) {
      lines.add(cache.cache() + ": " + UnjudgedText.clause(cache));
    }
    if (!coverage.leftOut().isEmpty()) {
      lines.add(leftOut(coverage.leftOut()));
    }
    return lines;
  }

  private static String leftOut(List<Coverage.SharedSlab> leftOut) {
    boolean one = leftOut.size() == 1;
    String them = one ? "it" : "them";
    return leftOut.stream().map(Coverage.SharedSlab::cache).collect(Collectors.joining(", "))
        + (one ? ": shares" : ": each shares")
        + " its counter with unrelated caches here. Boot with slab_nomerge to judge "
        + them
        + ", or name "
        + them
        + " in caches.";
  }
}
