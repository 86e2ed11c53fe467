package io.github.noslableak.evidence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where Java code opens descriptors while a body is run again, as far as this JVM records it. It is
 * evidence: where it cannot be had, a report says why and stands without.
 */
public final class OpensInJava implements AutoCloseable {

  private static final int MOST_PLACES = 4;

  private final @Nullable OpenRecording recorded;
  private List<String> obstacle;
  private List<OpenRecording.Open> opens = List.of();

  private OpensInJava(@Nullable OpenRecording recorded, List<String> obstacle) {
    this.recorded = recorded;
    this.obstacle = obstacle;
  }

  /** Records nothing. */
  public static OpensInJava none() {
    return new OpensInJava(null, List.of());
  }

  /** Starts to record, if this JVM can. */
  public static OpensInJava start() {
    return OpenRecording.obstacle()
        .map(
            why ->
                new OpensInJava(
                    null,
                    List.of(
                        "Where they were opened in Java was not recorded: "
                            + why.what()
                            + "; to have it, "
                            + why.remedy())))
        .orElseGet(OpensInJava::started);
  }

  private static OpensInJava started() {
    try {
      return new OpensInJava(OpenRecording.start(), List.of());
    } catch (RuntimeException e) {
      return new OpensInJava(null, failed(e));
    }
  }

  private static List<String> failed(Exception e) {
    return List.of("Where they were opened in Java was not recorded: " + e.getMessage());
  }

  /**
   * Starts it once for nothing, before anything is counted: the flight recorder's threads and files
   * stay for as long as the JVM lives.
   */
  public static void rehearse() {
    OpensInJava rehearsed = start();
    rehearsed.stop();
  }

  /** Stops and keeps what was recorded. */
  public void stop() {
    if (recorded != null) {
      try {
        opens = recorded.stop();
      } catch (IOException | RuntimeException e) {
        obstacle = failed(e);
      }
    }
  }

  /**
   * Says who opened descriptors of these kinds, most often first.
   *
   * @param kinds in plural, such as sockets
   */
  public List<String> lines(Set<String> kinds) {
    List<String> lines = new ArrayList<>(obstacle);
    opens.stream()
        .filter(open -> kinds.contains(open.kind()))
        .limit(MOST_PLACES)
        .forEach(
            open ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%,d %s by %s",
                        open.times(),
                        open.kind(),
                        String.join(" < ", open.frames()))));
    return lines;
  }

  @Override
  public void close() {
    if (recorded != null) {
      recorded.close();
    }
  }
}
