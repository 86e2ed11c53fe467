package io.github.noslableak.evidence;

import io.github.noslableak.jvm.Open;
import io.github.noslableak.jvm.OpenRecording;
import io.github.noslableak.proc.Cleaners;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.OpenedInJava.Place;
import io.github.noslableak.report.OpenedInJava.Unrecorded;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where Java code opens what it leaves while a body is run again, as far as this JVM records it.
 * Where that cannot be had, a report says why and stands without.
 */
final class JavaOpenEvidence implements EvidenceSource {

  private static final int MOST_NESTED = 4;

  private Optional<OpenRecording> recording = Optional.empty();
  private List<Open> opens = List.of();
  private Set<Followed.At> ofRounds = Set.of();
  private long cleanings;
  private OpenedInJava found = OpenedInJava.nothing();

  private Optional<Unrecorded> unrecorded = Optional.empty();

  /**
   * Records once for nothing, before anything is counted: an agent, the flight recorder's threads
   * and files stay for as long as the JVM lives.
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
      } catch (IOException | RuntimeException | LinkageError e) {
        unrecorded = because(e);
      }
    }
  }

  private static Optional<Unrecorded> because(Throwable e) {
    return Optional.of(new Unrecorded(String.valueOf(e.getMessage()), Optional.empty()));
  }

  @Override
  public void reran() {
    if (recording.isPresent()) {
      try {
        opens = recording.get().stop();
      } catch (IOException | RuntimeException | LinkageError e) {
        unrecorded = because(e);
      }
    }
  }

  @Override
  public void brokeOff() {
    close();
  }

  @Override
  public void ran(Set<Followed.At> left) {
    ofRounds = left;
    cleanings = Cleaners.cleanings();
  }

  /**
   * It must look before garbage is collected, which closes what a forgotten close() left. Where one
   * came by itself and closed all of it, what was left right after the rounds tells.
   */
  @Override
  public void lookAgain(Grown grown) {
    List<Followed.At> collected =
        Cleaners.cleanings() == cleanings
            ? List.of()
            : ofRounds.stream().filter(object -> grown.caches().contains(object.cache())).toList();
    Set<Followed.At> left = grown.left();
    found =
        left.isEmpty() && collected.isEmpty()
            ? OpenedInJava.suspects(unrecorded, places(opens))
            : OpenedInJava.left(
                unrecorded, places(ofLeft(opens, left.isEmpty() ? collected : left)));
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    facts.add(found);
  }

  /**
   * Returns what has left something: the thread allocated it while the method ran that opens.
   *
   * @param opens in any order
   */
  static Set<Open> ofLeft(List<Open> opens, Collection<Followed.At> left) {
    Map<Integer, NavigableMap<Long, Open>> byTask = new HashMap<>();
    opens.forEach(
        open ->
            byTask.computeIfAbsent(open.task(), unknown -> new TreeMap<>()).put(open.from(), open));
    Set<Open> made = new HashSet<>();
    for (Followed.At object : left) {
      NavigableMap<Long, Open> ofTask =
          byTask.getOrDefault(object.task(), Collections.emptyNavigableMap());
      // Of one that called another it is the inner one, or else the outer one.
      ofTask.headMap(object.time(), true).descendingMap().values().stream()
          .limit(MOST_NESTED)
          .filter(open -> open.made(object.task(), object.time()))
          .findFirst()
          .ifPresent(made::add);
    }
    return made;
  }

  /** Returns who opened, most often first. */
  static List<Place> places(Collection<Open> opens) {
    record Key(String kind, List<String> frames) {}
    Map<Key, Long> times = new LinkedHashMap<>();
    opens.forEach(open -> times.merge(new Key(open.kind(), open.frames()), 1L, Long::sum));
    return times.entrySet().stream()
        .map(entry -> new Place(entry.getKey().kind(), entry.getValue(), entry.getKey().frames()))
        .sorted(
            Comparator.comparingLong(Place::times)
                .reversed()
                .thenComparing(Place::kind)
                .thenComparing(place -> place.frames().toString()))
        .toList();
  }

  @Override
  public void close() {
    recording.ifPresent(OpenRecording::close);
    recording = Optional.empty();
  }
}
