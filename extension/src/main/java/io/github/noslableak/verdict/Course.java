package io.github.noslableak.verdict;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What ran when a body was run again: which periods of the books were rounds, and in which nothing
 * ran.
 *
 * @param rounds the rounds, each about twice as long as the one before
 * @param idle the last time in which nothing ran, if there was one
 * @param pairs the body and nothing by turns, where others may be at work
 * @param missing how long all turns would have taken that were needed, where the time allowed none
 *     or not all of them
 */
public record Course(
    List<Run> rounds, Optional<Idle> idle, List<Pair> pairs, Optional<Duration> missing) {

  /**
   * A round.
   *
   * @param period the number of its period in the books
   * @param nanos how long the body ran
   */
  public record Run(int period, int iterations, long nanos) {}

  /**
   * A time in which nothing ran.
   *
   * @param period the number of its period in the books
   * @param share how many times longer the round before it took
   */
  public record Idle(int period, double share) {}

  /**
   * A round and a time as long in which nothing ran.
   *
   * @param idle the number of the latter's period
   */
  public record Pair(Run active, int idle) {}

  public Course {
    rounds = List.copyOf(rounds);
    pairs = List.copyOf(pairs);
  }

  /** Makes one in which all turns ran that were needed. */
  public Course(List<Run> rounds, Optional<Idle> idle, List<Pair> pairs) {
    this(rounds, idle, pairs, Optional.empty());
  }

  /** Returns the round that ran last. */
  public Run last() {
    return rounds.get(rounds.size() - 1);
  }
}
