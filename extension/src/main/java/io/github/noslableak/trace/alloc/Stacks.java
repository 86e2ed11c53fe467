package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Each different stack once, as addresses, innermost first. Stack 0 is the empty one. */
final class Stacks {

  /** 8 MiB. What does not fit any more is recorded as the empty stack. */
  private static final int MOST_ADDRESSES = 1 << 20;

  private long[] pool = new long[1 << 10];
  private int used;
  private int[] starts = new int[1 << 8];
  private int count;
  private int[] table = new int[1 << 10]; // Hash to number + 1.
  private final Map<Integer, List<Frame>> told = new HashMap<>();
  private long[] candidate = new long[64];

  Stacks() {
    add(0);
  }

  /** Returns the number of the stack of one frame. */
  int of(long address) {
    candidate[0] = address;
    return intern(1);
  }

  /** Returns the number of the stack whose addresses are in a page. */
  int of(ByteBuffer page, int at, int frames) {
    if (frames > candidate.length) {
      candidate = new long[frames];
    }
    for (int i = 0; i < frames; i++) {
      candidate[i] = page.getLong(at + 8 * i);
    }
    return intern(frames);
  }

  /** Returns the functions of a stack, told by their addresses. */
  List<Frame> frames(int stack) {
    return told.computeIfAbsent(
        stack,
        number ->
            Arrays.stream(pool, starts[number], starts[number + 1])
                .mapToObj(Frame::unnamed)
                .toList());
  }

  private int intern(int frames) {
    int mask = table.length - 1;
    int at = hash(candidate, 0, frames) & mask;
    while (table[at] != 0) {
      int stack = table[at] - 1;
      if (Arrays.equals(pool, starts[stack], starts[stack + 1], candidate, 0, frames)) {
        return stack;
      }
      at = (at + 1) & mask;
    }
    if (used + frames > MOST_ADDRESSES) {
      return 0;
    }
    int stack = add(frames);
    if (count * 2 > table.length) {
      rehash();
    } else {
      table[at] = stack + 1;
    }
    return stack;
  }

  private int add(int frames) {
    if (used + frames > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(used + frames, pool.length * 2));
    }
    System.arraycopy(candidate, 0, pool, used, frames);
    used += frames;
    if (count + 2 > starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    count++;
    starts[count] = used;
    return count - 1;
  }

  private void rehash() {
    table = new int[table.length * 2];
    int mask = table.length - 1;
    for (int stack = 0; stack < count; stack++) {
      int at = hash(pool, starts[stack], starts[stack + 1]) & mask;
      while (table[at] != 0) {
        at = (at + 1) & mask;
      }
      table[at] = stack + 1;
    }
  }

  private static int hash(long[] addresses, int from, int to) {
    long hash = 1;
    for (int i = from; i < to; i++) {
      hash = (hash ^ addresses[i]) * 0x9E3779B97F4A7C15L;
    }
    return (int) (hash >>> 32);
  }
}
