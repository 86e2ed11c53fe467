package io.github.noslableak.proc;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The threads of this JVM that close what a garbage collection found: the JDK's Common-Cleaner,
 * those of {@link java.lang.ref.Cleaner#create()}, and the Finalizer.
 */
public final class Cleaners {

  private Cleaners() {}

  /**
   * Returns how often they have had something to do until now. A collection after which it is the
   * same closed nothing that had been forgotten; and most are such.
   *
   * <p>They wait for what a collection found, and once a minute for nothing. They wait again when
   * they have closed all, so one that does not wait has something to do just now, which is a number
   * of its own, between those before and after.
   */
  public static long cleanings() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .filter(thread -> cleans(thread.getThreadName()))
        .mapToLong(thread -> 2 * thread.getWaitedCount() + (isWaiting(thread) ? 0 : 1))
        .sum();
  }

  private static boolean isWaiting(ThreadInfo thread) {
    return thread.getThreadState() == Thread.State.WAITING
        || thread.getThreadState() == Thread.State.TIMED_WAITING;
  }

  /**
   * Returns what tells whether a task of this JVM is such a thread. The kernel knows threads by the
   * first 15 bytes of their names. What it has said it says again, so it is for one measurement:
   * the number of a thread that has ended comes again.
   */
  public static IntPredicate amongTasks() {
    Map<Integer, Boolean> known = new ConcurrentHashMap<>();
    return task ->
        known.computeIfAbsent(task, asked -> cleans(ProcessScan.nameOf(Integer.toString(asked))));
  }

  /**
   * Returns whether a thread of this JVM has ended. One that runs on behalf of an object, such as
   * the selector's of a client of java.net.http, closes all that it has open and ends when a
   * collection found that object.
   */
  public static boolean hasEnded(int thread) {
    return thread > 0 && !Files.exists(Path.of("/proc/self/task", Integer.toString(thread)));
  }

  private static boolean cleans(String thread) {
    return thread.equals("Common-Cleaner")
        || thread.equals("Finalizer")
        || thread.startsWith("Cleaner-");
  }
}
