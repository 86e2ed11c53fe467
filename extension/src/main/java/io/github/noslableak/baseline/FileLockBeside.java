package io.github.noslableak.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock between JVMs on a hidden file beside the one that is changed. The kernel releases it when
 * its holder dies; its file is removed when it is given back.
 */
final class FileLockBeside implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final int LARGEST_MARK = 1 << 20;

  /** Within a JVM a file lock excludes nobody, and closing any channel of the file releases it. */
  private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final FileChannel channel;

  private FileLockBeside(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file the file that is to be changed
   * @throws BaselineFileException if another process keeps it for half a minute
   */
  static FileLockBeside of(Path file) throws IOException {
    Path lock = file.resolveSibling("." + file.toFile().getName() + ".lock");
    long start = System.nanoTime();
    boolean taken = false;
    IN_THIS_JVM.lock();
    try {
      while (true) {
        FileChannel channel =
            FileChannel.open(
                lock,
                Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
          if (tryLock(channel) && isStill(lock, channel)) {
            taken = true;
            return new FileLockBeside(lock, channel);
          }
        } finally {
          if (!taken) {
            channel.close();
          }
        }
        if (System.nanoTime() - start > TIMEOUT.toNanos()) {
          throw new BaselineFileException(
              file + " is locked by another process for more than " + TIMEOUT.toSeconds() + " s");
        }
        sleep();
      }
    } finally {
      if (!taken) {
        IN_THIS_JVM.unlock();
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // Another class loader of this JVM holds it.
    }
  }

  /**
   * Returns whether the name still leads to the file that is locked: its last holder may have
   * removed it after we opened it. Opening it a second time would release the lock, so the file is
   * given a random size, which shows without.
   */
  private static boolean isStill(Path lock, FileChannel channel) throws IOException {
    int mark = 1 + RANDOM.nextInt(LARGEST_MARK);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(new byte[1]), mark - 1L);
    try {
      return Files.size(lock) == mark;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void sleep() {
    boolean interrupted = Thread.interrupted();
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      IN_THIS_JVM.unlock();
    }
  }
}
