package io.github.noslableak.trace;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Goes through the records of one page of a ring buffer, in the order in which they were written.
 *
 * <p>The form is that of struct buffer_data_page and struct ring_buffer_event in
 * kernel/trace/ring_buffer.c. Each record starts with 5 bits of type or length and 27 bits of time
 * since the record before, in nanoseconds.
 */
public final class PageCursor {

  /** RB_MISSED_EVENTS: older records than the first one were overwritten. */
  private static final long MISSED = 1L << 31;

  /** The bytes in use, below all flags; RB_WRITE_MASK. */
  private static final long COMMIT_MASK = 0xfffff;

  /** An absolute time has 59 bits: TS_MSB of the time before completes it. */
  private static final long HIGH_TIME_BITS = 0xf8L << 56;

  private static final int HEADER = 4;

  private final PageLayout layout;
  private final boolean bigEndian;
  private final ByteBuffer page;

  private int end;
  private int next;
  private long time;
  private boolean missed;
  private int record;
  private int length;

  public PageCursor(PageLayout layout, ByteOrder order) {
    this.layout = layout;
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
    this.page = ByteBuffer.allocateDirect(layout.pageSize()).order(order);
  }

  /** The page, to be filled before {@link #start}. */
  public ByteBuffer page() {
    return page;
  }

  /**
   * Starts with the page that was filled up to its limit.
   *
   * @throws MalformedKernelDataException if it is shorter than it says
   */
  public void start() {
    int available = page.limit() - layout.data().offset();
    if (available < 0) {
      throw malformed("a trace page has only " + page.limit() + " bytes");
    }
    long commit = layout.commit().read(page, 0);
    long used = commit & COMMIT_MASK;
    if (used > available) {
      throw malformed("a trace page uses " + used + " of " + available + " bytes");
    }
    missed = (commit & MISSED) != 0;
    time = layout.timestamp().read(page, 0);
    next = layout.data().offset();
    end = next + (int) used;
  }

  /**
   * Moves to the next record with data.
   *
   * @return false if the page has no more
   * @throws MalformedKernelDataException if a record does not end where the page does, or before
   */
  boolean advance() {
    while (next < end) {
      if (end - next < HEADER) {
        throw malformed("a trace page ends within the head of a record");
      }
      int head = page.getInt(next);
      int type = bigEndian ? head >>> PageLayout.DELTA_BITS : head & 0x1f;
      long delta = bigEndian ? head & ((1 << PageLayout.DELTA_BITS) - 1) : head >>> 5;
      switch (type) {
        case PageLayout.PADDING -> {
          if (delta == 0) {
            next = end; // Nothing but padding from here on.
            return false;
          }
          // A record that was thrown away. Its time counts, but 1 stands for none
          // (rb_event_discard).
          time += delta == 1 ? 0 : delta;
          next = endOf(HEADER + word());
        }
        case PageLayout.TIME_EXTEND -> {
          time += delta + (word() << PageLayout.DELTA_BITS);
          next = endOf(2 * HEADER);
        }
        case PageLayout.TIME_STAMP -> {
          time = absolute(delta + (word() << PageLayout.DELTA_BITS));
          next = endOf(2 * HEADER);
        }
        case 0 -> {
          time += delta;
          record = next + 2 * HEADER;
          next = endOf(HEADER + word());
          length = next - record;
          return true;
        }
        default -> {
          time += delta;
          record = next + HEADER;
          next = endOf(HEADER + 4L * type);
          length = next - record;
          return true;
        }
      }
    }
    return false;
  }

  /** The word behind a record's head: a length, or the upper bits of a time. */
  private long word() {
    if (end - next < 2 * HEADER) {
      throw malformed("a trace page ends within the head of a record");
    }
    return page.getInt(next + HEADER) & 0xffff_ffffL;
  }

  private int endOf(long bytes) {
    long aligned = (bytes + 3) & ~3L;
    if (aligned < 2 * HEADER || aligned > end - next) {
      throw malformed(
          "a trace record of " + bytes + " bytes is in a page with " + (end - next) + " left");
    }
    return next + (int) aligned;
  }

  /** As the kernel's rb_fix_abs_ts. */
  private long absolute(long low) {
    long high = time & HIGH_TIME_BITS;
    long full = low | high;
    return high != 0 && Long.compareUnsigned(full, time) < 0 ? full + (1L << 59) : full;
  }

  private static MalformedKernelDataException malformed(String what) {
    return new MalformedKernelDataException(what);
  }

  /** When the current record was written, on the trace clock, in nanoseconds. */
  long time() {
    return time;
  }

  /** Where the data of the current record starts in the page. */
  int record() {
    return record;
  }

  /** How many bytes of data the current record has at most: it is padded to words. */
  int length() {
    return length;
  }

  /** Whether records before the first of this page were lost. */
  boolean missed() {
    return missed;
  }
}
