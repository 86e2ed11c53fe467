package io.github.noslableak.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** What the frames of memory are used for, from /proc/kpageflags. */
public final class PageFlags implements AutoCloseable {

  /** KPF_SLAB (include/uapi/linux/kernel-page-flags.h); set for each page of a slab. */
  private static final long SLAB = 1 << 7;

  /** KPF_RESERVED (include/linux/kernel-page-flags.h): the kernel's own image, among others. */
  private static final long RESERVED = 1L << 32;

  /** The flags of half a gigabyte of memory. */
  private static final int PIECE = 1 << 20;

  private final KernelFile file;

  private PageFlags(KernelFile file) {
    this.file = file;
  }

  /**
   * Opens the file.
   *
   * @throws KernelFileException if the kernel tells nobody
   */
  public static PageFlags open() throws KernelFileException {
    return new PageFlags(KernelFile.openForReading(Path.of("/proc/kpageflags"), 1));
  }

  /** What is done with frames that are slab. */
  @FunctionalInterface
  public interface Action {

    /**
     * Does it with some that lie side by side.
     *
     * @param frames how many
     * @return whether to go on
     */
    boolean with(long first, int frames);
  }

  /**
   * Passes by those that are slab, in order.
   *
   * @param most how many at a time
   * @param isTime asked now and then whether to go on
   * @return whether all passed by
   * @throws java.io.UncheckedIOException if the kernel refuses
   */
  public boolean forEachSlab(int most, BooleanSupplier isTime, Action action) {
    ByteBuffer piece = buffer(PIECE);
    long frame = 0;
    int read;
    while ((read = file.readAt(piece, frame * Long.BYTES)) >= Long.BYTES) {
      int count = read / Long.BYTES;
      int first = 0;
      while (first < count) {
        int end = first;
        while (end < count && end - first < most && (piece.getLong(end * Long.BYTES) & SLAB) != 0) {
          end++;
        }
        if (end > first && !action.with(frame + first, end - first)) {
          return false;
        }
        first = Math.max(end, first + 1);
      }
      frame += count;
      if (!isTime.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a frame is reserved, such as those of the kernel's variables. */
  public boolean isReserved(long frame) {
    ByteBuffer flags = buffer(Long.BYTES);
    return file.readAt(flags, frame * Long.BYTES) == Long.BYTES
        && (flags.getLong(0) & RESERVED) != 0;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    file.close();
  }
}
