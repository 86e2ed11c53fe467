package io.github.noslableak.report;

import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;

/**
 * All that is known about one finding.
 *
 * @param test what was measured, as the reader knows it
 * @param verdict what the numbers say
 * @param unjudged caches that were asked for and could not be judged
 * @param leftOut members of a watched group that are not judged, because they share their slabs
 *     with unrelated caches
 * @param shared watched caches that share their slabs with others
 * @param exact whether the counters are exact on this kernel
 * @param waited how long was waited for objects to go away, before the closing RCU barrier
 * @param baselineSettled whether the counters before the test had come to rest
 * @param holders who may hold what leaked
 * @param machine the rest of the machine
 */
public record LeakReport(
    String test,
    Verdict.Leak verdict,
    List<Unjudged> unjudged,
    List<SharedSlab> leftOut,
    List<SharedSlab> shared,
    boolean exact,
    Duration waited,
    boolean baselineSettled,
    Holders holders,
    Machine machine) {

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

  public LeakReport {
    unjudged = List.copyOf(unjudged);
    leftOut = List.copyOf(leftOut);
    shared = List.copyOf(shared);
  }
}
