package io.github.noslableak.engine;

import java.time.Duration;

/**
 * How long rounds are, and what they may take: n iterations, then 2n, then 4n and so on.
 *
 * @param iterations those of the first run, n
 */
record Schedule(int iterations) {

  /** Six rounds are 63 times the iterations of the first run. */
  static final int MOST_ROUNDS = 6;

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);

  /** Returns how many iterations a round has, by its number from 0 on. */
  int ofRound(int round) {
    return bounded((long) iterations << round);
  }

  /** Returns how many iterations a turn has that is so many times longer than a round. */
  static int times(int round, int longer) {
    return bounded((long) round * Math.max(1, longer));
  }

  private static int bounded(long iterations) {
    return (int) Math.min(Integer.MAX_VALUE / 2, iterations);
  }

  /**
   * Returns how many iterations are needed at least, before a round, until two rounds agree.
   *
   * @param round the number of the next round, 0 or 1
   */
  long untilTwoRounds(int round) {
    return (round == 0 ? 3L : 2L) * iterations;
  }

  /** Returns how long nothing runs beside a body that takes so long. */
  static Duration idle(Duration body) {
    return body.compareTo(LONGEST_IDLE) < 0 ? body : LONGEST_IDLE;
  }

  /**
   * Returns what a round takes: the body, counting, and as much again for an idle time that may
   * follow.
   */
  static Duration estimate(Duration body, Duration counting) {
    return body.plus(idle(body)).plus(counting.multipliedBy(2));
  }
}
