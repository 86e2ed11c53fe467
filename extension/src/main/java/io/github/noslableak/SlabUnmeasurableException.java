package io.github.noslableak;

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
}
