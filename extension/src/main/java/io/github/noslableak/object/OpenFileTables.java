package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The descriptor tables of all processes, as the kernel has them: two processes that have opened
 * one path are told apart by them.
 */
final class OpenFileTables {

  /** Of a table with more slots, it is not known. */
  private static final int MOST_SLOTS = 1 << 20;

  private final KernelMemory memory;
  private final Fields fields;
  private final long end;

  OpenFileTables(KernelMemory memory, Fields fields, long end) {
    this.memory = memory;
    this.fields = fields;
    this.end = end;
  }

  /**
   * Returns the numbers of the processes that have one of these files open, this one included, as
   * the first PID namespace counts them.
   *
   * @throws Unreadable if not all tables could be read: then nothing is known of anybody
   */
  Set<Integer> processesWith(Set<Long> files) throws Unreadable {
    Set<Integer> found = new HashSet<>();
    visit(
        (task, table) -> {
          if (LongStream.of(files(table)).anyMatch(files::contains)) {
            found.add(fields.number32(task, "task_struct", "tgid"));
          }
        });
    return found;
  }

  /**
   * Returns where the bits of each table lie that tell which of its descriptors are in use. They
   * are allocated by themselves and point at nothing, but behind them is what was there before:
   * those of 4,096 descriptors take 1,032 of 2,048 bytes (alloc_fdtable in fs/file.c, 6.18).
   *
   * @throws Unreadable if not all tables could be read
   */
  Set<Long> bits() throws Unreadable {
    Set<Long> found = new HashSet<>();
    visit((task, table) -> found.add(fields.pointer(table, "fdtable", "open_fds")));
    return found;
  }

  /**
   * Returns where lies what was read last of each open file of a process that the kernel makes up
   * while it is read, such as those of /proc and sysfs. It is at least a page, and behind what was
   * read is what was there before (seq_buf_alloc in fs/seq_file.c, 6.18).
   *
   * @throws Unreadable if not all tables could be read
   */
  Set<Long> buffers() throws Unreadable {
    // Where the kernel's own BTF lacks them, nothing is known, which is not the same as none.
    int file = fields.offset("seq_file", "file");
    int buffer = fields.offset("seq_file", "buf");
    Set<Long> seen = new HashSet<>();
    Set<Long> found = new HashSet<>();
    visit(
        (task, table) -> {
          for (long open : files(table)) {
            if (open != 0 && seen.add(open)) {
              inTime("open files");
              buffer(open, file, buffer).ifPresent(found::add);
            }
          }
        });
    return found;
  }

  /**
   * Nothing where it is no such file, none that was read, or one that was closed meanwhile, and
   * something else is there.
   */
  private OptionalLong buffer(long open, int file, int buffer) {
    try {
      long sequence = fields.pointer(open, "file", "private_data");
      long start =
          sequence != 0 && fields.word(sequence + file) == open
              ? fields.word(sequence + buffer)
              : 0;
      return start == 0 ? OptionalLong.empty() : OptionalLong.of(start);
    } catch (Unreadable e) {
      return OptionalLong.empty();
    }
  }

  /** What is done with a process's table. */
  @FunctionalInterface
  private interface Visitor {
    void found(long task, long table) throws Unreadable;
  }

  private void visit(Visitor visitor) throws Unreadable {
    ProcessTasks.visit(
        fields,
        ProcessTasks.own(memory, fields),
        task -> {
          inTime("processes");
          long open = fields.pointer(task, "task_struct", "files");
          // A kernel thread that has none, or a process that ends.
          if (open != 0) {
            visitor.found(task, fields.pointer(open, "files_struct", "fdt"));
          }
          return false;
        });
  }

  private void inTime(String what) throws Unreadable {
    if (System.nanoTime() - end >= 0) {
      throw new Unreadable("there are too many " + what + " for the time");
    }
  }

  /** Returns the files of a table, one for each slot: 0 where there is none. */
  private long[] files(long table) throws Unreadable {
    int slots = fields.number32(table, "fdtable", "max_fds");
    if (slots < 0 || slots > MOST_SLOTS) {
      throw new Unreadable(
          "a table of descriptors has " + Integer.toUnsignedString(slots) + " slots");
    }
    long start = fields.pointer(table, "fdtable", "fd");
    long[] files = new long[slots];
    int perRead = KernelMemory.MOST_BYTES / Long.BYTES;
    for (int first = 0; first < slots; first += perRead) {
      int count = Math.min(perRead, slots - first);
      memory
          .read(start + (long) first * Long.BYTES, count * Long.BYTES)
          .orElseThrow(() -> new Unreadable("a table has gone"))
          .asLongBuffer()
          .get(files, first, count);
    }
    return files;
  }
}
