package io.github.noslableak.trace;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel does for this JVM and must stop when the JVM ends: closed then in the reverse
 * order of its opening, one after the other.
 */
public final class JvmEnd {

  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(JvmEnd::closeAll, "noslableak-end"));
  }

  private JvmEnd() {}

  /** From here on the end of the JVM closes it, unless that is {@link #forget forgotten}. */
  public static void closes(AutoCloseable opened) {
    synchronized (OPEN) {
      OPEN.push(opened);
    }
  }

  /** It is closed. Called last of all, so that a JVM that ends meanwhile waits for it. */
  public static void forget(AutoCloseable closed) {
    synchronized (OPEN) {
      OPEN.removeIf(open -> open == closed);
    }
  }

  private static void closeAll() {
    for (AutoCloseable open = next(); open != null; open = next()) {
      try {
        open.close();
      } catch (Exception e) {
        // The others are closed all the same; what is left behind, the next ledger removes.
      }
    }
  }

  private static @Nullable AutoCloseable next() {
    synchronized (OPEN) {
      return OPEN.poll();
    }
  }
}
