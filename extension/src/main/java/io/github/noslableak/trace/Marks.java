package io.github.noslableak.trace;

import java.util.ArrayDeque;
import java.util.Queue;

/** The marks that were set, by time, until the events of that time are entered. */
public final class Marks {

  private record Mark(long time, int number) {}

  private final Queue<Mark> ahead = new ArrayDeque<>();
  private int last;

  /**
   * Sets a mark.
   *
   * @param number that of the mark before or more; or less than 0 for what belongs to none of them
   * @throws IllegalArgumentException if the number is less than the one before
   */
  public void set(long time, int number) {
    if (number >= 0 && number < last) {
      throw new IllegalArgumentException("mark " + number + " comes after mark " + last);
    }
    last = Math.max(last, number);
    ahead.add(new Mark(time, number));
  }

  /** Sets the books' mark to the one in force at this time. */
  void advanceTo(long time, EventStream.Receiver books) {
    Mark next = ahead.peek();
    while (next != null && next.time <= time) {
      books.mark(next.number);
      ahead.remove();
      next = ahead.peek();
    }
  }
}
