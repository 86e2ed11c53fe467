package io.github.noslableak.engine;

/**
 * What is measured: one run of it, with its fixtures where it has some.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Body<X extends Throwable> {

  /**
   * Runs once.
   *
   * @throws X whatever the body throws
   */
  void run() throws X;
}
