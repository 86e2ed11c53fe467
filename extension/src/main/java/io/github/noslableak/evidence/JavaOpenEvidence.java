package io.github.noslableak.evidence;

import io.github.noslableak.proc.Descriptors.Kind;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.OpenedInJava.Unrecorded;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where Java code opens descriptors while a body is run again, as far as this JVM records it. Where
 * that cannot be had, a report says why and stands without.
 */
final class JavaOpenEvidence implements EvidenceSource {

  private Optional<OpenRecording> recording = Optional.empty();
  private List<OpenRecording.Open> opens = List.of();

  private Optional<Unrecorded> unrecorded = Optional.empty();

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
    unrecorded =
        OpenRecording.obstacle()
            .map(obstacle -> new Unrecorded(obstacle.what(), Optional.of(obstacle.remedy())));
    if (unrecorded.isEmpty()) {
      try {
        recording = Optional.of(OpenRecording.start());
      } catch (RuntimeException e) {
        unrecorded = because(e);
      }
    }
  }

  private static Optional<Unrecorded> because(Exception e) {
    return Optional.of(new Unrecorded(String.valueOf(e.getMessage()), Optional.empty()));
  }

  @Override
  public void reran() {
    if (recording.isPresent()) {
      try {
        opens = recording.get().stop();
      } catch (IOException | RuntimeException e) {
        unrecorded = because(e);
      }
    }
  }

  @Override
  public void brokeOff() {
    close();
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.add(new OpenedInJava(unrecorded, places(opens, facts.ofJvm().grown())));
  }

  /** Returns who opened descriptors of these kinds, most often first. */
  static List<OpenedInJava.Place> places(List<OpenRecording.Open> opens, Set<Kind> kinds) {
    Set<String> names = kinds.stream().map(JavaOpenEvidence::name).collect(Collectors.toSet());
    return opens.stream()
        .filter(open -> names.contains(open.kind()))
        .map(open -> new OpenedInJava.Place(open.kind(), open.times(), open.frames()))
        .toList();
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
