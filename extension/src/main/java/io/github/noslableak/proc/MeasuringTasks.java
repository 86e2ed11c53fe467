package io.github.noslableak.proc;

import io.github.noslableak.kernel.Libc;
import java.util.Arrays;

/**
 * Threads of this JVM that work for the measurement and never for a test, such as those that switch
 * the kernel's tracing while the test runs: what they allocate is not the test's.
 */
public final class MeasuringTasks {

  private static volatile int[] tasks = {};

  private MeasuringTasks() {}

  /**
   * Tells that the calling thread works for measurements from now on. It must never end, for the
   * kernel gives the number of a thread that has ended to another one.
   */
  public static synchronized void join() {
    int[] joined = Arrays.copyOf(tasks, tasks.length + 1);
    joined[tasks.length] = Libc.gettid();
    tasks = joined;
  }

  /** Returns whether a task is one of them; there are a few. */
  static boolean contain(int task) {
    for (int one : tasks) {
      if (one == task) {
        return true;
      }
    }
    return false;
  }
}
