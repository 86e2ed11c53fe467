package io.github.noslableak.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernel's memory by /proc/kcore, which shows it as a core file (fs/proc/kcore.c): an ELF
 * header, and a segment for each stretch of addresses. It needs root, CONFIG_PROC_KCORE, and a
 * kernel that is not locked down.
 */
final class CoreMemory implements KernelMemory {

  private static final Path CORE = Path.of("/proc/kcore");
  private static final Path SYMBOLS = Path.of("/proc/kallsyms");

  private static final String FIRST_TASK = " init_task";

  /** Of the header of a file, and of a segment, for 64 bits (elf(5)). */
  private static final int HEADER = 64;

  private static final int SEGMENT = 56;
  private static final int LOADED = 1;

  /** A kernel has about ten; a file with very many is none of ours. */
  private static final int MOST_SEGMENTS = 1024;

  /**
   * A stretch of addresses.
   *
   * @param offset where it is in the file
   */
  record Segment(long start, long bytes, long offset) {

    /** Addresses of a kernel are the highest: as numbers with a sign they may be negative. */
    boolean holds(long address, int count) {
      return Long.compareUnsigned(address, start) >= 0
          && Long.compareUnsigned(address - start, bytes) < 0
          && bytes - (address - start) >= count;
    }
  }

  private final int descriptor;
  private final List<Segment> segments;
  private final OptionalLong firstTask;
  private final ByteBuffer buffer = buffer(MOST_BYTES);
  private boolean closed;

  private CoreMemory(int descriptor, List<Segment> segments, OptionalLong firstTask) {
    this.descriptor = descriptor;
    this.segments = segments;
    this.firstTask = firstTask;
  }

  static CoreMemory open() throws IOException {
    int descriptor = Libc.open(CORE.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new IOException(CORE + " cannot be read (" + Libc.describe(Libc.lastError()) + ")");
    }
    try {
      return new CoreMemory(descriptor, segments(descriptor), firstTaskOfSymbols());
    } catch (IOException e) {
      int ignored = Libc.close(descriptor);
      throw e;
    }
  }

  private static List<Segment> segments(int descriptor) throws IOException {
    ByteBuffer header = read(descriptor, 0, HEADER);
    int count = Short.toUnsignedInt(header.getShort(56));
    boolean known =
        header.getInt(0) == magic()
            && header.get(4) == 2 // 64 bits
            && Short.toUnsignedInt(header.getShort(54)) == SEGMENT
            && count <= MOST_SEGMENTS;
    if (!known) {
      throw new IOException(CORE + " is no core file of 64 bits");
    }
    return parse(read(descriptor, header.getLong(32), count * SEGMENT));
  }

  private static int magic() {
    return ByteBuffer.wrap(new byte[] {0x7f, 'E', 'L', 'F'})
        .order(ByteOrder.nativeOrder())
        .getInt(0);
  }

  /** Returns the segments of addresses; there is one of notes too. */
  static List<Segment> parse(ByteBuffer headers) {
    List<Segment> segments = new ArrayList<>();
    for (int at = 0; at + SEGMENT <= headers.limit(); at += SEGMENT) {
      if (headers.getInt(at) == LOADED) {
        segments.add(
            new Segment(
                headers.getLong(at + 16), headers.getLong(at + 40), headers.getLong(at + 8)));
      }
    }
    return segments;
  }

  private static OptionalLong firstTaskOfSymbols() throws IOException {
    try (BufferedReader symbols = Files.newBufferedReader(SYMBOLS)) {
      return symbols
          .lines()
          .filter(line -> line.endsWith(FIRST_TASK))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16))
          .filter(address -> address != 0) // Hidden from those without rights.
          .findFirst();
    }
  }

  private static ByteBuffer read(int descriptor, long offset, int bytes) throws IOException {
    ByteBuffer read = buffer(bytes);
    if (Libc.pread(descriptor, read, bytes, offset) != bytes) {
      throw new IOException(CORE + " is shorter than its header");
    }
    return read;
  }

  @Override
  public Optional<ByteBuffer> read(long address, int bytes) {
    KernelMemory.check(bytes, closed);
    return segments.stream()
        .filter(segment -> segment.holds(address, bytes))
        .findFirst()
        .filter(
            segment ->
                Libc.pread(
                        descriptor,
                        buffer.clear(),
                        bytes,
                        segment.offset() + (address - segment.start()))
                    == bytes)
        .map(segment -> buffer.slice(0, bytes).order(ByteOrder.nativeOrder()));
  }

  @Override
  public OptionalLong currentTask() {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong firstTask() {
    return firstTask;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int ignored = Libc.close(descriptor);
    }
  }
}
