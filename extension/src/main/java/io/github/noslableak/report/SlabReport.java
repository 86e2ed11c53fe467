package io.github.noslableak.report;

import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.ToleranceUse;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known about one measurement.
 *
 * @param test what was measured, as the reader knows it
 * @param verdict what the numbers say
 * @param sensitivities the smallest leak of each judged cache that would have been seen
 * @param slopes the growth per iteration of caches that were sampled on the way
 * @param unjudged caches that were asked for and could not be judged
 * @param leftOut members of a watched group that are not judged, because they share their slabs
 *     with unrelated caches
 * @param shared watched caches that share their slabs with others
 * @param exact whether the counters are exact on this kernel
 * @param waited how long was waited for objects to go away, before the closing RCU barrier
 * @param baselineSettled whether the counters before the test had come to rest
 * @param unfollowed why allocations could not be followed, with what grants it; empty where they
 *     were, or need not be
 * @param forecast what the leak would do if the load went on; empty where nothing leaks, or how
 *     long the load took was not seen
 * @param allocations who allocated what is left, where allocations were followed
 * @param tolerances what became of the tolerances of single caches
 * @param references who took references and did not return them, a sentence each; or why that was
 *     not followed
 * @param scene who may hold what grew, and the rest of the machine; empty for a clean measurement,
 *     which need not be explained
 */
public record SlabReport(
    String test,
    Verdict verdict,
    List<Sensitivity> sensitivities,
    Map<String, Slope> slopes,
    List<Unjudged> unjudged,
    List<SharedSlab> leftOut,
    List<SharedSlab> shared,
    boolean exact,
    Duration waited,
    boolean baselineSettled,
    Optional<String> unfollowed,
    Optional<Forecast> forecast,
    Optional<Allocations> allocations,
    List<ToleranceUse> tolerances,
    List<String> references,
    Optional<Scene> scene) {

  /**
   * A cache whose counter also counts the objects of others.
   *
   * @param cache the cache
   * @param others the names of the others
   */
  public record SharedSlab(String cache, List<String> others) {

    public SharedSlab {
      others = List.copyOf(others);
    }
  }

  /**
   * What explains a finding.
   *
   * @param holders who may hold what grew
   * @param machine the rest of the machine
   */
  public record Scene(Holders holders, Machine machine) {}

  public SlabReport {
    sensitivities = List.copyOf(sensitivities);
    slopes = Map.copyOf(slopes);
    unjudged = List.copyOf(unjudged);
    leftOut = List.copyOf(leftOut);
    shared = List.copyOf(shared);
    tolerances = List.copyOf(tolerances);
    references = List.copyOf(references);
  }
}
