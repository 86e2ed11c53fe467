package io.github.noslableak.jvm;

import io.github.noslableak.jvm.OpeningMethods.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** By the flight recorder's tracing of methods, which is there from JDK 25 on (JEP 520). */
final class FlightRecording implements OpenRecording {

  private static final String EVENT = "jdk.MethodTrace";
  private static final String CLOCK = "io.github.noslableak.Clock";

  /** One of them is recorded right after its clock was read, the others a little later. */
  private static final int CLOCK_EVENTS = 50;

  /** More than what the recorder's clock, which is its own, is off by then. */
  private static final long BETWEEN_CLOCKS_NANOS = 1_000;

  private final Recording recording;

  /** Says what time the recorder has for a time of {@link System#nanoTime()}. */
  @Name(CLOCK)
  @StackTrace(false)
  static final class Clock extends Event {
    // The flight recorder reads it.
    @SuppressWarnings("unused")
    long nanos;
  }

  private FlightRecording(Recording recording) {
    this.recording = recording;
  }

  /** Returns whether this JVM can record so. */
  static boolean isPossible() {
    try {
      return FlightRecorder.isAvailable()
          && FlightRecorder.getFlightRecorder().getEventTypes().stream()
              .anyMatch(type -> type.getName().equals(EVENT));
    } catch (LinkageError | IllegalStateException e) {
      return false; // There is no flight recorder.
    }
  }

  static FlightRecording begin() {
    Recording recording = new Recording();
    recording.setName("noslableak");
    recording.setToDisk(false); // Nothing of it is to be found among what the test opens.
    recording
        .enable(EVENT)
        .withStackTrace()
        .with("threshold", "0 ms")
        .with(
            "filter",
            OpeningMethods.ALL.stream()
                .map(Method::filter)
                .sorted()
                .collect(Collectors.joining(";")));
    recording.enable(CLOCK);
    recording.start();
    return new FlightRecording(recording);
  }

  @Override
  public List<Open> stop() throws IOException {
    Path file = Files.createTempFile("noslableak", ".jfr");
    try {
      compareClocks();
      recording.dump(file); // While it runs: in memory it keeps nothing after that.
      recording.stop();
      return opens(RecordingFile.readAllEvents(file));
    } finally {
      Files.delete(file);
      close();
    }
  }

  private static void compareClocks() {
    for (int i = 0; i < CLOCK_EVENTS; i++) {
      Clock clock = new Clock();
      clock.nanos = System.nanoTime();
      clock.commit();
    }
  }

  private static List<Open> opens(List<RecordedEvent> events) {
    long clocks =
        events.stream()
            .filter(event -> event.getEventType().getName().equals(CLOCK))
            .mapToLong(event -> event.getLong("nanos") - nanos(event.getEndTime()))
            .max()
            .orElse(0);
    List<Open> opens = new ArrayList<>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals(EVENT)
          && event.getStackTrace() != null
          && event.getValue("method") instanceof RecordedMethod method) {
        String type = method.getType().getName();
        List<RecordedFrame> stack = event.getStackTrace().getFrames();
        // One overload calls another.
        boolean outermost = stack.isEmpty() || !isNamed(stack.get(0), type, method.getName());
        List<String> frames = frames(stack);
        if (outermost && !frames.isEmpty()) {
          opens.add(
              new Open(
                  kind(type, method.getName()),
                  task(event.getThread()),
                  nanos(event.getStartTime()) + clocks - BETWEEN_CLOCKS_NANOS,
                  nanos(event.getEndTime()) + clocks + BETWEEN_CLOCKS_NANOS,
                  frames));
        }
      }
    }
    opens.sort(Comparator.comparingLong(Open::from));
    return opens;
  }

  private static boolean isNamed(RecordedFrame frame, String type, String method) {
    return frame.getMethod().getType().getName().equals(type)
        && frame.getMethod().getName().equals(method);
  }

  private static long nanos(Instant time) {
    return Duration.between(Instant.EPOCH, time).toNanos();
  }

  /** A virtual thread runs on many a task. */
  @SuppressWarnings("NullAway") // It is null where the event is of no thread.
  private static int task(RecordedThread thread) {
    return thread == null || thread.getOSThreadId() <= 0 ? 0 : (int) thread.getOSThreadId();
  }

  private static String kind(String type, String name) {
    return OpeningMethods.ALL.stream()
        .filter(method -> method.type().equals(type) && method.name().equals(name))
        .map(Method::kind)
        .findFirst()
        .orElse("files");
  }

  private static List<String> frames(List<RecordedFrame> stack) {
    return OpeningMethods.product(
        stack.stream()
            .map(
                frame ->
                    new OpeningMethods.Frame(
                        frame.getMethod().getType().getName(),
                        frame.getMethod().getName(),
                        frame.getLineNumber())));
  }

  @Override
  public void close() {
    recording.close();
  }
}
