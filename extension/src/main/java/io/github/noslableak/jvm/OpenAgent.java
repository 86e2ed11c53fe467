package io.github.noslableak.jvm;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Lets methods of the JDK be watched: as an agent of a JVM, by {@code -javaagent} with the jar of
 * this library or loaded by {@link AgentLoader}. It does nothing until something is recorded. It
 * knows nobody, for it may be the only class of ours that its loader has.
 */
public final class OpenAgent {

  private static volatile @Nullable Instrumentation instrumentation;

  private OpenAgent() {}

  /** Called by the JVM before its program. */
  public static void premain(@Nullable String ignored, Instrumentation given) {
    instrumentation = given;
  }

  /** Called by the JVM where this is loaded while its program runs. */
  public static void agentmain(@Nullable String ignored, Instrumentation given) {
    instrumentation = given;
  }

  /** Returns what the JVM gave this; null where it is no agent. */
  public static @Nullable Instrumentation instrumentation() {
    return instrumentation;
  }
}
