package io.github.noslableak.proc;

import java.time.Duration;

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

  private IdleConnections() {}

  /** Returns whether this JVM keeps any. */
  public static boolean areKept() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(KEEPER));
  }
}
