package io.github.noslableak;

import java.time.Duration;
import java.util.Locale;

/**
 * The moment at which running a body again must be over.
 *
 * @param nanoTime that moment, by {@link System#nanoTime()}
 * @param reason what sets it, as a clause: "its @Timeout leaves 2.0 s"
 */
record Deadline(long nanoTime, String reason) {

  /**
   * Makes the deadline that lies so far ahead of now.
   *
   * @param who what sets it and allows that much: a setting or an annotation, with a verb
   */
  static Deadline in(Duration ahead, String who) {
    return new Deadline(System.nanoTime() + ahead.toNanos(), who + " " + seconds(ahead));
  }

  /** Returns how much time is left; negative when it has passed. */
  Duration left() {
    return Duration.ofNanos(nanoTime - System.nanoTime());
  }

  boolean allows(Duration duration) {
    return duration.compareTo(left()) <= 0;
  }

  Deadline orEarlier(Deadline other) {
    return other.nanoTime - nanoTime < 0 ? other : this;
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%,.1f s", duration.toMillis() / 1000.0);
  }
}
