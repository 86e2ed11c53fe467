package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.ToleranceUse;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the numbers say, and what follows from them.
 *
 * @param verdict what they say
 * @param took how long the iterations of the first run took, if that was seen
 * @param warmup how often the body ran before them
 * @param sensitivities the smallest leak of each judged cache that would have been seen
 * @param slopes the growth per iteration of caches that were sampled on the way
 * @param tolerances what became of the tolerances of single caches
 * @param forecast what the leak would do if the load went on; empty where nothing leaks, or how
 *     long the load took was not seen
 */
public record Conclusion(
    Verdict verdict,
    Optional<Duration> took,
    int warmup,
    List<Sensitivity> sensitivities,
    Map<String, Slope> slopes,
    List<ToleranceUse> tolerances,
    Optional<Forecast> forecast) {

  public Conclusion {
    sensitivities = List.copyOf(sensitivities);
    slopes = Map.copyOf(slopes);
    tolerances = List.copyOf(tolerances);
  }

  /** Returns the names of the caches that leak. */
  Set<String> leaked() {
    return verdict instanceof Verdict.Leak leak
        ? leak.leaked().stream().map(CacheGrowth::cache).collect(Collectors.toSet())
        : Set.of();
  }

  /** Returns the greatest number of objects that a cache leaked, or gained where none leaks. */
  long mostLeaked() {
    return verdict instanceof Verdict.Leak leak
        ? leak.leaked().stream().mapToLong(CacheGrowth::objects).max().orElse(0)
        : verdict.growths().stream().mapToLong(CacheGrowth::objects).max().orElse(0);
  }
}
