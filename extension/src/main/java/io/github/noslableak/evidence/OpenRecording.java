package io.github.noslableak.evidence;

import io.github.noslableak.kernel.Obstacle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/**
 * Records from its start to its end where the Java code of this JVM opens files and sockets, by the
 * flight recorder's tracing of methods, which is there from JDK 25 on (JEP 520).
 */
public final class OpenRecording implements AutoCloseable {

  private static final String EVENT = "jdk.MethodTrace";

  /** Java methods around the native ones, on JDK 25; what it has not, is not traced. */
  private static final Map<String, List<String>> METHODS =
      Map.of(
          "sockets",
          List.of(
              "sun.nio.ch.Net::socket",
              "sun.nio.ch.Net::serverSocket",
              "sun.nio.ch.NioSocketImpl::accept",
              "sun.nio.ch.ServerSocketChannelImpl::finishAccept",
              "sun.nio.ch.UnixDomainSockets::socket"),
          "files",
          List.of(
              "java.io.FileInputStream::open",
              "java.io.FileOutputStream::open",
              "java.io.RandomAccessFile::open",
              "sun.nio.fs.UnixNativeDispatcher::open",
              "sun.nio.fs.UnixNativeDispatcher::opendir"),
          "epolls",
          List.of("sun.nio.ch.EPollSelectorImpl::<init>"),
          "pipes",
          List.of("sun.nio.ch.PipeImpl::<init>"));

  /** Frames of these say nothing of where the product opened something. */
  private static final Pattern PLUMBING =
      Pattern.compile(
          "(java|javax|jdk|sun|com\\.sun|org\\.junit)\\..*"
              + "|io\\.github\\.noslableak\\.([A-Z]|(baseline|books|cli|diagnosis|dump|engine|evidence|junit|kernel|mount|object"
              + "|proc|report|slab|trace|verdict)\\.).*");

  private static final int MOST_FRAMES = 6;

  private final Recording recording;

  /**
   * One place that opens something.
   *
   * @param kind what it opens, in plural
   * @param times how often it did
   * @param frames the product's methods with their lines, innermost first
   */
  public record Open(String kind, long times, List<String> frames) {

    public Open {
      frames = List.copyOf(frames);
    }
  }

  private record Place(String kind, List<String> frames) {}

  private OpenRecording(Recording recording) {
    this.recording = recording;
  }

  /** Returns why this JVM cannot record that, with the remedy; empty if it can. */
  public static Optional<Obstacle> obstacle() {
    try {
      boolean traces =
          FlightRecorder.isAvailable()
              && FlightRecorder.getFlightRecorder().getEventTypes().stream()
                  .anyMatch(type -> type.getName().equals(EVENT));
      return traces
          ? Optional.empty()
          : Optional.of(
              new Obstacle("this Java does not trace methods", "run the tests on JDK 25 or later"));
    } catch (LinkageError | IllegalStateException e) {
      return Optional.of(
          new Obstacle(
              "this Java has no flight recorder",
              "run the tests on a JDK with the module jdk.jfr"));
    }
  }

  /**
   * Starts to record.
   *
   * @throws IllegalStateException if the flight recorder cannot start
   */
  public static OpenRecording start() {
    Recording recording = new Recording();
    recording.setName("noslableak");
    recording.setToDisk(false); // Nothing of it is to be found among what the test opens.
    recording
        .enable(EVENT)
        .withStackTrace()
        .with("threshold", "0 ms")
        .with(
            "filter",
            String.join(";", METHODS.values().stream().flatMap(List::stream).sorted().toList()));
    recording.start();
    return new OpenRecording(recording);
  }

  /**
   * Stops and says who opened what, most often first.
   *
   * @throws IOException if the recording cannot be read
   */
  public List<Open> stop() throws IOException {
    Path file = Files.createTempFile("noslableak", ".jfr");
    try {
      recording.dump(file); // While it runs: in memory it keeps nothing after that.
      recording.stop();
      return opens(RecordingFile.readAllEvents(file));
    } finally {
      Files.delete(file);
      close();
    }
  }

  private static List<Open> opens(List<RecordedEvent> events) {
    Map<Place, Long> times = new LinkedHashMap<>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals(EVENT)
          && event.getStackTrace() != null
          && event.getValue("method") instanceof RecordedMethod method) {
        String type = method.getType().getName();
        List<RecordedFrame> stack = event.getStackTrace().getFrames();
        // One overload calls another.
        boolean outermost =
            stack.isEmpty() || !stack.get(0).getMethod().getType().getName().equals(type);
        List<String> frames = frames(stack);
        if (outermost && !frames.isEmpty()) {
          times.merge(new Place(kind(type + "::" + method.getName()), frames), 1L, Long::sum);
        }
      }
    }
    List<Open> opens = new ArrayList<>();
    times.forEach((place, count) -> opens.add(new Open(place.kind(), count, place.frames())));
    opens.sort(
        Comparator.comparingLong(Open::times)
            .reversed()
            .thenComparing(Open::kind)
            .thenComparing(open -> open.frames().toString()));
    return opens;
  }

  private static String kind(String method) {
    return METHODS.entrySet().stream()
        .filter(entry -> entry.getValue().contains(method))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("files");
  }

  private static List<String> frames(List<RecordedFrame> stack) {
    return stack.stream()
        .filter(frame -> isProduct(frame.getMethod().getType().getName()))
        .limit(MOST_FRAMES)
        .map(
            frame ->
                frame.getMethod().getType().getName()
                    + "."
                    + frame.getMethod().getName()
                    + ":"
                    + frame.getLineNumber())
        .toList();
  }

  static boolean isProduct(String type) {
    return !PLUMBING.matcher(type).matches();
  }

  /** Stops recording. A second call does nothing. */
  @Override
  public void close() {
    recording.close();
  }
}
