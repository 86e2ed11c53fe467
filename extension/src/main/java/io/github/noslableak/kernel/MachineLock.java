package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets one measurement run at a time on this machine: the counters are the machine's, so another
 * JVM's test (a Surefire fork, a second build) would be counted as growth.
 *
 * <p>Between JVMs it is a lock on a file that the kernel releases when its holder dies, and who
 * comes first is served first; within one JVM it belongs to a thread, whose measurements may nest.
 */
public final class MachineLock implements AutoCloseable {

  static final Path DEFAULT_FILE = OwnDirectory.RUN.resolve("lock");

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration ANNOUNCE_AFTER = Duration.ofSeconds(1);
  private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(10);

  private static final Object MONITOR = new Object();
  private static @Nullable Held held;

  /** Who held it for as long as was waited: to wait for the same one again is in vain. */
  private static @Nullable LockHolder gaveUpOn;

  private boolean released;

  /** The lock while a thread of this JVM has it. */
  private static final class Held {

    private final Thread thread;
    private final Measurer measurer;
    private final FileChannel file;
    private int depth = 1;

    private Held(Thread thread, Measurer measurer, FileChannel file) {
      this.thread = thread;
      this.measurer = measurer;
      this.file = file;
    }
  }

  private MachineLock() {}

  /**
   * Takes the lock.
   *
   * @param measurer who wants it
   * @param timeout how long to wait at most
   * @param announcements called once a second has passed and every ten seconds from then on
   * @throws LockTimeoutException if others still measure when the time is over, or the very one
   *     measures for whom this JVM has waited in vain already
   * @throws LockedFromWithinException if it would be waited for in vain
   * @throws IOException if the lock file cannot be made or is not safe to use
   */
  public static MachineLock acquire(
      Measurer measurer, Duration timeout, Consumer<String> announcements) throws IOException {
    return acquire(DEFAULT_FILE, measurer, timeout, announcements);
  }

  static MachineLock acquire(
      Path file, Measurer measurer, Duration timeout, Consumer<String> announcements)
      throws IOException {
    long start = System.nanoTime();
    Duration announceAt = ANNOUNCE_AFTER;
    OwnDirectory.make(Objects.requireNonNull(file.toAbsolutePath().getParent(), "no directory"));
    LockQueue queue = LockQueue.of(file.resolveSibling(file.getFileName() + ".queue"));
    boolean interrupted = Thread.interrupted();
    try {
      while (!attempt(file, queue, measurer)) {
        queue.enter();
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(timeout) >= 0) {
          giveUp(file);
          throw new LockTimeoutException(holder(file), waited);
        }
        if (waited.compareTo(ANNOUNCE_AFTER) >= 0 && hasGivenUp(file)) {
          throw LockTimeoutException.again(holder(file));
        }
        if (waited.compareTo(announceAt) >= 0) {
          announcements.accept(
              "NoSlabLeak waits for %s; %d of at most %d s"
                  .formatted(holder(file), waited.toSeconds(), timeout.toSeconds()));
          announceAt = announceAt.plus(ANNOUNCE_EVERY);
        }
        interrupted |= sleep();
      }
      return new MachineLock();
    } finally {
      queue.leave();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void giveUp(Path file) throws IOException {
    Optional<LockHolder> other = otherHolder(file);
    synchronized (MONITOR) {
      gaveUpOn = other.orElse(null);
    }
  }

  private static boolean hasGivenUp(Path file) throws IOException {
    synchronized (MONITOR) {
      return gaveUpOn != null && otherHolder(file).filter(gaveUpOn::equals).isPresent();
    }
  }

  private static boolean sleep() {
    try {
      Thread.sleep(POLL.toMillis());
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Returns whether the lock was taken. */
  private static boolean attempt(Path file, LockQueue queue, Measurer measurer) throws IOException {
    synchronized (MONITOR) {
      Held now = held;
      if (now == null) {
        return queue.ahead() == 0 && attempt(file, measurer);
      }
      if (now.thread == Thread.currentThread()) {
        now.depth++;
        return true;
      }
      if (now.measurer.alone()) {
        throw new LockedFromWithinException(now.measurer, now.thread);
      }
      return false;
    }
  }

  private static boolean attempt(Path file, Measurer measurer) throws IOException {
    FileChannel opened = openOwn(file);
    try {
      if (!tryLock(opened)) {
        opened.close();
        return false;
      }
      LockHolder.now(measurer).write(opened);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    held = new Held(Thread.currentThread(), measurer, opened);
    return true;
  }

  private static boolean tryLock(FileChannel opened) throws IOException {
    try {
      return opened.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // Another class loader of this JVM holds it.
    }
  }

  private static String holder(Path file) throws IOException {
    synchronized (MONITOR) {
      Held now = held;
      if (now != null) {
        return now.measurer.name() + " on thread " + now.thread.getName() + " of this JVM";
      }
    }
    return otherHolder(file)
        .map(known -> known.described(ZoneId.systemDefault()))
        .orElse("another process");
  }

  /** Returns what measures in another JVM, as far as that is told. */
  private static Optional<LockHolder> otherHolder(Path file) throws IOException {
    try (FileChannel opened = openOwn(file)) {
      return LockHolder.read(opened).filter(LockHolder::isAnotherProcess);
    }
  }

  /** Opens a file that only this user may use, and makes it where it is not there yet. */
  static FileChannel openOwn(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Gives the lock back. Any thread may do so; a second call does nothing. */
  @Override
  public void close() throws IOException {
    synchronized (MONITOR) {
      Held now = held;
      if (released || now == null) {
        return;
      }
      released = true;
      if (--now.depth == 0) {
        held = null;
        try (FileChannel file = now.file) {
          file.truncate(0); // Who comes next is not told of who has gone.
        }
      }
    }
  }
}
