package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;

/** How far the counts can be believed. */
final class CountingText {

  private CountingText() {}

  static List<String> lines(Counting counting) {
    List<String> lines = new ArrayList<>();
    String waited = Text.number(counting.waited().toMillis()) + " ms";
    lines.add(counting.exact() ? exact(waited) : inexact(waited));
    if (!counting.openingSettled()) {
      lines.add(
          "The counters would not come to rest before the test: something else was busy on this"
              + " machine.");
    }
    return lines;
  }

  private static String exact(String waited) {
    return "These are exact counts of live objects: caches were dropped, grace periods passed and slabs"
        + " were shrunk again and again for "
        + waited
        + ", so nothing of this is cached or waits to be freed.";
  }

  private static String inexact(String waited) {
    return "These counts are from /proc/slabinfo and NOT EXACT on this kernel, where objects free on a"
        + " CPU count as live; caches were dropped again and again for "
        + waited
        + ". Believe a growth that scales with iterations.";
  }
}
