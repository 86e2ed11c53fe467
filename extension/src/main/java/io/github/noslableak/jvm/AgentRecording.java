package io.github.noslableak.jvm;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;

/** By an agent that has the methods which open something say so, from JDK 17 to 23. */
final class AgentRecording implements OpenRecording {

  private final Instrumentation instrumentation;
  private final WatchingTransformer transformer;
  private final OpenLog log = new OpenLog();
  private boolean closed;

  private AgentRecording(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
    this.transformer = new WatchingTransformer(instrumentation);
  }

  static AgentRecording begin() throws IOException {
    AgentRecording recording = new AgentRecording(Agents.get());
    Agents.tell(recording.instrumentation, recording.log);
    recording.instrumentation.addTransformer(recording.transformer, true);
    try {
      recording.transform();
      recording.transformer.failure().ifPresent(AgentRecording::failed);
    } catch (RuntimeException | LinkageError | InternalError e) {
      recording.close();
      throw new IOException("the JDK's methods cannot be watched: " + e, e);
    }
    return recording;
  }

  private static void failed(Throwable failure) {
    throw new IllegalStateException("the JDK's methods cannot be watched: " + failure, failure);
  }

  private void transform() {
    List<Class<?>> types = new ArrayList<>();
    OpeningMethods.ALL.stream()
        .map(OpeningMethods.Method::type)
        .distinct()
        .forEach(
            name -> {
              try {
                types.add(Class.forName(name, false, null));
              } catch (ClassNotFoundException e) {
                // This JDK has none.
              }
            });
    try {
      instrumentation.retransformClasses(types.toArray(Class<?>[]::new));
    } catch (UnmodifiableClassException e) {
      throw new IllegalStateException("the JDK's methods cannot be watched: " + e.getMessage(), e);
    }
  }

  @Override
  public List<Open> stop() {
    List<Open> opens = log.opens();
    close();
    return opens;
  }

  /** The methods are what they were, also where others watch the same classes. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      boolean ignored = instrumentation.removeTransformer(transformer);
      try {
        Agents.tell(instrumentation, at -> {});
        transform();
      } catch (IOException | RuntimeException | LinkageError | InternalError e) {
        // They are watched still, and tell nobody: no evidence fails a test.
      }
    }
  }
}
