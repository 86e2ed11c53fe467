package io.github.noslableak.engine;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How long rounds are, and what they may take: n iterations, then 2n, then 4n and so on.
 *
 * <p>Two rounds take three times as long as the first run, and are the least that tells a leak.
 * Further ones may take the whole to four times as long and three seconds more.
 *
 * @param iterations those of the first run, n
 * @param first how long they took
 */
record Schedule(int iterations, Duration first) {

  /** Six rounds are 63 times the iterations of the first run. */
  static final int MOST_ROUNDS = 6;

  private static final int LEAST_ROUNDS = 2;

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);

  private static final Duration LEAST_PATIENCE = Duration.ofMillis(60);

  private static final Duration MOST_PATIENCE = Duration.ofMillis(250);

  private static final int MOST_TIMES = 4;

  private static final Duration BESIDES = Duration.ofSeconds(3);

  /**
   * Returns how long objects may take to go away before the body is run again: as long as it ran,
   * for suspecting too early costs that time again. It costs no verdict: the last count waits the
   * full linger.
   *
   * @param first how long the first run took
   * @param linger what is waited for at the end
   */
  static Duration patience(Duration first, Duration linger) {
    Duration most = linger.compareTo(MOST_PATIENCE) < 0 ? linger : MOST_PATIENCE;
    Duration least = first.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : first;
    return least.compareTo(most) < 0 ? least : most;
  }

  /** Makes one for a first run that took no time worth mentioning. */
  Schedule(int iterations) {
    this(iterations, Duration.ZERO);
  }

  /** Returns how long one iteration took in the first run. */
  Duration once() {
    return first.dividedBy(iterations);
  }

  /** Returns how many iterations a round has, by its number from 0 on. */
  int ofRound(int round) {
    return bounded((long) iterations << round);
  }

  /**
   * Returns how many iterations the next round has: twice those of the one before. Where the time
   * does not allow that, a third round may be as long as the first run, which tells whether what
   * came in one of two rounds comes again; and there are none after it.
   *
   * @param round its number, from 0 on
   * @param each how long one iteration takes
   * @param counting how long counting takes
   * @param spent how long the rounds have taken
   */
  OptionalInt next(int round, Duration each, Duration counting, Duration spent) {
    int whole = ofRound(round);
    if (round < LEAST_ROUNDS) {
      return OptionalInt.of(whole);
    }
    Duration left = left(counting, spent);
    if (each.multipliedBy(whole).compareTo(left) <= 0) {
      return OptionalInt.of(whole);
    }
    return round == LEAST_ROUNDS && each.multipliedBy(iterations).compareTo(left) <= 0
        ? OptionalInt.of(iterations)
        : OptionalInt.empty();
  }

  /**
   * Returns whether a round that was disturbed may be run once more.
   *
   * @param round how long it took
   * @param counting how long counting takes
   * @param spent how long the rounds have taken
   */
  boolean mayRepeat(Duration round, Duration counting, Duration spent) {
    return round.compareTo(left(counting, spent)) <= 0;
  }

  private Duration left(Duration counting, Duration spent) {
    return first.multipliedBy(MOST_TIMES).plus(BESIDES).minus(spent).minus(counting);
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

  /** Returns what a round takes: the body, and counting with something to spare. */
  static Duration estimate(Duration body, Duration counting) {
    return body.plus(counting.multipliedBy(2));
  }
}
