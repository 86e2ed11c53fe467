package io.github.noslableak.evidence;

import io.github.noslableak.jvm.Open;
import io.github.noslableak.jvm.OpenRecording;
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

  /** Of a virtual thread it is not known on which task it ran. */
  private static final int ANY_TASK = 0;

  private Optional<OpenRecording> recording = Optional.empty();
  private List<Open> opens = List.of();
  private Set<Followed.At> ofRounds = Set.of();
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
  }

  /**
   * It must look before garbage is collected, which closes what a forgotten close() left. Where one
   * came by itself and closed all of it, what was left right after the rounds tells.
   */
  @Override
  public void lookAgain(Grown grown) {
    Set<Open> made = ofLeft(opens, grown.left());
    if (made.isEmpty()) {
      made =
          ofLeft(
              opens,
              ofRounds.stream().filter(object -> grown.caches().contains(object.cache())).toList());
    }
    found =
        made.isEmpty() && ofRounds.isEmpty()
            ? OpenedInJava.suspects(unrecorded, places(opens))
            : OpenedInJava.left(unrecorded, places(made));
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
      for (int task : new int[] {object.task(), ANY_TASK}) {
        Map.Entry<Long, Open> last =
            byTask.getOrDefault(task, Collections.emptyNavigableMap()).floorEntry(object.time());
        if (last != null && last.getValue().made(object.task(), object.time())) {
          made.add(last.getValue());
        }
      }
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
