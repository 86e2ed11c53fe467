package io.github.noslableak.jvm;

import java.util.List;

/**
 * Something that Java code opened.
 *
 * @param kind what, in plural
 * @param task the number that the kernel has for the thread that ran it; 0 where that is not known,
 *     as of a virtual thread of which the flight recorder tells
 * @param from when the method of the JDK that opens it began, by {@link System#nanoTime()}
 * @param until when it ended
 * @param frames the product's methods with their lines, innermost first
 */
public record Open(String kind, int task, long from, long until, List<String> frames) {

  public Open {
    frames = List.copyOf(frames);
  }

  /** Returns whether that is what was allocated by a task at a time. */
  public boolean made(int byTask, long at) {
    return task != 0 && task == byTask && at - from >= 0 && until - at >= 0;
  }
}
