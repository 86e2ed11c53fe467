package io.github.noslableak.kernel;

import java.io.IOException;

/** What is measured wants the lock on another thread than the one that holds it for it. */
public final class LockedFromWithinException extends IOException {

  private static final long serialVersionUID = 1L;

  LockedFromWithinException(Measurer holder, Thread thread) {
    super(
        holder.name()
            + " is measured on thread "
            + thread.getName()
            + ", and what it started on another thread would wait for its end for ever: measure on"
            + " the test's own thread");
  }
}
