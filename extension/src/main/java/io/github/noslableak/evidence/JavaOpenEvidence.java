package io.github.noslableak.evidence;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.Descriptors.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where Java code opens descriptors while a body is run again, as far as this JVM records it. Where
 * that cannot be had, a report says why and stands without.
 */
final class JavaOpenEvidence implements EvidenceSource {

  private static final int MOST_PLACES = 4;

  private Optional<OpenRecording> recording = Optional.empty();
  private List<OpenRecording.Open> opens = List.of();

  /** Why nothing was recorded, as a clause. */
  private Optional<String> obstacle = Optional.empty();

  /**
   * Records once for nothing, before anything is counted: the flight recorder's threads and files
   * stay for as long as the JVM lives.
   */
  static void rehearse() {
    try (JavaOpenEvidence rehearsed = new JavaOpenEvidence()) {
      rehearsed.rerunning();
      rehearsed.reran();
    }
  }

  @Override
  public void rerunning() {
    obstacle = OpenRecording.obstacle().map(JavaOpenEvidence::clause);
    if (obstacle.isEmpty()) {
      try {
        recording = Optional.of(OpenRecording.start());
      } catch (RuntimeException e) {
        obstacle = Optional.of(String.valueOf(e.getMessage()));
      }
    }
  }

  private static String clause(Obstacle why) {
    return why.what() + "; to have it, " + why.remedy();
  }

  @Override
  public void reran() {
    if (recording.isPresent()) {
      try {
        opens = recording.get().stop();
      } catch (IOException | RuntimeException e) {
        obstacle = Optional.of(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void brokeOff() {
    close();
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.openedInJava(lines(obstacle, opens, facts.ofJvm().grown()));
  }

  /** Says who opened descriptors of these kinds, most often first. */
  static List<String> lines(
      Optional<String> obstacle, List<OpenRecording.Open> opens, Set<Kind> kinds) {
    Set<String> names = kinds.stream().map(JavaOpenEvidence::name).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    obstacle.ifPresent(why -> lines.add("Where they were opened in Java was not recorded: " + why));
    opens.stream()
        .filter(open -> names.contains(open.kind()))
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

  /** Of what Java opens, a file is a file. */
  private static String name(Kind kind) {
    return kind == Kind.FILE ? "files" : kind.plural();
  }

  @Override
  public void close() {
    recording.ifPresent(OpenRecording::close);
    recording = Optional.empty();
  }
}
