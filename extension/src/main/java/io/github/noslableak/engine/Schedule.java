package io.github.noslableak.engine;

import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Turns;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long rounds are, and what they may take: n iterations, then 2n, then 4n and so on.
 *
 * <p>Two rounds take three times as long as the first run, and are the least that tells a leak.
 * Further ones, and turns, may take the whole to {@link Confirmation#longest}.
 *
 * @param iterations those of the first run, n
 * @param first how long they took
 * @param turns how long turns of body and rest may take; without it, what else is left of the time
 */
record Schedule(int iterations, Duration first, Optional<Duration> turns) {

  /** Six rounds are 63 times the iterations of the first run. */
  static final int MOST_ROUNDS = 6;

  private static final int LEAST_ROUNDS = 2;

  /** What part of a round a pause after it has at least. */
  private static final int SHORTEST_PAUSE = 4;

  private static final Duration LEAST_PATIENCE = Duration.ofMillis(60);

  private static final Duration MOST_PATIENCE = Duration.ofMillis(250);

  /** More is not the body's fault: an emulated processor takes seconds for all of kmalloc's. */
  private static final Duration MOST_COUNTING = Duration.ofMillis(250);

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
    this(iterations, Duration.ZERO, Optional.empty());
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
   * @param pausing whether the time must also allow the shortest pause after it
   */
  OptionalInt next(int round, Duration each, Duration counting, Duration spent, boolean pausing) {
    int whole = ofRound(round);
    if (round < LEAST_ROUNDS) {
      return OptionalInt.of(whole);
    }
    Duration left = left(spent).minus(counting);
    Duration body = each.multipliedBy(whole);
    Duration needed = pausing ? body.plus(body.dividedBy(SHORTEST_PAUSE)) : body;
    if (needed.compareTo(left) <= 0) {
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
    return round.compareTo(left(spent).minus(counting)) <= 0;
  }

  private Duration left(Duration spent) {
    return Confirmation.longest(first).minus(spent);
  }

  /**
   * Returns how long further turns of body and rest may take.
   *
   * @param spent how long rounds and turns have taken
   * @param onTurns how long the turns have
   */
  Duration forTurns(Duration spent, Duration onTurns) {
    return turns.map(all -> all.minus(onTurns)).orElseGet(() -> left(spent));
  }

  /** Returns what of the time that counting takes is part of a confirmation's. */
  static Duration counting(Duration took) {
    return took.compareTo(MOST_COUNTING) < 0 ? took : MOST_COUNTING;
  }

  /**
   * Returns how many iterations each turn should have: as many as the last round, if there is time
   * for four such turns or for two, else fewer, down to those that leave enough objects. Where one
   * turn may be enough, and there is no time for two, it has as few as that takes.
   *
   * @param needed what turns it takes
   * @param last those of the last round
   * @param each how long one iteration takes
   * @param counting how long counting takes
   * @param time how long all turns may take
   * @return nothing where there is no time
   */
  static OptionalInt turn(Turns needed, int last, Duration each, Duration counting, Duration time) {
    for (int turns = Turns.MOST; turns > 1; turns /= 2) {
      int fitting = fitting(each, counting, time.dividedBy(turns));
      if (fitting >= needed.iterations()) {
        return OptionalInt.of(Math.min(Math.max(needed.iterations(), last), fitting));
      }
    }
    int fitting = fitting(each, counting, time);
    return needed.enough() == 1 && fitting >= needed.least()
        ? OptionalInt.of(Math.min(needed.iterations(), fitting))
        : OptionalInt.empty();
  }

  /** Returns how many iterations a turn may have that takes so long together with its rest. */
  static int fitting(Duration each, Duration counting, Duration time) {
    Duration body = time.dividedBy(2).minus(counting);
    return body.isNegative() ? 0 : bounded(body.toNanos() / Math.max(1, each.toNanos()));
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

  /**
   * Returns how long nothing runs, to see what grows then: as long as a round took, or else what is
   * left of the time, but a quarter at least.
   *
   * @param round how long the round took
   * @param counting how long counting takes
   * @param spent how long the rounds have taken
   */
  Duration idle(Duration round, Duration counting, Duration spent) {
    Duration left = left(spent).minus(counting);
    Duration least = shortestPause(round);
    return left.compareTo(round) >= 0 ? round : left.compareTo(least) > 0 ? left : least;
  }

  /** Returns how long nothing must run at least after a round, for what grows then to tell. */
  static Duration shortestPause(Duration round) {
    return round.dividedBy(SHORTEST_PAUSE);
  }

  /** Returns what a round takes: the body, and counting with something to spare. */
  static Duration estimate(Duration body, Duration counting) {
    return body.plus(counting.multipliedBy(2));
  }
}
