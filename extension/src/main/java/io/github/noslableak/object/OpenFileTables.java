package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks through the descriptors of all processes for some open files. It reads the kernel's own
 * tables, so that two processes that have opened one path are told apart.
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
    ProcessTasks.visit(
        fields,
        ProcessTasks.own(memory, fields),
        task -> {
          if (System.nanoTime() - end >= 0) {
            throw new Unreadable("there are too many processes for the time");
          }
          if (has(task, files)) {
            found.add(fields.number32(task, "task_struct", "tgid"));
          }
          return false;
        });
    return found;
  }

  private boolean has(long task, Set<Long> files) throws Unreadable {
    long open = fields.pointer(task, "task_struct", "files");
    if (open == 0) {
      return false; // A kernel thread that has none, or a process that ends.
    }
    long table = fields.pointer(open, "files_struct", "fdt");
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
