package io.github.noslableak.kernel;

import java.io.IOException;
import java.time.Duration;

/** Others measured on this machine for longer than the wait was set to last. */
public final class LockTimeoutException extends IOException {

  private static final long serialVersionUID = 1L;

  private LockTimeoutException(String message) {
    super(message);
  }

  LockTimeoutException(String holder, Duration waited) {
    this("no turn on this machine within %d s: it is %s".formatted(waited.toSeconds(), holder));
  }

  /** Of one for whom was waited in vain already. */
  static LockTimeoutException again(String holder) {
    return new LockTimeoutException(
        "no turn on this machine: it is still "
            + holder
            + ", for which this JVM has waited in vain already");
  }
}
