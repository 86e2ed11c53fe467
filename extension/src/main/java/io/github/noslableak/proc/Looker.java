package io.github.noslableak.proc;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks into one process after the other, and waits for none: what /proc tells of a process that is
 * stuck in the kernel, behind a file system whose server does not answer, may not come for ever.
 *
 * <p>Each look is made by a thread of its own kind, which is left behind where it is stuck, and
 * else ends when this is closed.
 */
public final class Looker implements AutoCloseable {

  /** A look at one process takes a millisecond, and a hundred where it holds very much. */
  private static final Duration LONGEST = Duration.ofMillis(300);

  /** Behind so many, nobody else is asked: each takes a thread that does not end. */
  private static final int MOST_STUCK = 4;

  private final Duration longest;
  private ExecutorService thread = thread();
  private int stuck;

  public Looker() {
    this(LONGEST);
  }

  Looker(Duration longest) {
    this.longest = longest;
  }

  private static ExecutorService thread() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread looks = new Thread(task, "noslableak-look");
          looks.setDaemon(true);
          return looks;
        });
  }

  /**
   * Looks.
   *
   * @return what was seen; nothing if it took too long
   * @throws IOException if the look did not succeed
   */
  public <T> Optional<T> look(Callable<T> look) throws IOException {
    if (stuck == MOST_STUCK) {
      return Optional.empty();
    }
    Future<T> seen = thread.submit(look);
    boolean interrupted = false;
    try {
      long end = System.nanoTime() + longest.toNanos();
      while (true) {
        try {
          return Optional.of(seen.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
          interrupted = true; // It is for whoever asked, who goes on.
        }
      }
    } catch (TimeoutException e) {
      stuck++;
      thread.shutdownNow();
      thread = thread();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends its thread, and waits for that: it would be found among what lives. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean ignored = thread.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
