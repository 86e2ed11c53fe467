package io.github.noslableak.engine;

import io.github.noslableak.verdict.Shortfall;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches over a body that is run again. How long that takes is estimated before; a body that
 * blocks the second time would make whoever waits for the build wait for ever, without a word. So
 * it is spoken of when half of its time has passed, with the place where it stands, and interrupted
 * at its deadline.
 *
 * <p>The body alone is interrupted, never what counts around it.
 */
final class Watchdog implements AutoCloseable {

  private static final Duration SPEAK_EVERY = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final String name;
  private final Deadline deadline;
  private final Consumer<String> announcements;
  private final long start = System.nanoTime();
  private final Thread thread = new Thread(this::watch, "noslableak-watchdog");
  private long speakAt;
  private Optional<Thread> running = Optional.empty();
  private Optional<Shortfall> interruption = Optional.empty();
  private List<StackTraceElement> told = List.of();
  private boolean closed;

  /**
   * Begins now.
   *
   * @param name what is run again, for whoever waits
   * @param deadline when it should be over
   */
  Watchdog(String name, Deadline deadline, Consumer<String> announcements) {
    this.name = name;
    this.deadline = deadline;
    this.announcements = announcements;
    this.speakAt = deadline.nanoTime() - deadline.left().toNanos() / 2;
    thread.setDaemon(true);
  }

  /** Begins to watch. */
  Watchdog started() {
    thread.start();
    return this;
  }

  /**
   * Runs the body once.
   *
   * @throws Throwable what it throws, also on account of being interrupted; the thread is not left
   *     interrupted then
   */
  void run(Body<?> body) throws Throwable {
    begin();
    try {
      body.run();
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    running = Optional.of(Thread.currentThread());
  }

  private synchronized void end() {
    running = Optional.empty();
    if (interruption.isPresent()) {
      boolean ignored = Thread.interrupted(); // It was meant for the body, which has ended.
    }
  }

  /** Returns that the body was interrupted, if it was. */
  synchronized Optional<Shortfall> interruption() {
    return interruption;
  }

  private synchronized void watch() {
    try {
      while (!closed) {
        long now = System.nanoTime();
        if (now - speakAt >= 0) {
          running.ifPresent(body -> overran(body, now));
        }
        // Not before half of its time: of what keeps to its time, this thread sees nothing.
        wait(Math.max(LOOK_EVERY.toMillis(), Duration.ofNanos(speakAt - now).toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Nobody does; and it must not be taken up again.
    }
  }

  private void overran(Thread body, long now) {
    Duration took = Duration.ofNanos(now - start);
    Duration limit = deadline.limit().time();
    long interruptAt = deadline.nanoTime();
    String place = place(body, now - interruptAt >= 0); // Before it is interrupted.
    String next = interruption.isPresent() ? "; it was interrupted, and goes on" : "";
    if (interruption.isEmpty() && now - interruptAt >= 0) {
      next = "; it is interrupted";
      interruption = Optional.of(new Shortfall.Overran(took, deadline.limit()));
      body.interrupt();
    }
    announcements.accept(
        String.format(
            Locale.ROOT,
            "NoSlabLeak: %s has been running again for %.1f s, and its limit is %.1f s%s%s",
            name,
            took.toMillis() / 1000.0,
            limit.toMillis() / 1000.0,
            next,
            place));
    speakAt = now + SPEAK_EVERY.toNanos();
    if (interruption.isEmpty() && speakAt - interruptAt > 0) {
      speakAt = interruptAt;
    }
  }

  /**
   * Where it stands, down to what runs it. Before its deadline that is told once, as it may only be
   * slow; from then on wherever it has moved.
   */
  private String place(Thread body, boolean overdue) {
    if (!told.isEmpty() && !overdue) {
      return "";
    }
    List<StackTraceElement> place =
        Stream.of(body.getStackTrace())
            .takeWhile(frame -> !frame.getClassName().equals(Watchdog.class.getName()))
            .map(Watchdog::withoutModule)
            .toList();
    if (place.equals(told)) {
      return "";
    }
    told = place;
    return place.stream().map(frame -> "\n    at " + frame).collect(Collectors.joining());
  }

  /** Without its module and its class loader, which make a line long and tell nobody the place. */
  private static StackTraceElement withoutModule(StackTraceElement frame) {
    return new StackTraceElement(
        frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
  }

  /** Ends, and waits until its thread has: nothing of it is there when the test is counted. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
