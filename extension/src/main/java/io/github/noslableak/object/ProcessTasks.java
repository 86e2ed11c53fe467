package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import java.util.OptionalLong;

/** The tasks that processes begin with, by the list that the kernel keeps of them. */
final class ProcessTasks {

  /** Of a machine with more processes, not all are found. */
  private static final int MOST = 100_000;

  private ProcessTasks() {}

  /** What is done with each task, until it says that it is enough. */
  interface Visitor {
    boolean isEnough(long task) throws Unreadable;
  }

  /** Returns the task that this process began with. */
  static long own(KernelMemory memory, Fields fields) throws Unreadable {
    OptionalLong current = memory.currentTask();
    if (current.isPresent()) {
      return fields.pointer(current.getAsLong(), "task_struct", "group_leader");
    }
    long first =
        memory.firstTask().orElseThrow(() -> new Unreadable("no task of the kernel is known"));
    int self = (int) ProcessHandle.current().pid();
    long[] own = new long[1];
    visit(
        fields,
        first,
        task -> {
          own[0] = fields.number32(task, "task_struct", "tgid") == self ? task : 0;
          return own[0] != 0;
        });
    if (own[0] == 0) {
      throw new Unreadable("this process is not among the kernel's tasks");
    }
    return own[0];
  }

  /**
   * Visits all of them, from one of them on.
   *
   * @throws Unreadable if the list cannot be followed to its end, as where processes come and go
   */
  static void visit(Fields fields, long from, Visitor visitor) throws Unreadable {
    int link = fields.offset("task_struct", "tasks");
    long task = from;
    int tasks = 0;
    do {
      if (++tasks > MOST) {
        throw new Unreadable("there are too many processes");
      }
      if (visitor.isEnough(task)) {
        return;
      }
      task = fields.word(task + link) - link;
    } while (task != from);
  }
}
