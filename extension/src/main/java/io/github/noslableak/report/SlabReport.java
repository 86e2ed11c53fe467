package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
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
 * @param conclusion what the numbers say
 * @param counting how was counted
 * @param coverage what the verdict does not cover
 * @param evidence what explains a finding; empty for a clean measurement, which need not be
 *     explained
 */
public record SlabReport(
    String test,
    Conclusion conclusion,
    Counting counting,
    Coverage coverage,
    Optional<Evidence> evidence) {

  /**
   * What the numbers say, and what follows from them.
   *
   * @param verdict what they say
   * @param took how long the iterations of the first run took, if that was seen
   * @param sensitivities the smallest leak of each judged cache that would have been seen
   * @param slopes the growth per iteration of caches that were sampled on the way
   * @param tolerances what became of the tolerances of single caches
   * @param forecast what the leak would do if the load went on; empty where nothing leaks, or how
   *     long the load took was not seen
   */
  public record Conclusion(
      Verdict verdict,
      Optional<Duration> took,
      List<Sensitivity> sensitivities,
      Map<String, Slope> slopes,
      List<ToleranceUse> tolerances,
      Optional<Forecast> forecast) {

    public Conclusion {
      sensitivities = List.copyOf(sensitivities);
      slopes = Map.copyOf(slopes);
      tolerances = List.copyOf(tolerances);
    }

    /** Returns the greatest number of objects that a cache leaked, or gained where none leaks. */
    long mostLeaked() {
      return verdict instanceof Verdict.Leak leak
          ? leak.leaked().stream().mapToLong(CacheGrowth::objects).max().orElse(0)
          : verdict.growths().stream().mapToLong(CacheGrowth::objects).max().orElse(0);
    }
  }

  /**
   * How was counted.
   *
   * @param exact whether the counters are exact on this kernel
   * @param waited how long was waited for objects to go away, before the closing RCU barrier
   * @param openingSettled whether the counters had come to rest before the test
   * @param unfollowed why allocations could not be followed, with what grants it; empty where they
   *     were, or need not be
   */
  public record Counting(
      boolean exact, Duration waited, boolean openingSettled, Optional<String> unfollowed) {}

  /**
   * What the verdict does not cover.
   *
   * @param unjudged caches that were asked for and could not be judged
   * @param leftOut members of a watched group that are not judged, because they share their slabs
   *     with unrelated caches
   * @param shared watched caches that share their slabs with others
   */
  public record Coverage(
      List<Unjudged> unjudged, List<SharedSlab> leftOut, List<SharedSlab> shared) {

    public Coverage {
      unjudged = List.copyOf(unjudged);
      leftOut = List.copyOf(leftOut);
      shared = List.copyOf(shared);
    }
  }

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
   * @param allocations who allocated what is left, where allocations were followed
   * @param references who took references and did not return them
   * @param left what the objects are that are left
   * @param holders who may hold what grew
   * @param machine the rest of the machine
   */
  public record Evidence(
      Optional<Allocations> allocations,
      UnreturnedReferences references,
      LeftBehind left,
      Holders holders,
      Machine machine) {

    /** Returns what the kernel holds the test's objects for, as far as their stacks tell. */
    List<Purpose> purposes() {
      return allocations.map(Purpose::of).orElse(List.of());
    }
  }
}
