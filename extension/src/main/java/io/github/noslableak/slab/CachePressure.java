package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.OwnDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * <p>The value that was found is kept in a file for as long as a measurement holds the machine's
 * lock. A process that dies in between leaves the file, and the next one restores the value, if it
 * is still ours.
 */
final class CachePressure implements AutoCloseable {

  static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");
  static final Path FOUND = OwnDirectory.RUN.resolve("vfs_cache_pressure");

  /** Ten times the default: what is freeable counts tenfold, so that nothing is rounded away. */
  private static final String RAISED = "1000";

  /** Measurements of this JVM under way, one inside the other: the lock lets no others be. */
  private static int depth;

  private final @Nullable KernelFile setting;
  private final String found;
  private final Path foundFile;

  private CachePressure(@Nullable KernelFile setting, String found, Path foundFile) {
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
  static CachePressure open() throws IOException {
    return open(SETTING, FOUND);
  }

  static synchronized CachePressure open(Path settingFile, Path foundFile) throws IOException {
    KernelFile setting;
    try {
      setting = KernelFile.openForWriting(settingFile);
    } catch (KernelFileException e) {
      return new CachePressure(
          null, "", foundFile); // Without it most names are reached all the same.
    }
    try {
      // A measurement inside another finds the outer one's file, and leaves it.
      boolean outermost = depth == 0;
      if (outermost) {
        restoreAfterDeath(settingFile, foundFile, setting);
      }
      String found = read(settingFile);
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

  private static void restoreAfterDeath(Path settingFile, Path foundFile, KernelFile setting)
      throws IOException {
    String left;
    try {
      left = Files.readString(foundFile, StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException e) {
      return;
    }
    if (read(settingFile).equals(RAISED) && left.matches("\\d{1,9}")) {
      setting.write(left);
    }
  }

  /**
   * Reads in one call. Java's own readers ask for one byte first where a file says that it is
   * empty, and a sysctl gives that one digit and then no more: 1 for 100.
   */
  private static String read(Path settingFile) throws IOException {
    try (KernelFile file = KernelFile.openForReading(settingFile, 64)) {
      String value = file.readText().strip();
      if (!value.matches("\\d{1,9}")) {
        throw new IOException(settingFile + " holds \"" + value + "\", which is no number");
      }
      return value;
    }
  }

  /** Runs a drop under raised pressure. */
  void raisedFor(Runnable drop) {
    KernelFile open = setting;
    if (open == null) {
      drop.run();
      return;
    }
    open.write(RAISED);
    try {
      drop.run();
    } finally {
      open.write(found);
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
