package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import io.github.noslableak.kernel.KnownPage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where the kernel maps all memory, and the descriptors of its pages. Neither has a symbol that all
 * kernels tell, and both are moved at boot; so they are found by a page that is known.
 *
 * @param map where physical address 0 is, or would be
 * @param descriptors where the descriptor of frame 0 is, or would be
 * @param descriptorBytes how long one is
 */
record PhysicalMemory(long map, long descriptors, int descriptorBytes) {

  /** As long as a frame on the processors that are supported here, but for some of ARM's. */
  static final int FRAME_BYTES = 4096;

  /** The map begins at a multiple of it (arch/x86/mm/kaslr.c: PUD_SIZE). */
  private static final long STEP = 1L << 30;

  /** Memory of 64 TiB has no more steps; each takes some microseconds. */
  private static final int MOST_STEPS = 1 << 16;

  /** Set in an entry of an xarray that is no pointer (include/linux/xarray.h). */
  private static final long NO_POINTER = 3;

  /**
   * Finds it.
   *
   * @param object where some object lies in the map
   * @throws IOException if it cannot be found
   */
  static PhysicalMemory find(KernelMemory memory, Fields fields, long object) throws IOException {
    try (KnownPage page = KnownPage.make()) {
      long frame = page.frame();
      long map = map(memory, page, frame, object);
      int bytes = fields.size("page");
      return new PhysicalMemory(map, descriptor(memory, fields, page) - frame * bytes, bytes);
    } catch (Unreadable e) {
      throw new IOException(
          "where this kernel describes its pages is not known: " + e.getMessage());
    }
  }

  private static long map(KernelMemory memory, KnownPage page, long frame, long object)
      throws IOException {
    long highest = object & -STEP;
    for (int step = 0; step < MOST_STEPS; step++) {
      long map = highest - step * STEP;
      Optional<ByteBuffer> there = memory.read(map + frame * FRAME_BYTES, KnownPage.bytes());
      if (there.filter(page::isContent).isPresent()) {
        return map;
      }
    }
    throw new IOException("where this kernel maps all memory was not found");
  }

  /** Goes from this task to the only page of a file that it has open. */
  private static long descriptor(KernelMemory memory, Fields fields, KnownPage page)
      throws Unreadable {
    long file = fields.word(descriptorTable(memory, fields).start() + 8L * page.descriptor());
    long mapping = fields.pointer(file, "file", "f_mapping");
    long entry = fields.pointer(mapping, "address_space", "i_pages.xa_head");
    if (entry == 0 || (entry & NO_POINTER) != 0) {
      throw new Unreadable("a file of one page has none");
    }
    return entry;
  }

  /**
   * The table of this process's descriptors.
   *
   * @param start where the pointers to its open files are
   * @param bytes how long it is
   */
  record DescriptorTable(long start, long bytes) {

    boolean holds(long address) {
      return address >= start && address < start + bytes;
    }
  }

  /** Finds the table of this process's descriptors. */
  static DescriptorTable descriptorTable(KernelMemory memory, Fields fields) throws Unreadable {
    long task = ProcessTasks.own(memory, fields);
    long table =
        fields.pointer(fields.pointer(task, "task_struct", "files"), "files_struct", "fdt");
    return new DescriptorTable(
        fields.pointer(table, "fdtable", "fd"),
        8 * Integer.toUnsignedLong(fields.number32(table, "fdtable", "max_fds")));
  }

  /** Returns where a frame is mapped. */
  long at(long frame) {
    return map + frame * FRAME_BYTES;
  }

  /** Returns the frame that is mapped at an address. */
  long frame(long address) {
    return (address - map) / FRAME_BYTES;
  }

  long descriptor(long frame) {
    return descriptors + frame * descriptorBytes;
  }

  long frameOf(long descriptor) {
    return (descriptor - descriptors) / descriptorBytes;
  }
}
