package io.github.noslableak.engine;

import io.github.noslableak.verdict.TimeLimit;
import java.time.Duration;

/**
 * The moment at which running a body again must be over.
 *
 * @param nanoTime that moment, by {@link System#nanoTime()}
 * @param limit what sets it
 */
public record Deadline(long nanoTime, TimeLimit limit) {

  /** Makes the deadline that lies as far ahead of now as a limit allows. */
  public static Deadline of(TimeLimit limit) {
    return new Deadline(System.nanoTime() + limit.time().toNanos(), limit);
  }

  /** Returns how much time is left; negative when it has passed. */
  public Duration left() {
    return Duration.ofNanos(nanoTime - System.nanoTime());
  }

  /** Returns whether so much time is left. */
  public boolean allows(Duration duration) {
    return duration.compareTo(left()) <= 0;
  }

  /** Returns the earlier one of both. */
  public Deadline orEarlier(Deadline other) {
    return other.nanoTime - nanoTime < 0 ? other : this;
  }
}
