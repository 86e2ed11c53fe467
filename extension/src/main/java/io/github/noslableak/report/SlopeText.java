package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Slope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the caches that changed grew from sample to sample. */
final class SlopeText {

  private SlopeText() {}

  static List<String> lines(List<CacheGrowth> growths, Map<String, Slope> slopes) {
    List<String> lines = new ArrayList<>();
    for (CacheGrowth growth : growths) {
      Slope slope = slopes.get(growth.cache());
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
}
