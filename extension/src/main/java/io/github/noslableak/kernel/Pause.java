package io.github.noslableak.kernel;

import java.util.concurrent.locks.LockSupport;

/** A pause that is as long as it should be. */
public final class Pause {

  private Pause() {}

  /** Pauses for the whole time, also in an interrupted thread, which stays interrupted. */
  public static void of(long nanos) {
    boolean interrupted = false;
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
