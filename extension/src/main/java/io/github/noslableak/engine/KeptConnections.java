package io.github.noslableak.engine;

import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for connections that are kept to be used again, and that go by themselves.
 *
 * @param areKept whether there is a keeper of such
 * @param mayBe whether they may be what a count shows
 * @param longest how long to wait at most
 */
record KeptConnections(BooleanSupplier areKept, Predicate<Counts> mayBe, Duration longest) {

  /**
   * Counts until they are gone, or there is no keeper of them. The keeper is asked for before each
   * count: it closes them, and then ends, which it may do right after a count.
   *
   * @param first the count that waits for all others
   * @param again one that comes after it
   */
  Counts count(Supplier<Counts> first, Supplier<Counts> again) {
    boolean kept = areKept.getAsBoolean();
    Counts counted = first.get();
    long start = System.nanoTime();
    while (kept && mayBe.test(counted) && System.nanoTime() - start < longest.toNanos()) {
      kept = areKept.getAsBoolean();
      counted = again.get();
    }
    return counted;
  }
}
