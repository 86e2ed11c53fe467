package io.github.noslableak.trace.alloc;

import java.util.OptionalInt;

/**
 * The objects that were allocated and not freed, by address: a hash table of numbers, because it
 * changes with every event and must not make work for the garbage collector.
 */
final class LiveObjects {

  /** What to do with each living object. */
  interface Visitor {
    void visit(long address, int origin, int owner, int stack, int mark);
  }

  /** At most this many slots, of 36 bytes: 36 MiB, and half of it again while growing. */
  private static final int MOST_SLOTS = 1 << 20;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio.

  private long[] addresses;
  private int[] origins;
  private int[] owners;
  private int[] stacks;
  private int[] marks;
  private int[] tasks;
  private long[] times;
  private int shift;
  private int size;

  LiveObjects() {
    allocate(1 << 12);
  }

  private void allocate(int slots) {
    addresses = new long[slots];
    origins = new int[slots];
    owners = new int[slots];
    stacks = new int[slots];
    marks = new int[slots];
    tasks = new int[slots];
    times = new long[slots];
    shift = Long.numberOfLeadingZeros(slots - 1L);
  }

  /**
   * Adds an object, or replaces the one at the same address.
   *
   * @param address not 0
   * @return false if there is no room for it
   */
  boolean put(long address, int origin, int owner, int stack, int mark) {
    int at = slot(address);
    if (addresses[at] == 0) {
      if (size >= addresses.length / 4 * 3) {
        if (addresses.length == MOST_SLOTS) {
          return false;
        }
        grow();
        at = slot(address);
      }
      addresses[at] = address;
      size++;
    }
    origins[at] = origin;
    owners[at] = owner;
    stacks[at] = stack;
    marks[at] = mark;
    tasks[at] = 0;
    times[at] = 0;
    return true;
  }

  /** Says by which task, and when, the object at this address was allocated, if there is one. */
  void stamp(long address, int task, long time) {
    int at = slot(address);
    if (addresses[at] != 0) {
      tasks[at] = task;
      times[at] = time;
    }
  }

  /** Returns the task that allocated the object at this address, or 0 if that is not known. */
  int task(long address) {
    int at = slot(address);
    return addresses[at] == 0 ? 0 : tasks[at];
  }

  /** Returns the mark in which the object at this address was allocated, if there is one. */
  OptionalInt mark(long address) {
    int at = slot(address);
    return addresses[at] == 0 ? OptionalInt.empty() : OptionalInt.of(marks[at]);
  }

  /** Returns when the object at this address was allocated, or 0 if that is not known. */
  long time(long address) {
    int at = slot(address);
    return addresses[at] == 0 ? 0 : times[at];
  }

  /** Returns the origin of the object at this address, or -1 if there is none. */
  int origin(long address) {
    int at = slot(address);
    return addresses[at] == 0 ? -1 : origins[at];
  }

  /** Returns the owner of the object at this address, or -1 if there is none. */
  int owner(long address) {
    int at = slot(address);
    return addresses[at] == 0 ? -1 : owners[at];
  }

  /** Gives the object at this address another owner, if there is one. */
  void setOwner(long address, int owner) {
    int at = slot(address);
    if (addresses[at] != 0) {
      owners[at] = owner;
    }
  }

  /** Gives the object at this address another stack, if there is one. */
  void setStack(long address, int stack) {
    int at = slot(address);
    if (addresses[at] != 0) {
      stacks[at] = stack;
    }
  }

  /** Removes the object at this address and returns its origin, or -1 if there is none. */
  int remove(long address) {
    int at = slot(address);
    if (addresses[at] == 0) {
      return -1;
    }
    int origin = origins[at];
    size--;
    closeGap(at);
    return origin;
  }

  int size() {
    return size;
  }

  /** Returns whether so much room is taken that what matters less should take none. */
  boolean isCrowded() {
    return size >= MOST_SLOTS / 2;
  }

  void forEach(Visitor visitor) {
    for (int at = 0; at < addresses.length; at++) {
      if (addresses[at] != 0) {
        visitor.visit(addresses[at], origins[at], owners[at], stacks[at], marks[at]);
      }
    }
  }

  private int home(long address) {
    return (int) ((address * MULTIPLIER) >>> shift);
  }

  private int slot(long address) {
    int mask = addresses.length - 1;
    int at = home(address);
    while (addresses[at] != 0 && addresses[at] != address) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Moves later entries up, so that a search never ends too early (Knuth, volume 3, 6.4 R). */
  private void closeGap(int gap) {
    int mask = addresses.length - 1;
    int hole = gap;
    int at = gap;
    while (true) {
      addresses[hole] = 0;
      while (true) {
        at = (at + 1) & mask;
        if (addresses[at] == 0) {
          return;
        }
        if (((at - home(addresses[at])) & mask) >= ((at - hole) & mask)) {
          break;
        }
      }
      copy(at, hole);
      hole = at;
    }
  }

  private void copy(int from, int to) {
    addresses[to] = addresses[from];
    origins[to] = origins[from];
    owners[to] = owners[from];
    stacks[to] = stacks[from];
    marks[to] = marks[from];
    tasks[to] = tasks[from];
    times[to] = times[from];
  }

  private void grow() {
    long[] oldAddresses = addresses;
    int[] oldOrigins = origins;
    int[] oldOwners = owners;
    int[] oldStacks = stacks;
    int[] oldMarks = marks;
    int[] oldTasks = tasks;
    long[] oldTimes = times;
    allocate(oldAddresses.length * 2);
    for (int i = 0; i < oldAddresses.length; i++) {
      if (oldAddresses[i] != 0) {
        int at = slot(oldAddresses[i]);
        addresses[at] = oldAddresses[i];
        origins[at] = oldOrigins[i];
        owners[at] = oldOwners[i];
        stacks[at] = oldStacks[i];
        marks[at] = oldMarks[i];
        tasks[at] = oldTasks[i];
        times[at] = oldTimes[i];
      }
    }
  }
}
