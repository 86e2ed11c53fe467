package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The descriptor tables of all processes, as the kernel has them: two processes that have opened
 * one path are told apart by them.
 */
final class OpenFileTables {

  /** Of a table with more slots, it is not known. */
  private static final long MOST_SLOTS = 1 << 20;

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
          if (has(table, files)) {
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
          if (System.nanoTime() - end >= 0) {
            throw new Unreadable("there are too many processes for the time");
          }
          long open = fields.pointer(task, "task_struct", "files");
          // A kernel thread that has none, or a process that ends.
          if (open != 0) {
            visitor.found(task, fields.pointer(open, "files_struct", "fdt"));
          }
          return false;
        });
  }

  private boolean has(long table, Set<Long> files) throws Unreadable {
    long slots = Integer.toUnsignedLong(fields.number32(table, "fdtable", "max_fds"));
    if (slots > MOST_SLOTS) {
      throw new Unreadable("a table of descriptors has " + slots + " slots");
    }
    long start = fields.pointer(table, "fdtable", "fd");
    long last = start + slots * Long.BYTES;
    for (long at = start; at < last; at += KernelMemory.MOST_BYTES) {
      int bytes = (int) Math.min(KernelMemory.MOST_BYTES, last - at);
      ByteBuffer pointers =
          memory.read(at, bytes).orElseThrow(() -> new Unreadable("a table has gone"));
      for (int slot = 0; slot < bytes; slot += Long.BYTES) {
        if (files.contains(pointers.getLong(slot))) {
          return true;
        }
      }
    }
    return false;
  }
}
