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
    return new SlabUnmeasurableException(
        String.valueOf(e.getMessage()), e.getCause() == null ? e : e.getCause());
  }
}
