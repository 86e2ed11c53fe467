package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Some of the descriptors that this process may have, kept from a body while it runs: one that took
 * all would else keep its own leak from being counted and told, for every file that is opened for
 * that, classes to load included, takes one.
 *
 * <p>The limit is lowered for that. Descriptors that were open would be kernel objects themselves,
 * and raising it takes a right that root has not everywhere (CAP_SYS_RESOURCE).
 */
public final class SpareDescriptors {

  /** The same number on every processor that is supported here (asm-generic/resource.h). */
  private static final int RLIMIT_NOFILE = 7;

  private static final int SPARE = 64;

  private static final int FEW = 8;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Of a limit that is low already, no more than this part is kept. */
  private static final int SHARE = 8;

  /** Two struct rlimit: the limit, and up to what it may be raised again. */
  private final ByteBuffer found = limits();

  private final ByteBuffer lowered = limits();
  private boolean isKept;

  private static ByteBuffer limits() {
    return ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
  }

  /** Keeps them from whoever opens files from now on; a second call does nothing. */
  public void keep() {
    if (isKept || Libc.getrlimit(RLIMIT_NOFILE, found) != 0) {
      return;
    }
    long limit = found.getLong(0);
    if (limit > 0) { // Without a limit, as an unsigned number the highest, nobody takes all.
      lowered.putLong(0, limit - Math.min(SPARE, limit / SHARE));
      lowered.putLong(8, found.getLong(8));
      isKept = Libc.setrlimit(RLIMIT_NOFILE, lowered) == 0;
    }
  }

  /**
   * Returns whether all others are taken, or nearly all: the JVM itself opens some for a moment. It
   * takes one to know it, so those that are kept must be released.
   */
  public boolean areLastOnes() {
    long limit = lowered.getLong(0);
    if (limit <= 0) {
      return false; // None was kept.
    }
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count() >= limit - FEW;
    } catch (IOException e) {
      return true; // There is none to list them with.
    }
  }

  /** Lets everybody have them. */
  public void release() {
    if (isKept) {
      isKept = Libc.setrlimit(RLIMIT_NOFILE, found) != 0;
    }
  }
}
