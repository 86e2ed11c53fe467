package io.github.noslableak.trace;

import io.github.noslableak.proc.MeasuringTasks;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Switches the kernel's tracing beside the test, on threads that never end. The kernel allocates
 * for that, filters above all, which is not the test's.
 */
public final class Switching {

  /** One for each event of an allocation (6.1 has four, 6.18 two), and one that waits for them. */
  private static final int THREADS = 5;

  private static final ThreadPoolExecutor THREADS_THAT_NEVER_END =
      new ThreadPoolExecutor(
          THREADS,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          TimeUnit.NANOSECONDS,
          new SynchronousQueue<>(),
          Switching::thread);

  private Switching() {}

  /** Starts the threads, so that none of their objects is found to be new later. */
  public static void prepare() {
    int ignored = THREADS_THAT_NEVER_END.prestartAllCoreThreads();
  }

  /** Returns what runs what switches. */
  public static Executor executor() {
    return THREADS_THAT_NEVER_END;
  }

  private static Thread thread(Runnable work) {
    Runnable joined =
        () -> {
          MeasuringTasks.join();
          work.run();
        };
    // Nothing of the test that happens to be the first is kept alive.
    Thread thread = new Thread(null, joined, "noslableak-trigger", 0, false);
    thread.setContextClassLoader(null);
    thread.setDaemon(true);
    return thread;
  }
}
