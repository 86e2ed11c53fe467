package io.github.noslableak.mount;

import io.github.noslableak.kernel.DropCaches;
import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Libc;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.kernel.OwnDirectory;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.proc.Companion;
import io.github.noslableak.proc.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file system of its own at a path of its own, whose unmounting tells whether something still
 * holds a file of it.
 *
 * <p>It has a path, although a mount without one would vanish with this process: only of a path
 * does the kernel say EBUSY, and only a path leads another process there. It is called by the
 * process that made it, {@code <pid>-<its start in clock ticks>-<number>}, so that its {@link
 * Companion} or the next use can tell what a killed process left, and remove it.
 */
public final class PrivateFileSystem implements AutoCloseable {

  private static final Path MOUNTS = OwnDirectory.RUN.resolve("mounts");

  private static final Pattern NAME = Pattern.compile("(\\d{1,10})-(\\d{1,19})-\\d{1,10}");

  /** A directory is mounted on once; should somebody have mounted on it again, that goes too. */
  private static final int MOST_MOUNTS_ON_ONE = 16;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static boolean probed;
  private static Optional<Obstacle> obstacle = Optional.empty();

  private final Path directory;
  private boolean mounted = true;

  private PrivateFileSystem(Path directory) {
    this.directory = directory;
  }

  /** Returns what keeps this process from mounting, after an attempt that the first call makes. */
  public static synchronized Optional<Obstacle> obstacle() {
    if (!probed) {
      obstacle = probe();
      probed = true;
    }
    return obstacle;
  }

  private static Optional<Obstacle> probe() {
    Optional<Obstacle> platform = KernelProfile.obstacleOfPlatform();
    if (platform.isPresent()) {
      return platform;
    }
    // The rights first: without them, the directory is no news.
    int root = Libc.mountDetached("tmpfs");
    if (root < 0) {
      KernelFileException refused =
          new KernelFileException("mount", Path.of("tmpfs"), Libc.lastError());
      return Optional.of(
          new Obstacle(
              String.valueOf(refused.getMessage()), KernelProfile.remedy(refused.errno())));
    }
    int ignored = Libc.close(root);
    try (PrivateFileSystem attempt = mountTmpfs(4096)) {
      return attempt.unmount(Duration.ZERO)
          ? Optional.empty()
          : Optional.of(
              new Obstacle(
                  "an unused mount in " + MOUNTS + " cannot be unmounted (EBUSY)",
                  "see which process looks into every mount that appears"));
    } catch (KernelFileException e) {
      return Optional.of(
          new Obstacle(String.valueOf(e.getMessage()), KernelProfile.remedy(e.errno())));
    } catch (IOException e) {
      return Optional.of(
          new Obstacle(String.valueOf(e.getMessage()), "make " + MOUNTS + " usable"));
    }
  }

  /**
   * Mounts a tmpfs.
   *
   * @param bytes how much it may hold
   */
  public static PrivateFileSystem mountTmpfs(long bytes) throws IOException {
    return mount("noslableak", "tmpfs", "mode=0700,size=" + bytes);
  }

  /**
   * Mounts a new ext4 from a loop device over an image in memory.
   *
   * @param bytes the size of the image
   */
  public static PrivateFileSystem mountExt4(long bytes) throws IOException {
    try (LoopDevice device = LoopDevice.withExt4(bytes)) {
      PrivateFileSystem mounted = mount(device.path().toString(), "ext4", null);
      try {
        Files.delete(mounted.directory.resolve("lost+found")); // The directory is given empty.
        return mounted;
      } catch (IOException e) {
        mounted.close();
        throw e;
      }
    }
  }

  private static PrivateFileSystem mount(String source, String type, @Nullable String options)
      throws IOException {
    OwnDirectory.make(OwnDirectory.RUN);
    OwnDirectory.make(MOUNTS);
    removeLeftovers(MOUNTS);
    Companion.start();
    Path directory =
        MOUNTS.resolve(ProcessId.ofThisJvm().joined('-') + "-" + NUMBERS.getAndIncrement());
    OwnDirectory.make(directory);
    PrivateFileSystem made = new PrivateFileSystem(directory);
    String target = directory.toString();
    // Private: what is mounted on it stays out of other namespaces, and theirs out of it.
    if (Libc.mount(source, target, type, Libc.MS_NOSUID | Libc.MS_NODEV, options) != 0
        || Libc.mount(null, target, null, Libc.MS_PRIVATE, null) != 0) {
      int error = Libc.lastError();
      made.close();
      throw new KernelFileException("mount " + type + " on", directory, error);
    }
    return made;
  }

  /** Returns its root directory. */
  public Path directory() {
    return directory;
  }

  /**
   * Unmounts it, once nothing holds a file of it any more.
   *
   * <p>A file closed last is given back a moment later, by its task or a worker thread. The
   * kernel's own file servers keep files in caches that dropping empties.
   *
   * @param patience how long to try again while it is in use, apart from a closing barrier
   * @return false if it is still in use then
   * @throws KernelFileException if the kernel refuses for another reason
   */
  public boolean unmount(Duration patience) throws KernelFileException {
    long start = System.nanoTime();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      if (attempt()) {
        return true;
      }
      if (System.nanoTime() - start >= patience.toNanos()) {
        break;
      }
      Pause.of(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
    if (patience.isZero()) {
      return false;
    }
    letGo();
    return attempt();
  }

  private boolean attempt() throws KernelFileException {
    if (Libc.umount2(directory.toString(), Libc.UMOUNT_NOFOLLOW) == 0) {
      close();
      return true;
    }
    int error = Libc.lastError();
    if (error == Libc.EINVAL || error == Libc.ENOENT) {
      close();
      return true; // Whoever unmounted it before was let.
    }
    if (error != Libc.EBUSY) {
      throw new KernelFileException("unmount", directory, error);
    }
    return false;
  }

  /** Makes the kernel give back what it only keeps for later or has not got round to. */
  private static void letGo() {
    write(KernelProfile.DROP_CACHES, DropCaches.SILENTLY);
    write(KernelProfile.DROP_CACHES, DropCaches.ALL);
    long ignored = Libc.membarrier(Libc.MEMBARRIER_GLOBAL);
    write(KernelProfile.RCU_BARRIER, "1");
    Pause.of(LONGEST_PAUSE_NANOS);
  }

  private static void write(Path file, String text) {
    try (KernelFile opened = KernelFile.openForWriting(file)) {
      opened.write(text);
    } catch (KernelFileException | UncheckedIOException e) {
      // Not here, or not allowed: then that much less is given back.
    }
  }

  /** Takes the mount out of sight, whoever uses it; it ends with the last of them. */
  @Override
  public void close() {
    if (mounted) {
      mounted = false;
      remove(directory);
    }
  }

  /**
   * Removes the mounts of processes that have died. Nothing in the directory is followed, and what
   * is not called as ours are is left alone.
   */
  static void removeLeftovers(Path mounts) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(mounts)) {
      for (Path entry : entries) {
        if (isLeftover(entry.getFileName().toString())) {
          remove(entry);
        }
      }
    }
  }

  private static boolean isLeftover(String name) {
    Matcher ours = NAME.matcher(name);
    return ours.matches() && !ProcessId.isAlive(ours.group(1), ours.group(2));
  }

  private static void remove(Path directory) {
    for (int i = 0; i < MOST_MOUNTS_ON_ONE; i++) {
      if (Libc.umount2(directory.toString(), Libc.MNT_DETACH | Libc.UMOUNT_NOFOLLOW) != 0) {
        break;
      }
    }
    // As rmdir(2): what is not empty was not made by us, or is still mounted.
    boolean ignored = directory.toFile().delete();
  }
}
