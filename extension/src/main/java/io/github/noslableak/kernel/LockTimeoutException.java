package io.github.noslableak.kernel;

import java.io.IOException;
import java.time.Duration;

/** Another measurement ran on this machine for longer than the wait was set to last. */
public final class LockTimeoutException extends IOException {

  private static final long serialVersionUID = 1L;

  LockTimeoutException(String holder, Duration waited) {
    super(
        "%s has been measuring on this machine for over %d s"
            .formatted(holder, waited.toSeconds()));
  }
}
