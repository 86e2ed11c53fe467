package io.github.noslableak.proc;

import java.time.Duration;
import java.util.Arrays;

/**
 * The connections that {@link java.net.HttpURLConnection} keeps to use them again: it closes each
 * by itself when it was idle for five seconds.
 *
 * <p>A thread looks for such connections every five seconds for as long as there are any
 * (sun.net.www.http.KeepAliveCache of JDK 17 to 25), so that one is closed after ten seconds at
 * most. Other clients keep theirs for longer, a bounded number for each server.
 */
public final class IdleConnections {

  /** After so long those that are kept now are closed. */
  public static final Duration LONGEST = Duration.ofSeconds(11);

  private static final String KEEPER = "Keep-Alive-Timer";

  /** More threads than are counted may have been started until they are listed. */
  private static final int MORE = 64;

  private IdleConnections() {}

  /** Returns whether this JVM keeps any. */
  public static boolean areKept() {
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent(); // The keeper is the JDK's own, of the topmost group.
    }
    Thread[] threads = new Thread[all.activeCount() + MORE];
    int count = all.enumerate(threads);
    return Arrays.stream(threads, 0, count).anyMatch(thread -> thread.getName().equals(KEEPER));
  }
}
