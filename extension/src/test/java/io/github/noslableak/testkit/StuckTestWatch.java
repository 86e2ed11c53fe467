package io.github.noslableak.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Ends a JVM in which no test begins or ends for a quarter of an hour, and says before where each
 * of its threads stands. A test that waits for ever in the kernel, for a pipe or a socket, takes no
 * notice of an interrupt, and so of no {@code @Timeout}.
 */
public final class StuckTestWatch implements TestExecutionListener {

  /** Longer than a wait for the machine's lock and a confirmation together. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final AtomicBoolean WATCHED = new AtomicBoolean();
  private static final AtomicLong LAST = new AtomicLong();

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    LAST.set(System.nanoTime());
    if (WATCHED.compareAndSet(false, true)) {
      Thread watch = new Thread(StuckTestWatch::watch, "stuck-test-watch");
      watch.setDaemon(true);
      watch.start();
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    LAST.set(System.nanoTime());
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    LAST.set(System.nanoTime());
  }

  @SuppressWarnings("SystemOut") // It is all that whoever reads the build's log will have.
  private static void watch() {
    try {
      while (System.nanoTime() - LAST.get() < PATIENCE.toNanos()) {
        TimeUnit.SECONDS.sleep(10);
      }
      System.err.println("No test has begun or ended for " + PATIENCE.toMinutes() + " minutes:");
      for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
        System.err.println(thread.getKey());
        for (StackTraceElement frame : thread.getValue()) {
          System.err.println("    at " + frame);
        }
      }
      TimeUnit.SECONDS.sleep(2); // Surefire's reader takes its time.
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
