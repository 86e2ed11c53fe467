package io.github.noslableak.books;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.verdict.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The books of a measurement from the time they were opened, period by period: the counters alone,
 * or the ledger of allocations beside them.
 *
 * <p>Whatever reads the kernel here may throw an {@link java.io.UncheckedIOException} or a {@link
 * io.github.noslableak.kernel.MalformedKernelDataException} where the kernel refuses what it
 * allowed before.
 */
public interface Books extends AutoCloseable {

  /** Begins a period: a round of iterations, or a time in which nothing runs. */
  void begin();

  /** Tells that something was given back, or came, since the last period, and is part of none. */
  void resume();

  /** Tells that an iteration of the period begins. */
  void iteration();

  /** Ends the period that began last: quiesces and counts. */
  void end();

  /** Returns how many periods have ended. */
  int periods();

  /** Has stacks recorded with allocations from now on, where allocations are followed. */
  void recordStacks();

  /**
   * Returns whether a garbage collection ran in the period that ended last: it may have closed what
   * the body left open.
   */
  boolean wasDisturbed();

  /**
   * Returns whether a garbage collection is known to have closed open files in the period that
   * ended last, which the kernel tells from 6.7 on.
   */
  boolean closedGarbage();

  /**
   * Returns whether the ledger lacks events of the period that ended last, because more came than
   * its buffer holds: then it may know too little of what that left.
   */
  boolean lacksEvents();

  /**
   * Tells that all that only takes its time has had it: what goes away from now on was kept to be
   * used again.
   */
  void lingered();

  /**
   * Names the functions that the ledger knows by their addresses by now, which takes a twentieth of
   * a second: time that there is while something else is waited for.
   */
  void nameFunctions();

  /**
   * Tells that all is over, and that the last count stands for the end of the test. Names the
   * functions that the ledger knows by their addresses.
   */
  void finish();

  /** Returns what the books say by now of all periods; also when they are closed. */
  Statement statement();

  /**
   * Returns who allocated what is left, empty where allocations are not followed.
   *
   * @param caches the names of the caches that matter
   * @param periods the numbers of the periods that matter
   */
  Optional<List<Allocated>> allocated(Set<String> caches, List<Integer> periods);

  /**
   * Returns where what the test left in its periods lies, as far as it is known by now; nothing
   * where allocations are not followed, or not any more.
   *
   * @param caches the names of the caches that matter
   */
  Set<Left> left(Set<String> caches);

  /**
   * An object that is left.
   *
   * @param cache its cache's name
   * @param address where it lies in the kernel's memory
   * @param task the task that allocated it; 0 for an interrupt
   * @param time when, by {@link System#nanoTime()}; 0 for an interrupt
   */
  record Left(String cache, long address, int task, long time) {}

  /** Returns why allocations are not followed, where they should be. */
  Optional<Obstacle> unfollowed();

  /** Stops following. A second call does nothing. */
  @Override
  void close();
}
