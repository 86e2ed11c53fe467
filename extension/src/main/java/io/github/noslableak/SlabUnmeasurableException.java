package io.github.noslableak;

import io.github.noslableak.engine.Unmeasurable;

/**
 * Slab objects could not be counted, so nothing is known about leaks. The message says what is
 * missing and what grants it.
 */
public final class SlabUnmeasurableException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  SlabUnmeasurableException(String message) {
    super(message);
  }

  SlabUnmeasurableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Makes what callers catch of what the engine throws. */
  static SlabUnmeasurableException of(Unmeasurable e) {
    SlabUnmeasurableException same = new SlabUnmeasurableException(String.valueOf(e.getMessage()));
    if (e.getCause() != null) {
      same.initCause(e.getCause());
    }
    same.setStackTrace(e.getStackTrace()); // As a cause it would say the same twice.
    return same;
  }
}
