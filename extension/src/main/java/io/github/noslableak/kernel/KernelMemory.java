package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads memory of the running kernel, and never writes to it: by a BPF program where the kernel
 * allows one (since 5.14), else by /proc/kcore where there is one.
 *
 * <p>Opening it allocates in the kernel, so only when everything is counted. Not for several
 * threads at once.
 */
public interface KernelMemory extends AutoCloseable {

  /** The most bytes of one read. */
  int MOST_BYTES = 64 * 1024;

  /**
   * Opens it.
   *
   * @throws IOException if this kernel lets its memory be read in neither way, with the reasons
   */
  static KernelMemory open() throws IOException {
    try {
      return ProgramMemory.open();
    } catch (IOException e) {
      try {
        return CoreMemory.open();
      } catch (IOException core) {
        throw new IOException(e.getMessage() + ", and " + core.getMessage(), core);
      }
    }
  }

  /**
   * Opens /proc/kcore, also where a program may read.
   *
   * @throws IOException if there is none, or it may not be read
   */
  static KernelMemory ofCore() throws IOException {
    return CoreMemory.open();
  }

  /**
   * Reads.
   *
   * @param bytes how many, from 1 to {@link #MOST_BYTES}
   * @return them, in this machine's order and valid until the next read; empty where not all of
   *     them are mapped. /proc/kcore says zeros for some that are not
   */
  Optional<ByteBuffer> read(long address, int bytes);

  /** Returns where the task of this very thread lies, where that is told. */
  OptionalLong currentTask();

  /** Returns where the kernel's first task lies, from which lists lead to all others. */
  OptionalLong firstTask();

  /** Closes it. A second call does nothing. */
  @Override
  void close();

  /** Refuses what no reader can do. */
  static void check(int bytes, boolean closed) {
    if (closed || bytes <= 0 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          bytes + " bytes" + (closed ? " of one that is closed" : ""));
    }
  }
}
