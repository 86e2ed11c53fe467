package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets one measurement run at a time on this machine: the counters are the machine's, so another
 * JVM's test (a Surefire fork, a second build) would be counted as growth.
 *
 * <p>Between JVMs it is a lock on a file that the kernel releases when its holder dies; within one
 * JVM it belongs to a thread, whose measurements may nest.
 */
public final class MachineLock implements AutoCloseable {

  static final Path DEFAULT_FILE = OwnDirectory.RUN.resolve("lock");

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration ANNOUNCE_AFTER = Duration.ofSeconds(1);
  private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(10);

  private static final Object MONITOR = new Object();
  private static @Nullable Thread owner;
  private static int depth;
  private static @Nullable FileChannel channel;

  private boolean released;

  private MachineLock() {}

  /**
   * Takes the lock.
   *
   * @param timeout how long to wait at most
   * @param announcements called once a second has passed and every ten seconds from then on
   * @throws LockTimeoutException if another measurement still runs when the time is over
   * @throws IOException if the lock file cannot be made or is not safe to use
   */
  public static MachineLock acquire(Duration timeout, Consumer<String> announcements)
      throws IOException {
    return acquire(DEFAULT_FILE, timeout, announcements);
  }

  static MachineLock acquire(Path file, Duration timeout, Consumer<String> announcements)
      throws IOException {
    long start = System.nanoTime();
    Duration announceAt = ANNOUNCE_AFTER;
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        String holder = attempt(file);
        if (holder == null) {
          return new MachineLock();
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(timeout) >= 0) {
          throw new LockTimeoutException(holder, waited);
        }
        if (waited.compareTo(announceAt) >= 0) {
          announcements.accept(
              "NoSlabLeak waits for %s which measures on this machine; %d of at most %d s"
                  .formatted(holder, waited.toSeconds(), timeout.toSeconds()));
          announceAt = announceAt.plus(ANNOUNCE_EVERY);
        }
        interrupted |= sleep();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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

  /** Returns null if the lock was taken, and else who holds it. */
  private static @Nullable String attempt(Path file) throws IOException {
    synchronized (MONITOR) {
      if (owner == Thread.currentThread()) {
        depth++;
        return null;
      }
      if (owner != null) {
        return "thread " + owner.getName() + " of this JVM";
      }
      FileChannel opened = open(file);
      try {
        FileLock lock = tryLock(opened);
        if (lock == null) {
          String holder = holder(opened);
          opened.close();
          return holder;
        }
        opened.truncate(0);
        opened.write(
            ByteBuffer.wrap(
                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      channel = opened;
      owner = Thread.currentThread();
      depth = 1;
      return null;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel opened) throws IOException {
    try {
      return opened.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Another class loader of this JVM holds it.
    }
  }

  private static String holder(FileChannel opened) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(20);
    opened.read(content, 0);
    String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    if (!pid.matches("\\d{1,18}")) {
      return "another process";
    }
    return "process "
        + pid
        + ProcessHandle.of(Long.parseLong(pid))
            .flatMap(process -> process.info().startInstant())
            .map(start -> ", running since " + start.truncatedTo(ChronoUnit.SECONDS) + ",")
            .orElse("");
  }

  private static FileChannel open(Path file) throws IOException {
    OwnDirectory.make(Objects.requireNonNull(file.toAbsolutePath().getParent(), "no directory"));
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
      if (released) {
        return;
      }
      released = true;
      if (--depth == 0) {
        owner = null;
        FileChannel held = channel;
        channel = null;
        if (held != null) {
          held.close();
        }
      }
    }
  }
}
