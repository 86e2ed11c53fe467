package io.github.noslableak.kernel;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A descriptor of a file under /proc or /sys that stays open from before the first measurement.
 *
 * <p>Opening such a file allocates dentries and inodes, so a reader that reopens disturbs what it
 * measures; reading an open one at offset 0 does not.
 */
public final class KernelFile implements AutoCloseable {

  private static final int CHUNK = 16 * 1024;

  private final Path path;
  private final int descriptor;
  private ByteBuffer buffer;

  private KernelFile(Path path, int descriptor, int capacity) {
    this.path = path;
    this.descriptor = descriptor;
    this.buffer = ByteBuffer.allocateDirect(capacity);
  }

  /**
   * Opens a file to be read.
   *
   * @param capacity how many bytes to reserve for its content; more are when it is longer
   * @throws KernelFileException if it cannot be opened
   */
  public static KernelFile openForReading(Path path, int capacity) throws KernelFileException {
    return open(path, Libc.O_RDONLY, capacity);
  }

  /**
   * Opens a file whose reading takes out what was read, such as a tracing pipe, and never waits.
   *
   * @throws KernelFileException if it cannot be opened
   * @see #readNext
   */
  public static KernelFile openPipe(Path path) throws KernelFileException {
    return open(path, Libc.O_RDONLY | Libc.O_NONBLOCK, 1);
  }

  /**
   * Opens a file to be written.
   *
   * @throws KernelFileException if it cannot be opened
   */
  public static KernelFile openForWriting(Path path) throws KernelFileException {
    return open(path, Libc.O_WRONLY, 16);
  }

  /** Opens a name alone, so that its dentry and inode stay for as long as it is open. */
  static KernelFile pin(Path path) throws KernelFileException {
    return open(path, Libc.O_PATH, 1);
  }

  private static KernelFile open(Path path, int access, int capacity) throws KernelFileException {
    int descriptor = Libc.open(path.toString(), access | Libc.O_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new KernelFileException(
          access == Libc.O_WRONLY ? "write" : "read", path, Libc.lastError());
    }
    return new KernelFile(path, descriptor, capacity);
  }

  /**
   * Reads the whole file from its start.
   *
   * @return the content, valid until the next read of this file
   * @throws UncheckedIOException if the kernel refuses
   */
  public ByteBuffer read() {
    buffer.clear();
    while (true) {
      if (!buffer.hasRemaining()) {
        grow();
      }
      // A seq_file gives at most one page a call: read until it says there is no more.
      long count = pread(buffer.slice(), buffer.remaining(), buffer.position());
      if (count == 0) {
        return buffer.flip();
      }
      buffer.position(buffer.position() + (int) count);
    }
  }

  /**
   * Reads the start of a file that is known to be short, in one call.
   *
   * @return the content, valid until the next read of this file
   * @throws UncheckedIOException if the kernel refuses
   */
  public ByteBuffer readOnce() {
    buffer.clear();
    long count = pread(buffer, buffer.capacity(), 0);
    return buffer.limit((int) count);
  }

  /**
   * Reads one part of the file into a buffer that it fills from the start.
   *
   * @param offset where the part starts, in bytes
   * @return how many bytes were read; 0 at the end of the file
   * @throws UncheckedIOException if the kernel refuses
   */
  public int readAt(ByteBuffer into, long offset) {
    into.clear();
    int count = (int) pread(into, into.capacity(), offset);
    into.limit(count);
    return count;
  }

  /**
   * Takes what comes next out of a pipe, into a buffer that it fills from the start.
   *
   * @return how many bytes were read; 0 if there is nothing now
   * @throws UncheckedIOException if the kernel refuses
   */
  public int readNext(ByteBuffer into) {
    into.clear();
    long count;
    do {
      count = Libc.read(descriptor, into, into.capacity());
    } while (count < 0 && Libc.lastError() == Libc.EINTR);
    if (count < 0 && Libc.lastError() != Libc.EAGAIN) {
      throw failed("read");
    }
    into.limit(Math.max(0, (int) count));
    return into.limit();
  }

  /** Reads the whole file from its start, as text. */
  public String readText() {
    return StandardCharsets.UTF_8.decode(read()).toString();
  }

  /**
   * Writes a short text to the start of the file.
   *
   * @throws UncheckedIOException if the kernel refuses
   */
  public void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > buffer.capacity()) {
      buffer = ByteBuffer.allocateDirect(bytes.length);
    }
    buffer.clear();
    buffer.put(bytes).flip();
    long count;
    do {
      count = Libc.pwrite(descriptor, buffer, buffer.limit(), 0);
    } while (count < 0 && Libc.lastError() == Libc.EINTR);
    if (count != buffer.limit()) {
      throw failed("write");
    }
  }

  private long pread(ByteBuffer into, long length, long offset) {
    long count;
    do {
      count = Libc.pread(descriptor, into, length, offset);
    } while (count < 0 && Libc.lastError() == Libc.EINTR);
    if (count < 0) {
      throw failed("read");
    }
    return count;
  }

  private UncheckedIOException failed(String verb) {
    return new UncheckedIOException(new KernelFileException(verb, path, Libc.lastError()));
  }

  private void grow() {
    buffer = ByteBuffer.allocateDirect(Math.max(CHUNK, buffer.capacity() * 2)).put(buffer.flip());
  }

  @Override
  public void close() {
    int ignored = Libc.close(descriptor);
  }
}
