package io.github.noslableak.proc;

import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * To which process each task belongs, and whether that descends from this JVM. Kept up to date by
 * the births and execs of tasks, so it knows short-lived ones too.
 */
public final class Tasks {

  /** CLONE_THREAD of linux/sched.h: the new task is a thread of its parent's process. */
  public static final long CLONE_THREAD = 0x10000;

  private final List<Owner> owners = new ArrayList<>();
  private final Map<Owner, Integer> numbers = new HashMap<>();
  private final IntMap byTask = new IntMap();

  public Tasks() {
    byTask.put(0, number(new Owner(Whose.KERNEL, 0, "swapper")));
  }

  /** Says who a task that lives already is. */
  public void exists(int task, Owner owner) {
    byTask.put(task, number(owner));
  }

  /** A task was born; only its first event counts, which comes before any other of it. */
  public void born(int parent, int task, long cloneFlags, String name) {
    int parentOwner = ownerOf(parent);
    Owner of = owners.get(parentOwner);
    if ((cloneFlags & CLONE_THREAD) != 0) {
      byTask.put(task, parentOwner);
    } else if (of.whose() == Whose.KERNEL) {
      byTask.put(task, number(new Owner(Whose.KERNEL, task, name)));
    } else {
      byTask.put(task, number(new Owner(of.whose(), task, of.name())));
    }
  }

  /** A process runs another program from now on. */
  public void executes(int process, int formerTask, String file) {
    Owner before = owners.get(ownerOf(formerTask));
    // A helper that the kernel starts, such as modprobe, is a process like others.
    Whose whose = before.whose() == Whose.KERNEL ? Whose.OTHERS : before.whose();
    String name = file.substring(file.lastIndexOf('/') + 1);
    byTask.put(process, number(new Owner(whose, process, name)));
  }

  /** Returns the number of the task's owner. */
  public int ownerOf(int task) {
    if (MeasuringTasks.contain(task)) {
      return number(Owner.MEASUREMENT);
    }
    int known = byTask.get(task);
    return known >= 0 ? known : number(new Owner(Whose.UNKNOWN, task, "unknown"));
  }

  public Owner owner(int number) {
    return owners.get(number);
  }

  /** Returns the number of an owner. */
  public int number(Owner owner) {
    return numbers.computeIfAbsent(
        owner,
        added -> {
          owners.add(added);
          return owners.size() - 1;
        });
  }
}
