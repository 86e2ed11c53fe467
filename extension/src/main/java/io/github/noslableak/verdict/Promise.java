package io.github.noslableak.verdict;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a test promises to see: of n iterations, a leak of one object in n iterations or more. A
 * rarer one that the rounds confirm fails the test too; growth below the promise that they do not
 * confirm does neither fail it nor leave it inconclusive.
 *
 * @param perIteration the smallest promised leak in objects per iteration, above 0
 */
public record Promise(double perIteration) {

  /**
   * Makes that of a test.
   *
   * @param iterations of the first run, 1 or more
   * @param wanted a smaller leak that must be seen, if one is wanted
   */
  public static Promise of(int iterations, OptionalDouble wanted) {
    return new Promise(Math.min(1.0 / iterations, wanted.orElse(Double.MAX_VALUE)));
  }

  /**
   * Returns whether rounds left so little that no leak as promised was there. So in the last round
   * alone too: a leak may begin late, such as when a pool is full.
   */
  boolean isAbove(List<Round> rounds) {
    Round last = rounds.get(rounds.size() - 1);
    return !isReached(rounds.stream().mapToLong(Round::most).sum(), rounds)
        && !isReached(last.most(), List.of(last));
  }

  /** Returns whether so many objects in these rounds are as many as a promised leak leaves. */
  boolean isReached(long objects, List<Round> rounds) {
    return objects >= promised(rounds);
  }

  /** Returns whether so many objects in these rounds are more than half of that. */
  boolean isNear(long objects, List<Round> rounds) {
    return 2 * objects > promised(rounds);
  }

  /** A hair less, for rates such as a third cannot be told exactly. */
  private double promised(List<Round> rounds) {
    return perIteration * rounds.stream().mapToLong(Round::iterations).sum() * (1 - 1e-9);
  }
}
