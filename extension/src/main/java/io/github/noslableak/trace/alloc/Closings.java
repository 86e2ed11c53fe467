package io.github.noslableak.trace.alloc;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Who of the test closed for good how many open files that another task had opened since the ledger
 * was. What its opener closes itself was not forgotten.
 *
 * @param byTask by the task that closed them, and by the mark in which they were opened; 0 of a
 *     task that closed others only, and empty on kernels before 6.7, which free them later
 */
public record Closings(Map<Integer, NavigableMap<Integer, Long>> byTask) {

  /** Who opened a file, and when, is not known before 6.13: all that were closed count then. */
  public static final int UNKNOWN = Integer.MIN_VALUE;

  public Closings {
    byTask =
        byTask.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> new TreeMap<>(entry.getValue())));
  }

  /** Returns those of a kernel that does not tell. */
  public static Closings unknown() {
    return new Closings(Map.of());
  }

  /** Returns whether the kernel tells who closed a file. */
  public boolean areKnown() {
    return !byTask.isEmpty();
  }

  /** Returns how many were closed by these tasks. */
  public long by(IntPredicate task) {
    return sum(task, opened -> total(opened));
  }

  /**
   * Returns how many were closed by these tasks of what was opened from a mark on and before
   * another one, or perhaps was.
   */
  public long by(IntPredicate task, int from, int until) {
    return sum(
        task, opened -> opened.getOrDefault(UNKNOWN, 0L) + total(opened.subMap(from, until)));
  }

  private long sum(IntPredicate task, ToLongFunction<NavigableMap<Integer, Long>> of) {
    return byTask.entrySet().stream()
        .filter(closed -> task.test(closed.getKey()))
        .mapToLong(closed -> of.applyAsLong(closed.getValue()))
        .sum();
  }

  private static long total(Map<Integer, Long> opened) {
    return opened.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Counts them. */
  static final class Counter {

    private final Map<Integer, NavigableMap<Integer, Long>> byTask = new HashMap<>();

    /** A task closed a file: the kernel tells who does. */
    void told(int task) {
      byTask.computeIfAbsent(task, first -> new TreeMap<>());
    }

    /** It was opened in this mark, by another task. */
    void openedByAnother(int task, int mark) {
      byTask.computeIfAbsent(task, first -> new TreeMap<>()).merge(mark, 1L, Long::sum);
    }

    /** It is not known by whom it was opened, and when. */
    void openedByAnybody(int task) {
      openedByAnother(task, UNKNOWN);
    }

    Closings untilNow() {
      return new Closings(byTask);
    }
  }
}
