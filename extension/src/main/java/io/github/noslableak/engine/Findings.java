package io.github.noslableak.engine;

import io.github.noslableak.evidence.Facts;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Conclusion;
import io.github.noslableak.report.Counting;
import io.github.noslableak.report.Coverage;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one measurement found, and the report of it together with the facts of evidence.
 *
 * @param plan what was measured
 * @param selection the caches that were watched
 * @param judged what the numbers say
 * @param went how the first run went
 * @param counting how it was counted
 */
record Findings(Plan plan, CacheSelection selection, Judged judged, Went went, Counting counting) {

  /**
   * What the numbers say.
   *
   * @param unjudged caches that could not be judged
   */
  record Judged(Verdict verdict, Confirmation confirmation, List<Unjudged> unjudged) {

    Judged {
      unjudged = List.copyOf(unjudged);
    }
  }

  /**
   * How the first run went.
   *
   * @param took how long its iterations took, if that was seen
   * @param slopes the growth per iteration of caches that were sampled on the way
   */
  record Went(Optional<Duration> took, Map<String, Slope> slopes) {

    Went {
      slopes = Map.copyOf(slopes);
    }
  }

  /**
   * Returns the report.
   *
   * @param facts what evidence says; nothing for a clean measurement
   * @param followed who allocated what is left, if that was followed; empty for a clean measurement
   */
  SlabReport report(Facts facts, Optional<Allocations> followed) {
    Verdict verdict = judged.verdict();
    return new SlabReport(
        plan.name(),
        new Conclusion(
            verdict,
            went.took(),
            plan.warmup(),
            verdict.growths().stream()
                .map(growth -> Sensitivity.of(growth, judged.confirmation()))
                .toList(),
            went.slopes(),
            plan.tolerances().uses(verdict.growths()),
            forecast(facts)),
        counting,
        new Coverage(
            judged.unjudged(),
            selection.leftOut().stream()
                .map(left -> new Coverage.SharedSlab(left.name(), left.aliases()))
                .toList(),
            shared()),
        facts.evidence(followed));
  }

  private List<Coverage.SharedSlab> shared() {
    Set<String> grown =
        judged.verdict().growths().stream()
            .filter(CacheGrowth::exceedsTolerance)
            .map(CacheGrowth::cache)
            .collect(Collectors.toSet());
    return selection.watched().stream()
        .filter(cache -> grown.contains(cache.name()) && !cache.aliases().isEmpty())
        .map(cache -> new Coverage.SharedSlab(cache.name(), cache.aliases()))
        .toList();
  }

  private Optional<Forecast> forecast(Facts facts) {
    if (!(judged.verdict() instanceof Verdict.Leak leak)
        || went.took().isEmpty()
        || facts.availableMemoryBytes().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Forecast.of(
            leak.leaked().stream()
                .map(
                    growth ->
                        new Forecast.Part(
                            Math.max(0, leak.perIteration(growth)), growth.slotBytes()))
                .toList(),
            plan.iterations(),
            went.took().get().toNanos(),
            facts.availableMemoryBytes().getAsLong()));
  }
}
