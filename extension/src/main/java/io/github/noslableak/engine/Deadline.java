package io.github.noslableak.engine;

import java.time.Duration;
import java.util.Locale;

/**
 * The moment at which running a body again must be over.
 *
 * @param nanoTime that moment, by {@link System#nanoTime()}
 * @param reason what sets it, as a clause: "its @Timeout leaves 2.0 s"
 */
public record Deadline(long nanoTime, String reason) {

  /**
   * Makes the deadline that lies so far ahead of now.
   *
   * @param who what sets it and allows that much: a setting or an annotation, with a verb
   */
  public static Deadline in(Duration ahead, String who) {
    return new Deadline(System.nanoTime() + ahead.toNanos(), who + " " + seconds(ahead));
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

  /** Writes a time for a reader: "2.0 s". */
  public static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%,.1f s", duration.toMillis() / 1000.0);
  }
}
