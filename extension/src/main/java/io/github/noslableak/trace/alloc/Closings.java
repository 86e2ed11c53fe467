package io.github.noslableak.trace.alloc;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;

/**
 * Who of the test closed for good how many open files that another task had opened since the ledger
 * was. What its opener closes itself was not forgotten.
 *
 * @param byTask by the task that closed them, and by the mark in which they were opened; nothing
 *     for a task that closed other files only. Empty on kernels before 6.7, which free them later
 */
public record Closings(Map<Integer, NavigableMap<Integer, Long>> byTask) {

  /**
   * The mark of files of which it is not known who opened them, and when: before 6.13 of all that
   * were closed, and of those of a task that closed files of very many marks.
   */
  public static final int UNKNOWN = Integer.MIN_VALUE;

  public Closings {
    byTask = Map.copyOf(byTask);
  }

  /** Returns those of a kernel that does not tell. */
  public static Closings unknown() {
    return new Closings(Map.of());
  }

  /** Returns whether the kernel tells who closed a file. */
  public boolean areKnown() {
    return !byTask.isEmpty();
  }

  /** Returns whether it is known when each was opened that these tasks closed. */
  public boolean areTimed(IntPredicate task) {
    return areKnown()
        && byTask.entrySet().stream()
            .filter(closed -> task.test(closed.getKey()))
            .noneMatch(closed -> closed.getValue().containsKey(UNKNOWN));
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

    /** Of more marks it is not kept in which of them a file was opened. */
    private static final int MOST_MARKS = 1 << 10;

    private final Map<Integer, NavigableMap<Integer, Long>> byTask = new HashMap<>();

    /** The same as it was last said, as far as it has not changed since. */
    private final Map<Integer, NavigableMap<Integer, Long>> said = new HashMap<>();

    /** A task closed a file: the kernel tells who does. */
    void told(int task) {
      if (byTask.putIfAbsent(task, new TreeMap<>()) == null) {
        said.put(task, Collections.emptyNavigableMap());
      }
    }

    /** It was opened in this mark, by another task. */
    void openedByAnother(int task, int mark) {
      told(task);
      NavigableMap<Integer, Long> opened = Objects.requireNonNull(byTask.get(task));
      opened.merge(mark, 1L, Long::sum);
      if (opened.size() > MOST_MARKS) {
        long all = total(opened);
        opened.clear();
        opened.put(UNKNOWN, all);
      }
      said.remove(task);
    }

    /** It is not known by whom it was opened, and when. */
    void openedByAnybody(int task) {
      openedByAnother(task, UNKNOWN);
    }

    Closings untilNow() {
      byTask.forEach(
          (task, opened) ->
              said.computeIfAbsent(
                  task, changed -> Collections.unmodifiableNavigableMap(new TreeMap<>(opened))));
      return new Closings(said);
    }
  }
}
