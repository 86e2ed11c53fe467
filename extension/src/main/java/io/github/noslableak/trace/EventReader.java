package io.github.noslableak.trace;

import io.github.noslableak.kernel.KernelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that enters what an instance of tracing records into its books as it comes, until it is
 * closed or the JVM ends. Nothing is entered while something is asked.
 */
public final class EventReader implements AutoCloseable {

  private static final long ROUND_NANOS = 10_000_000;

  /** An event is read only when it has been written; other processors' later ones wait for it. */
  private static final long SLACK_NANOS = 2_000_000;

  private final TraceInstance instance;
  private final Runnable release;
  private final EventStream stream;
  private final Thread thread;
  private volatile boolean closing;
  private long lostBefore;
  private @Nullable RuntimeException failure;
  private boolean closed;

  /**
   * Makes a reader that does not read yet.
   *
   * @param name the name of its thread
   * @param release removes from the kernel what is read from; called once
   */
  public EventReader(
      String name,
      TraceInstance instance,
      PageLayout layout,
      EventStream.Receiver books,
      Marks marks,
      Runnable release) {
    this.instance = instance;
    this.release = release;
    List<EventStream.Source> sources = new ArrayList<>();
    for (KernelFile pipe : instance.pipes()) {
      sources.add(pipe::readNext);
    }
    this.stream = new EventStream(layout, ByteOrder.nativeOrder(), sources, books, marks);
    this.thread = new Thread(this::read, name);
    thread.setDaemon(true);
  }

  /** From here on the end of the JVM closes it. */
  public void willStart() {
    lostBefore = instance.lost();
    JvmEnd.closes(this);
  }

  public void start() {
    thread.start();
  }

  /**
   * Enters all that was recorded until now, and asks.
   *
   * @throws IllegalStateException if it is closed
   * @throws RuntimeException if the recorded could not be entered, now or before
   */
  public <T> T ask(Supplier<T> question) {
    long now = System.nanoTime();
    LockSupport.parkNanos(SLACK_NANOS);
    return calmly(
        () -> {
          play(now);
          if (failure != null) {
            throw failure;
          }
          return question.get();
        });
  }

  /**
   * Does something while nothing is entered, and then enters what was recorded until each of the
   * times that it noted.
   *
   * @param work returns times by {@link System#nanoTime()}, in their order
   * @param at told of each time, by its number, what was recorded until then being entered
   * @throws IllegalStateException if it is closed
   * @throws RuntimeException if the recorded could not be entered, now or before
   */
  public synchronized void beside(Supplier<long[]> work, IntConsumer at) {
    long[] times = calmly(work);
    LockSupport.parkNanos(SLACK_NANOS);
    for (int i = 0; i < times.length; i++) {
      play(times[i]);
      if (failure != null) {
        throw failure;
      }
      at.accept(i);
    }
  }

  /**
   * Does something while nothing is entered.
   *
   * @throws IllegalStateException if it is closed
   */
  public synchronized <T> T calmly(Supplier<T> work) {
    if (closed) {
      throw new IllegalStateException("this ledger is closed");
    }
    return work.get();
  }

  /** Returns how many events were lost, or came too late to be in order. */
  public long lost() {
    return Math.max(instance.lost() - lostBefore, stream.gaps()) + stream.late();
  }

  private void play(long until) {
    if (failure == null) {
      try {
        stream.playUntil(until);
      } catch (RuntimeException e) {
        failure = e;
      } catch (OutOfMemoryError e) {
        // What was being entered then is entered in part: nothing follows from these books.
        failure = new UncheckedIOException(new IOException("no memory is left for events", e));
      }
    }
  }

  private void read() {
    while (!closing) {
      synchronized (this) {
        if (closed) {
          return;
        }
        play(System.nanoTime() - SLACK_NANOS);
      }
      LockSupport.parkNanos(ROUND_NANOS);
    }
  }

  /** Stops and releases. A second call does nothing. */
  @Override
  public void close() {
    closing = true;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      release.run();
      JvmEnd.forget(this);
    }
    LockSupport.unpark(thread);
  }
}
