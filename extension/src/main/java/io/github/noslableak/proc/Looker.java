package io.github.noslableak.proc;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks into one process after the other, and waits for none: what /proc tells of a process that is
 * stuck in the kernel, behind a file system whose server does not answer, may not come for ever.
 *
 * <p>Looks are made by a thread of its own, which is left behind where it is stuck, and else ends
 * when this is closed.
 */
public final class Looker implements AutoCloseable {

  /** Behind so many, in all of this JVM, nobody else is asked: each keeps a thread. */
  private static final int MOST_STUCK = 4;

  private static final AtomicInteger STUCK = new AtomicInteger();

  /** Tells a thread that nothing more comes. */
  private static final FutureTask<?> END = new FutureTask<>(() -> {}, null);

  private final Duration longest;
  private Worker worker = new Worker();

  /** One thread; its queue is its own, so that one that is stuck takes nothing from the next. */
  private static final class Worker {

    private final LinkedBlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "noslableak-look");

    Worker() {
      thread.setDaemon(true);
      thread.start();
    }

    private void work() {
      boolean interrupted = false;
      while (true) {
        try {
          FutureTask<?> task = tasks.take();
          if (task == END) {
            break;
          }
          task.run();
        } catch (InterruptedException e) {
          interrupted = true; // Nobody does so: it ends when nothing more comes.
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Makes one.
   *
   * @param longest how long one look may take
   */
  public Looker(Duration longest) {
    this.longest = longest;
  }

  /**
   * Looks.
   *
   * @return what was seen; nothing if it took too long
   * @throws IOException if the look did not succeed, or is not made because too many are stuck
   * @throws RuntimeException what the look throws
   */
  public <T> Optional<T> look(Callable<T> look) throws IOException {
    if (STUCK.get() >= MOST_STUCK) {
      throw new IOException(MOST_STUCK + " looks are stuck");
    }
    FutureTask<T> task = new FutureTask<>(look);
    worker.tasks.add(task);
    boolean interrupted = false;
    try {
      long end = System.nanoTime() + longest.toNanos();
      while (true) {
        try {
          return Optional.of(task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
          interrupted = true; // It is for whoever asked, who goes on.
        }
      }
    } catch (TimeoutException e) {
      abandon();
      return Optional.empty();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failed) {
        throw failed;
      }
      if (cause instanceof Error failed) {
        throw failed;
      }
      throw cause instanceof RuntimeException failed ? failed : new IllegalStateException(cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Should it come through one day, one more may be asked. */
  private void abandon() {
    STUCK.incrementAndGet();
    worker.tasks.add(new FutureTask<>(STUCK::decrementAndGet));
    worker.tasks.add(END);
    worker = new Worker();
  }

  /** Ends its thread, and waits for that: it would be found among what lives. */
  @Override
  public void close() {
    worker.tasks.add(END);
    try {
      worker.thread.join(longest.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
