package io.github.noslableak.jvm;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Lets methods of the JDK be watched: as an agent of a JVM, by {@code -javaagent} with the jar of
 * this library or loaded by the program that this is too. It does nothing until something is
 * recorded. It knows nobody, for it may be the only class of ours that its loader has.
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

  /**
   * Loads an agent into another JVM: none may load one into itself.
   *
   * @param arguments the number of its process, and the path of the agent's jar
   */
  public static void main(String[] arguments)
      throws AttachNotSupportedException,
          IOException,
          AgentLoadException,
          AgentInitializationException {
    VirtualMachine other = VirtualMachine.attach(arguments[0]);
    try {
      other.loadAgent(arguments[1]);
    } finally {
      other.detach();
    }
  }
}
