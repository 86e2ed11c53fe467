package io.github.noslableak.proc;

import java.util.Arrays;

/** From task numbers, 0 and above, to numbers 0 and above, without an object for each. */
final class IntMap {

  private static final int FREE = -1;
  private static final int MULTIPLIER = 0x9E3779B1; // 2^32 divided by the golden ratio.

  private int[] keys = new int[1024];
  private int[] values = new int[1024];
  private int size;

  IntMap() {
    Arrays.fill(keys, FREE);
  }

  void put(int key, int value) {
    if (key < 0) {
      return; // No task has such a number.
    }
    if (size * 2 >= keys.length) {
      grow();
    }
    int at = slot(key);
    if (keys[at] == FREE) {
      keys[at] = key;
      size++;
    }
    values[at] = value;
  }

  /** Returns the value, or -1. */
  int get(int key) {
    if (key < 0) {
      return -1;
    }
    int at = slot(key);
    return keys[at] == FREE ? -1 : values[at];
  }

  private int slot(int key) {
    int mask = keys.length - 1;
    int at = (key * MULTIPLIER) >>> Integer.numberOfLeadingZeros(mask);
    while (keys[at] != FREE && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    int[] oldKeys = keys;
    int[] oldValues = values;
    keys = new int[oldKeys.length * 2];
    values = new int[keys.length];
    Arrays.fill(keys, FREE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
