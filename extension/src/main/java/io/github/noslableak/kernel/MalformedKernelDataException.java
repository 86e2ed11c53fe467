package io.github.noslableak.kernel;

/**
 * Kernel data that does not have the documented form.
 *
 * <p>A guard that guesses at a counter would pass or fail tests by chance, so nothing is guessed.
 */
public final class MalformedKernelDataException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong; it may quote the text, so what is not printable becomes "?"
   */
  public MalformedKernelDataException(String message) {
    super(message.replaceAll("[^\\x20-\\x7e]", "?"));
  }
}
