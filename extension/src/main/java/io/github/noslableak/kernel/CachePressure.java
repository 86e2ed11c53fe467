package io.github.noslableak.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Raises /proc/sys/vm/vfs_cache_pressure for the moment of a drop, so that the drop reaches every
 * name.
 *
 * <p>The file systems whose names cost no I/O (proc, sysfs, cgroup) have shrinkers that scan half
 * of what is freeable (mm/shrinker.c, do_shrink_slab with seeks = 0), and half of one is none: a
 * lone name there survives every drop, and goes with the next one looked up beside it. Measured on
 * 6.18: a test that runs mount(8), which reads /proc/filesystems, failed for one dentry. The
 * pressure multiplies what counts as freeable (fs/super.c, super_cache_count).
 *
 * <p>What it raises to is a value that nobody else would set. So a value of ours is never taken for
 * the one that was found, be it another JVM's, in a container with a /run of its own; and what
 * somebody else sets meanwhile is left alone.
 *
 * <p>The value that was found is kept in a file for as long as a measurement holds the machine's
 * lock. What a process leaves that dies in between, its companion restores, or the next one, if
 * ours is still there; without the file, to the kernel's default.
 */
public final class CachePressure implements AutoCloseable {

  public static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");
  static final Path FOUND = OwnDirectory.RUN.resolve("vfs_cache_pressure");

  /** About ten times the default: what is freeable counts tenfold: nothing is rounded away. */
  public static final String RAISED = "1013";

  /** The kernel's, fs/dcache.c: {@code sysctl_vfs_cache_pressure}. */
  public static final String DEFAULT = "100";

  /**
   * What one drop under raised pressure takes at most, of another JVM: seconds, where gigabytes of
   * files are cached. Who takes it for dead too early puts back another value than it found.
   */
  private static final long DROP_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Measurements of this JVM under way, one inside the other: the lock lets no others be. */
  private static int depth;

  private final @Nullable Sysctl setting;
  private final Path foundFile;
  private String found;

  private CachePressure(@Nullable Sysctl setting, String found, Path foundFile) {
    this.setting = setting;
    this.found = found;
    this.foundFile = foundFile;
  }

  /**
   * Restores what a dead process left and remembers today's value. Call it with the machine's lock
   * held.
   *
   * @throws IOException if the value found cannot be kept
   */
  public static CachePressure open() throws IOException {
    return open(SETTING, FOUND);
  }

  static synchronized CachePressure open(Path settingFile, Path foundFile) throws IOException {
    Sysctl setting;
    try {
      setting = Sysctl.open(settingFile);
    } catch (KernelFileException e) {
      // Without it most names are reached all the same.
      return new CachePressure(null, DEFAULT, foundFile);
    }
    try {
      // A measurement inside another finds the outer one's file, and leaves it.
      boolean outermost = depth == 0;
      String found = outermost ? unraised(setting, foundFile) : remembered(setting, foundFile);
      if (outermost) {
        Files.writeString(foundFile, found, StandardCharsets.US_ASCII);
      }
      depth++;
      return new CachePressure(setting, found, foundFile);
    } catch (IOException | RuntimeException e) {
      setting.close();
      throw e;
    }
  }

  /**
   * Returns what somebody else has set, and restores it after a death. What is raised may be so for
   * a moment by a JVM that knows nothing of our lock: so the value is read and looked at in one,
   * for in between it may raise it again.
   */
  private static String unraised(Sysctl setting, Path foundFile) throws IOException {
    long start = System.nanoTime();
    while (true) {
      String now = setting.read();
      if (!now.equals(RAISED)) {
        return now;
      }
      if (System.nanoTime() - start > DROP_NANOS) {
        String left = left(foundFile);
        setting.write(left);
        return left;
      }
      Pause.of(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** The outer measurement keeps what was found, should another JVM have raised it just now. */
  private static String remembered(Sysctl setting, Path foundFile) throws IOException {
    String now = setting.read();
    return now.equals(RAISED) ? left(foundFile) : now;
  }

  private static String left(Path foundFile) throws IOException {
    try {
      String left = Files.readString(foundFile, StandardCharsets.US_ASCII).strip();
      return Sysctl.isNumber(left) && !left.equals(RAISED) ? left : DEFAULT;
    } catch (NoSuchFileException e) {
      return DEFAULT; // It went with the container that it was in.
    }
  }

  /**
   * Runs a drop under raised pressure. What somebody sets between two drops is what is restored,
   * and what somebody sets in the course of one stays.
   */
  public void raisedFor(Runnable drop) {
    Sysctl open = setting;
    if (open == null) {
      drop.run();
      return;
    }
    remember(open);
    open.write(RAISED);
    try {
      drop.run();
    } finally {
      if (isRaised(open)) {
        open.write(found);
      }
    }
  }

  private static boolean isRaised(Sysctl setting) {
    return setting.read().equals(RAISED);
  }

  private void remember(Sysctl open) {
    String now = open.read();
    if (now.equals(RAISED) || now.equals(found)) {
      return; // Raised by a JVM that knows nothing of our lock: it restores it, or we do.
    }
    found = now;
    try {
      Files.writeString(foundFile, now, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (setting != null) {
      setting.close();
      forget(foundFile);
    }
  }

  private static synchronized void forget(Path foundFile) {
    depth--;
    if (depth == 0) {
      // Where it cannot be deleted it does no harm: it holds the value that is in force.
      boolean ignored = foundFile.toFile().delete();
    }
  }
}
