package io.github.noslableak.examples.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Memory of a fixed size that processes share by name, as shm_open(3) makes it: a file in /dev/shm.
 *
 * <p>It is read and written, not mapped: a mapped buffer would keep the memory until it is
 * garbage-collected.
 */
public final class SharedSegment implements AutoCloseable {

  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final Path file;
  private final FileChannel channel;
  private final boolean owner;
  private final Mistakes mistakes;

  private SharedSegment(Path file, FileChannel channel, boolean owner, Mistakes mistakes) {
    this.file = file;
    this.channel = channel;
    this.owner = owner;
    this.mistakes = mistakes;
  }

  /**
   * Makes a segment full of zeros, which is deleted when closed.
   *
   * @param bytes its size, 1 or more
   * @throws FileAlreadyExistsException if there is one of this name
   */
  public static SharedSegment create(String name, long bytes) throws IOException {
    return create(name, bytes, Mistakes.none());
  }

  static SharedSegment create(String name, long bytes, Mistakes mistakes) throws IOException {
    Path file = file(name);
    if (bytes < 1) {
      throw new IllegalArgumentException("a segment of " + bytes + " bytes");
    }
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      channel.write(ByteBuffer.allocate(1), bytes - 1);
      return new SharedSegment(file, channel, true, mistakes);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.delete(file);
      throw e;
    }
  }

  /** Opens a segment that another has made, and which stays when this is closed. */
  public static SharedSegment open(String name) throws IOException {
    Path file = file(name);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new SharedSegment(file, channel, false, Mistakes.none());
  }

  private static Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of a segment: \"" + name + "\"");
    }
    return DIRECTORY.resolve(name);
  }

  /**
   * Writes at an offset.
   *
   * @throws IndexOutOfBoundsException if that would be beyond the end
   */
  public void write(long offset, byte[] bytes) throws IOException {
    checkBounds(offset, bytes.length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, offset + buffer.position());
    }
  }

  /**
   * Reads from an offset.
   *
   * @throws IndexOutOfBoundsException if that would be beyond the end
   */
  public byte[] read(long offset, int length) throws IOException {
    checkBounds(offset, length);
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException(file + " has shrunk");
      }
    }
    return buffer.array();
  }

  private void checkBounds(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > channel.size() - length) {
      throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of " + channel.size());
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      if (owner) {
        mistakes.unless(Mistake.SEGMENT_LEFT_BEHIND, () -> Files.deleteIfExists(file));
      }
    }
  }
}
