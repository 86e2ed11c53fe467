package io.github.noslableak.kernel;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * A page of memory of which this process knows the content and the frame, that of a file in memory:
 * by it is found where the kernel maps all memory.
 */
public final class KnownPage implements AutoCloseable {

  private static final int BYTES = 4096;
  private static final int WORDS = 8;

  /** The frame's number (Documentation/admin-guide/mm/pagemap.rst); the rest are flags. */
  private static final long FRAME = (1L << 55) - 1;

  private static final long IS_PRESENT = 1L << 63;

  private final int descriptor;
  private final long address;
  private final long[] content;

  private KnownPage(int descriptor, long address) {
    this.descriptor = descriptor;
    this.address = address;
    this.content = new SecureRandom().longs(WORDS).toArray();
    new Pointer(address).write(0, content, 0, WORDS);
  }

  /**
   * Makes one.
   *
   * @throws IOException if the kernel refuses
   */
  public static KnownPage make() throws IOException {
    int descriptor = Libc.memoryFile("noslableak");
    if (descriptor < 0) {
      throw failed("make a file in memory");
    }
    ByteBuffer zeros = ByteBuffer.allocateDirect(BYTES);
    long mapped =
        Libc.pwrite(descriptor, zeros, BYTES, 0) == BYTES ? Libc.mapShared(descriptor, BYTES) : -1;
    if (mapped == -1) {
      IOException failed = failed("map a file in memory");
      int ignored = Libc.close(descriptor);
      throw failed;
    }
    return new KnownPage(descriptor, mapped);
  }

  private static IOException failed(String what) {
    return new IOException("cannot " + what + ": " + Libc.describe(Libc.lastError()));
  }

  /** Returns the descriptor of the file whose only page it is. */
  public int descriptor() {
    return descriptor;
  }

  /**
   * Returns the number of its frame.
   *
   * @throws IOException if the kernel does not tell it, which takes CAP_SYS_ADMIN
   */
  public long frame() throws IOException {
    ByteBuffer entry = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    try (KernelFile map = KernelFile.openForReading(Path.of("/proc/self/pagemap"), Long.BYTES)) {
      int read = map.readAt(entry, address / BYTES * Long.BYTES);
      long said = read == Long.BYTES ? entry.getLong(0) : 0;
      if ((said & IS_PRESENT) == 0 || (said & FRAME) == 0) {
        throw new IOException("the kernel does not tell in which frame a page lies");
      }
      return said & FRAME;
    }
  }

  /** Returns whether what was read is its content. */
  public boolean isContent(ByteBuffer read) {
    for (int i = 0; i < WORDS; i++) {
      if (read.getLong(i * Long.BYTES) != content[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns how many bytes {@link #isContent} compares. */
  public static int bytes() {
    return WORDS * Long.BYTES;
  }

  @Override
  public void close() {
    int ignored = Libc.munmap(address, BYTES);
    ignored = Libc.close(descriptor);
  }
}
