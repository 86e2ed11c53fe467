package io.github.noslableak.engine;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Slab objects cannot be counted here, or the numbers allow no verdict. */
public final class Unmeasurable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unmeasurable(String message) {
    super(message);
  }

  private Unmeasurable(String message, Throwable cause) {
    super(message, cause);
  }

  /** Makes that of a machine that does not allow it. */
  static Unmeasurable because(List<Obstacle> obstacles) {
    return new Unmeasurable(
        obstacles.stream()
            .map(Obstacle::sentence)
            .collect(
                Collectors.joining(
                    "\n  ",
                    "NoSlabLeak cannot count slab objects here, so leaks would go unseen:\n  ",
                    "")));
  }

  /** Makes that of something that went wrong meanwhile. */
  static Unmeasurable because(String what, Throwable cause) {
    return new Unmeasurable(
        "NoSlabLeak could not measure, so leaks would go unseen: " + what, cause);
  }

  /** Makes that of what the kernel refused. */
  static Unmeasurable because(Throwable cause) {
    return because(String.valueOf(cause.getMessage()), cause);
  }

  /**
   * Counts, reads or judges.
   *
   * @throws Unmeasurable if the kernel refuses what it allowed before
   * @throws OutOfMemoryError if no memory is left, with what that means
   */
  static <T> T measured(Supplier<T> counting) {
    try {
      return counting.get();
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      throw because(e);
    } catch (OutOfMemoryError e) {
      // An error still: the body may have used up what there was, by leaking.
      OutOfMemoryError told =
          new OutOfMemoryError(
              "NoSlabLeak could not measure, so leaks would go unseen: no memory is left in this JVM"
                  + " ("
                  + e.getMessage()
                  + "); give it more, for what the test keeps is kept meanwhile");
      told.initCause(e);
      throw told;
    }
  }
}
