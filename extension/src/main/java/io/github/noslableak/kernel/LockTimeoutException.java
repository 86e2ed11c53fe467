package io.github.noslableak.kernel;

import java.io.IOException;
import java.time.Duration;

/** Others measured on this machine for longer than the wait was set to last. */
public final class LockTimeoutException extends IOException {

  private static final long serialVersionUID = 1L;

  LockTimeoutException(String holder, Duration waited) {
    super("no turn on this machine within %d s: it is %s".formatted(waited.toSeconds(), holder));
  }
}
