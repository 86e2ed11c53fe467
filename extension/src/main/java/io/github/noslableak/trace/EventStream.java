package io.github.noslableak.trace;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Merges what the processors recorded, each in the order of time, into one order of time. It holds
 * one page of each processor at most.
 */
public final class EventStream {

  /** What is told of the events, in the order of their time. */
  public interface Receiver {

    /** Everything from now on belongs to this mark. */
    default void mark(int number) {}

    /**
     * Enters one event.
     *
     * @param cpu the processor that it happened on
     * @param time on the trace clock, in nanoseconds
     * @param record where its data starts in the page
     * @param length how many bytes of data there are
     * @throws MalformedKernelDataException if it is shorter than its format says
     */
    void enter(int cpu, long time, ByteBuffer page, int record, int length);
  }

  /** Where one processor's pages come from. */
  public interface Source {
    /**
     * Fills a page with what was recorded next.
     *
     * @return how many bytes; 0 if there is nothing now
     */
    int readNext(ByteBuffer page);
  }

  private static final class Head {
    final Source source;
    final PageCursor cursor;
    boolean atRecord;
    boolean dry;

    Head(Source source, PageCursor cursor) {
      this.source = source;
      this.cursor = cursor;
    }
  }

  private final List<Head> heads;
  private final Receiver receiver;
  private final Marks marks;
  private long reached = Long.MIN_VALUE;
  private long late;
  private long gaps;

  public EventStream(
      PageLayout layout,
      ByteOrder order,
      List<? extends Source> sources,
      Receiver receiver,
      Marks marks) {
    this.heads =
        sources.stream().map(source -> new Head(source, new PageCursor(layout, order))).toList();
    this.receiver = receiver;
    this.marks = marks;
  }

  /**
   * Enters all events up to a time that has passed. A processor that has nothing to read now has
   * nothing from before that time.
   *
   * @param time on the trace clock, in nanoseconds
   */
  public void playUntil(long time) {
    heads.forEach(head -> head.dry = false);
    while (true) {
      int first = -1;
      long limit = time;
      for (int cpu = 0; cpu < heads.size(); cpu++) {
        Head head = heads.get(cpu);
        if (!hasRecord(head)) {
          continue;
        }
        long at = head.cursor.time();
        if (first < 0 || at < heads.get(first).cursor.time()) {
          limit = first < 0 ? time : Math.min(time, heads.get(first).cursor.time());
          first = cpu;
        } else {
          limit = Math.min(limit, at);
        }
      }
      if (first < 0 || heads.get(first).cursor.time() > time) {
        reached = Math.max(reached, time);
        return;
      }
      play(first, limit);
    }
  }

  /** Enters the events of one processor as long as no other's come before them. */
  private void play(int cpu, long limit) {
    Head head = heads.get(cpu);
    PageCursor cursor = head.cursor;
    do {
      long at = cursor.time();
      if (at < reached) {
        late++; // It was still being written when its time was read to its end.
      }
      marks.advanceTo(at, receiver);
      receiver.enter(cpu, at, cursor.page(), cursor.record(), cursor.length());
      head.atRecord = cursor.advance();
    } while (head.atRecord && cursor.time() <= limit);
  }

  private boolean hasRecord(Head head) {
    while (!head.atRecord) {
      if (head.dry || head.source.readNext(head.cursor.page()) == 0) {
        head.dry = true;
        return false;
      }
      head.cursor.start();
      if (head.cursor.missed()) {
        gaps++;
      }
      head.atRecord = head.cursor.advance();
    }
    return true;
  }

  /** Returns how many events came after others of a later time, and may be paired wrongly. */
  public long late() {
    return late;
  }

  /** Returns how often the kernel said that events before a page were lost. */
  public long gaps() {
    return gaps;
  }
}
