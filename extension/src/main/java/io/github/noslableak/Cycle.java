package io.github.noslableak;

/** One run of what is measured, with its fixtures, that can be repeated. */
@FunctionalInterface
interface Cycle {

  /**
   * Runs once.
   *
   * @throws Throwable whatever the body throws
   */
  void run() throws Throwable;
}
