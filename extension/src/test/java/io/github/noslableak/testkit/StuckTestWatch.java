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
 * Ends a JVM in which no test begins or ends for half an hour, and says before where each of its
 * threads stands. A test that waits for ever in the kernel, for a pipe or a socket, takes no notice
 * of an interrupt, and so of no {@code @Timeout}.
 */
public final class StuckTestWatch implements TestExecutionListener {

  /** Longer than two measurements that wait for their turn as long as they may. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final AtomicBoolean WATCHED = new AtomicBoolean();

  /** How many tests have begun or ended. */
  private static final AtomicLong EVENTS = new AtomicLong();

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    if (WATCHED.compareAndSet(false, true)) {
      daemon(StuckTestWatch::watch);
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    EVENTS.incrementAndGet();
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    EVENTS.incrementAndGet();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "stuck-test-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch() {
    try {
      awaitStandstill();
      daemon(StuckTestWatch::say); // Where nobody takes what is printed, the JVM ends too.
      TimeUnit.SECONDS.sleep(10);
      Runtime.getRuntime().halt(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** By looks and not by the clock, which runs on while this JVM is stopped. */
  private static void awaitStandstill() throws InterruptedException {
    long seen = EVENTS.get();
    long looks = 0;
    while (looks < PATIENCE.dividedBy(LOOK_EVERY)) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      long now = EVENTS.get();
      looks = now == seen ? looks + 1 : 0;
      seen = now;
    }
  }

  @SuppressWarnings("SystemOut") // It is all that whoever reads the build's log will have.
  private static void say() {
    System.err.println("No test has begun or ended for " + PATIENCE.toMinutes() + " minutes:");
    for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
      System.err.println(thread.getKey());
      for (StackTraceElement frame : thread.getValue()) {
        System.err.println("    at " + frame);
      }
    }
  }
}
