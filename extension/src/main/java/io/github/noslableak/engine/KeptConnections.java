package io.github.noslableak.engine;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for connections that are kept to be used again, and that go by themselves.
 *
 * <p>It counts only now and then: what counting allocates would bring a garbage collection about,
 * which may close, or give back to those that are kept, what the test forgot.
 *
 * @param areKept whether there is a keeper of such
 * @param mayBe whether they may be what a count shows
 * @param between how long to wait for the keeper's end from one count to the next
 * @param longest how long to wait at most
 */
record KeptConnections(
    BooleanSupplier areKept, Predicate<Counts> mayBe, Duration between, Duration longest) {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Counts until they are gone, or there is no keeper of them. The keeper is asked for before each
   * count: it closes them, and then ends, which it may do right after a count.
   *
   * @param first the count that waits for all others
   * @param again one that comes after it
   * @param last one that waits for the other ends of what the keeper closed before it ended
   */
  Counts count(Supplier<Counts> first, Supplier<Counts> again, Supplier<Counts> last) {
    boolean kept = areKept.getAsBoolean();
    Counts counted = first.get();
    long start = System.nanoTime();
    while (kept && mayBe.test(counted) && System.nanoTime() - start < longest.toNanos()) {
      kept = areKeptStill(start);
      counted = kept ? again.get() : last.get();
    }
    return counted;
  }

  /** Returns whether there is a keeper still, when it is time for another count. */
  private boolean areKeptStill(long start) {
    long now = System.nanoTime();
    long longer = Math.min(between.toNanos(), longest.toNanos() - (now - start));
    while (areKept.getAsBoolean()) {
      if (System.nanoTime() - now >= longer) {
        return true;
      }
      Pause.of(PAUSE_NANOS);
    }
    return false;
  }
}
