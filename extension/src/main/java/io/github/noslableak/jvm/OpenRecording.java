package io.github.noslableak.jvm;

import io.github.noslableak.kernel.Obstacle;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Records from its start to its end where the Java code of this JVM opens files, sockets and what
 * else has a descriptor: by the flight recorder where that traces methods, from JDK 25 on, and
 * before by an agent.
 */
public interface OpenRecording extends AutoCloseable {

  /** Returns why this JVM cannot record that, with the remedy; empty if it can. */
  static Optional<Obstacle> obstacle() {
    if (FlightRecording.isPossible()) {
      return Optional.empty();
    }
    // The classes for the agent cannot even be loaded where the JVM has no such modules.
    if (isMissing("jdk.internal.org.objectweb.asm.tree.ClassNode")) {
      return Optional.of(
          new Obstacle(
              "this Java neither traces methods nor lets them be watched",
              "run the tests on JDK 17 to 23, or on 25 or later with the module jdk.jfr"));
    }
    return isMissing("java.lang.instrument.Instrumentation")
        ? Optional.of(
            new Obstacle(
                "this Java has no agents",
                "start the tests' JVM with --add-modules java.instrument"))
        : Optional.empty();
  }

  private static boolean isMissing(String type) {
    try {
      Class.forName(type, false, null);
      return false;
    } catch (ClassNotFoundException e) {
      return true;
    }
  }

  /**
   * Starts to record.
   *
   * @throws IOException if the agent cannot be loaded
   * @throws IllegalStateException if the flight recorder cannot start
   */
  static OpenRecording start() throws IOException {
    return FlightRecording.isPossible() ? FlightRecording.begin() : AgentRecording.begin();
  }

  /**
   * Stops and says what was opened, in the order in which it was.
   *
   * @throws IOException if the recording cannot be read
   */
  List<Open> stop() throws IOException;

  /** Stops recording. A second call does nothing. */
  @Override
  void close();
}
