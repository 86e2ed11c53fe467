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
import java.util.Optional;
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
    compareClocks();
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
    Clocks clocks = Clocks.of(events);
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
        Optional<String> kind = kind(type, method.getName()); // Others may record methods too.
        if (kind.isPresent() && outermost && !frames.isEmpty()) {
          opens.add(
              new Open(
                  kind.get(),
                  task(event.getThread()),
                  clocks.nanoTime(nanos(event.getStartTime())) - BETWEEN_CLOCKS_NANOS,
                  clocks.nanoTime(nanos(event.getEndTime())) + BETWEEN_CLOCKS_NANOS,
                  frames));
        }
      }
    }
    opens.sort(Comparator.comparingLong(Open::from));
    return opens;
  }

  /**
   * The recorder's clock beside that of this JVM, at the start and at the end: the recorder may
   * take the processor's frequency from its name, and so go wrong by milliseconds in a second.
   *
   * @param first when that of the recorder was read first
   * @param ahead by how much this JVM's was ahead then
   * @param last when it was read last
   * @param aheadAtLast by how much it was then
   */
  private record Clocks(long first, long ahead, long last, long aheadAtLast) {

    /** Of several readings of one moment, that is nearest between which the least time passed. */
    static Clocks of(List<RecordedEvent> events) {
      List<RecordedEvent> read =
          events.stream()
              .filter(event -> event.getEventType().getName().equals(CLOCK))
              .sorted(Comparator.comparing(RecordedEvent::getEndTime))
              .toList();
      int each = Math.min(CLOCK_EVENTS, read.size() / 2);
      if (each == 0) {
        return new Clocks(0, 0, 1, 0);
      }
      RecordedEvent start = nearest(read.subList(0, each));
      RecordedEvent end = nearest(read.subList(read.size() - each, read.size()));
      return new Clocks(
          nanos(start.getEndTime()), ahead(start), nanos(end.getEndTime()), ahead(end));
    }

    private static RecordedEvent nearest(List<RecordedEvent> read) {
      return read.stream().max(Comparator.comparingLong(Clocks::ahead)).orElseThrow();
    }

    private static long ahead(RecordedEvent event) {
      return event.getLong("nanos") - nanos(event.getEndTime());
    }

    long nanoTime(long recorded) {
      double share = (double) (recorded - first) / Math.max(1, last - first);
      return recorded + ahead + Math.round(share * (aheadAtLast - ahead));
    }
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

  private static Optional<String> kind(String type, String name) {
    return OpeningMethods.ALL.stream()
        .filter(method -> method.type().equals(type) && method.name().equals(name))
        .map(Method::kind)
        .findFirst();
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
