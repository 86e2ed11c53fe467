package io.github.noslableak.verdict;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a test promises to see: of n iterations, a leak of one object in n iterations or more. A
 * rarer one that the rounds confirm fails the test too; growth that they do not confirm, and that
 * is far below the promise, does neither fail it nor leave it inconclusive.
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
   * Returns whether rounds left so little that no leak as promised was there: at most half of what
   * it leaves. So in the last round alone too: a leak may begin late, such as when a pool is full.
   */
  boolean isFarFrom(List<Round> rounds) {
    Round last = rounds.get(rounds.size() - 1);
    return !isNear(rounds.stream().mapToLong(Round::most).sum(), rounds)
        && !isNear(last.most(), List.of(last));
  }

  /** Returns whether so many objects in these rounds may be a leak as promised. */
  boolean isNear(long objects, List<Round> rounds) {
    return 2 * objects > perIteration * rounds.stream().mapToLong(Round::iterations).sum();
  }
}
