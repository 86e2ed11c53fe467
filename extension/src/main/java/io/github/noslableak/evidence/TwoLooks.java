package io.github.noslableak.evidence;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * What books of the kernel said before the body was run again and what they say where there is a
 * leak, if the kernel keeps such books.
 *
 * @param <T> what is read of them
 */
final class TwoLooks<T> {

  private final Supplier<Optional<T>> first;
  private final Supplier<Optional<T>> second;
  private Optional<T> before = Optional.empty();
  private Optional<T> now = Optional.empty();

  TwoLooks(Supplier<Optional<T>> first, Supplier<Optional<T>> second) {
    this.first = first;
    this.second = second;
  }

  void before() {
    before = first.get();
  }

  /** Looks again, where there was something to see before. */
  void now(Grown grown) {
    if (grown.isLeak() && before.isPresent()) {
      now = second.get();
    }
  }

  /** Compares what was seen before with what was seen then; nothing where either is missing. */
  <R> List<R> compared(BiFunction<T, T, List<R>> comparison) {
    return before
        .flatMap(earlier -> now.map(later -> comparison.apply(earlier, later)))
        .orElse(List.of());
  }
}
