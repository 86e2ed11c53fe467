package io.github.noslableak.verdict;

import java.util.Comparator;
import java.util.List;

/**
 * What turns of body and rest it takes to tell whether others brought about what grew.
 *
 * @param iterations how many each turn should have, 1 or more: enough for a stray object not to
 *     matter
 * @param least with how many a turn still tells
 * @param enough how many turns may be enough: 1 where all grew in exact proportion, or 2
 */
public record Turns(int iterations, int least, int enough) {

  /** The most that are needed. */
  public static final int MOST = 4;

  /** So many may be enough. */
  static final int FEWEST = 2;

  /** Objects that each turn should leave. */
  private static final int WANTED = 8;

  /** Objects in exact proportion that one turn must leave: Poisson, 4 where 4 are expected. */
  static final int LEAST_EXACT = 4;

  /** Objects that two turns must leave together. */
  static final int LEAST_OF_TWO = 12;

  /** Makes that for caches that need turns. */
  static Turns of(List<CacheFinding> needing) {
    boolean exact = needing.stream().allMatch(CacheFinding::isExact);
    int wanted = iterations(needing, WANTED);
    return exact
        ? new Turns(wanted, iterations(needing, LEAST_EXACT), 1)
        : new Turns(wanted, wanted, 2);
  }

  /**
   * Makes that for the one of them, at least one, that needs the least time, and was in exact
   * proportion if any was: others may bring about much in little time, but hardly in proportion.
   */
  static Turns shortest(List<CacheFinding> needing) {
    return needing.stream()
        .map(finding -> of(List.of(finding)))
        .min(Comparator.comparingInt(Turns::enough).thenComparingInt(Turns::least))
        .orElseThrow();
  }

  private static int iterations(List<CacheFinding> needing, int objects) {
    return needing.stream()
        .mapToInt(finding -> (int) Math.ceil(objects / finding.perIteration()))
        .reduce(1, Math::max);
  }
}
