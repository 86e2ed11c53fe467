package io.github.noslableak.object;

import io.github.noslableak.kernel.KernelMemory;
import io.github.noslableak.kernel.PageFlags;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/** Passes the words of slabs by, and of other pages. */
final class SlabScan {

  static final int PAGE = PhysicalMemory.FRAME_BYTES;
  private static final int MOST_PAGES = KernelMemory.MOST_BYTES / PAGE;

  /** Told of a word that is wanted. It may read memory. */
  @FunctionalInterface
  interface Action {
    void found(long place, long word);
  }

  private final KernelMemory memory;
  private final PhysicalMemory physical;
  private final LongPredicate wanted;
  private final Action action;
  private final BooleanSupplier isTime;

  /** Those of one read: what is read next takes the place of its content. */
  private final long[] places = new long[KernelMemory.MOST_BYTES / Long.BYTES];

  private final long[] words = new long[places.length];
  private long bytes;

  /**
   * Makes one.
   *
   * @param wanted which words
   * @param isTime whether there is time for more
   */
  SlabScan(
      KernelMemory memory,
      PhysicalMemory physical,
      LongPredicate wanted,
      Action action,
      BooleanSupplier isTime) {
    this.memory = memory;
    this.physical = physical;
    this.wanted = wanted;
    this.action = action;
    this.isTime = isTime;
  }

  /** Returns how many bytes have passed by. */
  long bytes() {
    return bytes;
  }

  /** Returns whether all slabs passed by: there was time for them. */
  boolean slabs(PageFlags flags) {
    return flags.forEachSlab(MOST_PAGES, isTime, this::frames);
  }

  private boolean frames(long first, int count) {
    long address = physical.at(first);
    if (!pages(address, address, count) && count > 1) {
      // One of them is mapped no more.
      return frames(first, count / 2) && frames(first + count / 2, count - count / 2);
    }
    return isTime.getAsBoolean();
  }

  /**
   * Passes some pages by.
   *
   * @param address where they are read
   * @param told where they are told to be
   * @return whether all of them are mapped
   */
  boolean pages(long address, long told, int count) {
    Optional<ByteBuffer> read = memory.read(address, count * PAGE);
    if (read.isEmpty()) {
      return false;
    }
    ByteBuffer content = read.get();
    bytes += content.limit();
    int found = 0;
    for (int at = 0; at < content.limit(); at += Long.BYTES) {
      long word = content.getLong(at);
      if (wanted.test(word)) {
        places[found] = told + at;
        words[found++] = word;
      }
    }
    for (int i = 0; i < found; i++) {
      action.found(places[i], words[i]);
    }
    return true;
  }
}
