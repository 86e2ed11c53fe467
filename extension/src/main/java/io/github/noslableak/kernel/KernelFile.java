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
final class KernelFile implements AutoCloseable {

  private static final int CHUNK = 16 * 1024;

  private final Path path;
  private final int descriptor;
  private ByteBuffer buffer;

  private KernelFile(Path path, int descriptor, int capacity) {
    this.path = path;
    this.descriptor = descriptor;
    this.buffer = ByteBuffer.allocateDirect(capacity);
  }

  static KernelFile openForReading(Path path, int capacity) throws KernelFileException {
    return open(path, Libc.O_RDONLY, capacity);
  }

  static KernelFile openForWriting(Path path) throws KernelFileException {
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
  ByteBuffer read() {
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
  ByteBuffer readOnce() {
    buffer.clear();
    long count = pread(buffer, buffer.capacity(), 0);
    return buffer.limit((int) count);
  }

  String readText() {
    return StandardCharsets.UTF_8.decode(read()).toString();
  }

  void write(String text) {
    buffer.clear();
    buffer.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
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
