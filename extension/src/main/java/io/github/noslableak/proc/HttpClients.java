package io.github.noslableak.proc;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The clients of java.net.http. One that nobody refers to any more closes its selector and its
 * connections itself: its selector's thread, which has a name of its own (jdk.internal.net.http,
 * HttpClientImpl of JDK 17 to 25), looks every three seconds whether a collection found it.
 */
public final class HttpClients {

  private static final Duration LONGEST = Duration.ofMillis(3_300);

  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private HttpClients() {}

  private static long open() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .map(ThreadInfo::getThreadName)
        .filter(name -> name.startsWith("HttpClient-") && name.endsWith("-SelectorManager"))
        .count();
  }

  /**
   * Waits, after a collection, until those that it found have closed what they had open.
   *
   * @return whether one has closed
   */
  public static boolean awaitClosing() {
    long start = System.nanoTime();
    long before = open();
    long now = before;
    while (now > 0 && System.nanoTime() - start < LONGEST.toNanos()) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      now = open();
    }
    return now < before;
  }
}
