package io.github.noslableak.books;

import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a measurement counts with: the machine's counters, which are read when asked for, and the
 * books that it opens.
 *
 * <p>Whatever reads the kernel here may throw an {@link java.io.UncheckedIOException} or a {@link
 * io.github.noslableak.kernel.MalformedKernelDataException} where the kernel refuses what it
 * allowed before.
 */
public interface Accounting extends AutoCloseable {

  /** Returns whether each allocation is followed already, so that counts are the test's alone. */
  boolean isFollowed();

  /** Counts before a test, or anew, so that nothing of what happened until now is its own. */
  Counts countAnew();

  /** Counts when all that takes only its time has gone. */
  Counts countUntilSettled();

  /** Quiesces until no cache exceeds its ceiling, or patience is over, and counts. */
  Counts countBriefly(Map<String, Long> ceilings, Duration patience);

  /** As {@link #countBriefly}, and in the end waits for all that is freed late. */
  Counts countAfterLinger(Map<String, Long> ceilings, Duration linger);

  /** Quiesces once and counts: enough to see a trend by. */
  Counts countOnce();

  /**
   * Tells that what the counters of these caches gained until now, beyond what the ledger knows of,
   * is not the test's.
   */
  void clear(Set<String> caches);

  /**
   * Returns how many objects of caches that the ledger follows in full came since the opening, and
   * live, that it did not see, as far as that is known for sure: caches that stood still.
   */
  Map<String, Long> unseen();

  /**
   * Has what the ledger did not see of caches that it follows in full judged of these alone; at
   * first of none.
   */
  void judgeUnseen(Set<String> caches);

  /**
   * Opens books of some caches, and follows each of their allocations from now on where this kernel
   * and these rights allow it.
   *
   * @param caches names of watched caches
   * @param stacks whether the kernel's stack is recorded with each allocation
   */
  Books open(List<String> caches, boolean stacks);

  /** Closes the books too. */
  @Override
  void close();
}
