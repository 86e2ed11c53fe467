package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.proc.Descriptors.Kind;
import io.github.noslableak.report.DescriptorCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DescriptorEvidenceTests {

  private static final Grown GROWN =
      new Grown(Set.of("filp"), Map.of(), true, true, Optional.empty());

  private final Deque<Supplier<Descriptors>> listings = new ArrayDeque<>();
  private Descriptors closed = new Descriptors(Map.of());
  private long cleanings;
  private final DescriptorEvidence evidence =
      new DescriptorEvidence(() -> listings.removeFirst().get(), () -> closed, () -> cleanings);

  private void listed(Map<Integer, String> targets) {
    listings.add(() -> new Descriptors(targets));
  }

  private void notListed() {
    listings.add(
        () -> {
          throw new UncheckedIOException("too many open files", new IOException("EMFILE"));
        });
  }

  private Facts.OfJvm ofRerun() {
    evidence.opening();
    evidence.suspicion(Duration.ZERO);
    return facts();
  }

  private Facts.OfJvm facts() {
    return facts(GROWN);
  }

  private Facts.OfJvm facts(Grown grown) {
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    assertThat(listings).isEmpty();
    return facts.ofJvm();
  }

  private static List<String> grown(Facts.OfJvm found) {
    return found.counts().stream()
        .filter(count -> count.after() > count.before())
        .map(DescriptorCount::kind)
        .toList();
  }

  private static long after(Facts.OfJvm found, Kind kind) {
    return found.counts().stream()
        .filter(count -> count.kind().equals(kind.plural()))
        .mapToLong(DescriptorCount::after)
        .sum();
  }

  @Test
  void what_is_open_now_and_was_not_before_is_told_by_kind() {
    listed(Map.of(0, "/dev/null", 4, "socket:[1]"));
    listed(Map.of(0, "/dev/null", 4, "socket:[2]", 5, "socket:[3]", 6, "/srv/a"));
    evidence.opening();

    Facts.OfJvm found = facts();

    assertThat(found.counts())
        .containsExactly(
            new DescriptorCount("sockets", 1, 2),
            new DescriptorCount("pipes", 0, 0),
            new DescriptorCount("epolls", 0, 0),
            new DescriptorCount("other anonymous inodes", 0, 0),
            new DescriptorCount("file descriptors", 1, 2));
    assertThat(grown(found)).containsExactlyInAnyOrder("sockets", "file descriptors");
    assertThat(found.opened()).containsExactly("/srv/a", "socket:[2]", "socket:[3]");
    assertThat(found.closedByCollection()).isZero();
  }

  @Test
  void a_second_opening_takes_the_place_of_the_first() {
    listed(Map.of());
    listed(Map.of(4, "socket:[1]"));
    listed(Map.of(4, "socket:[1]"));
    evidence.opening();
    evidence.opening();

    assertThat(grown(facts())).isEmpty();
  }

  @Test
  void what_only_the_rounds_opened_is_left_out() {
    listed(Map.of());
    listed(Map.of(4, "socket:[1]"));
    listed(Map.of(4, "socket:[1]", 5, "socket:[2]", 6, "socket:[3]"));

    Facts.OfJvm found = ofRerun();

    assertThat(found.opened()).containsExactly("socket:[1]");
    assertThat(after(found, Kind.SOCKET)).isOne();
  }

  /** A collection closed that of the first run before anybody looked. */
  @Test
  void what_the_rounds_opened_is_told_where_nothing_of_the_first_run_is_open() {
    assertThat(ofRoundsThatLeft(3).opened())
        .containsExactly("socket:[2]", "socket:[3]", "socket:[4]");
    assertThat(ofRoundsThatLeft(4).opened()).as("it explains too little").isEmpty();
  }

  private Facts.OfJvm ofRoundsThatLeft(long objects) {
    listed(Map.of());
    listed(Map.of());
    listed(Map.of(4, "socket:[2]", 5, "socket:[3]", 6, "socket:[4]"));
    evidence.opening();
    evidence.suspicion(Duration.ZERO);
    return facts(new Grown(Set.of("filp"), Map.of("filp", objects), true, true, Optional.empty()));
  }

  @Test
  void what_a_collection_closed_counts_as_left_open() {
    listed(Map.of(3, "pipe:[9]"));
    listed(Map.of(3, "pipe:[9]", 4, "socket:[1]", 5, "/srv/a"));
    closed = new Descriptors(Map.of(3, "pipe:[9]", 4, "socket:[1]"));
    listed(Map.of(5, "/srv/a"));

    Facts.OfJvm found = ofRerun();

    assertThat(found.opened()).containsExactly("/srv/a", "socket:[1]");
    // The pipe was there before the test.
    assertThat(found.closedByCollection()).isOne();
  }

  @Test
  void what_a_collection_closed_by_itself_counts_as_left_open_too() {
    listed(Map.of());
    listed(Map.of(4, "socket:[1]", 5, "/srv/a"));
    evidence.opening();
    evidence.suspicion(Duration.ZERO);
    cleanings++;
    listed(Map.of(5, "/srv/a"));
    listed(Map.of(5, "/srv/a"));

    Facts.OfJvm found = facts();

    assertThat(found.opened()).containsExactly("/srv/a", "socket:[1]");
    assertThat(found.closedByCollection()).isOne();
  }

  @Test
  void without_a_descriptor_left_to_look_with_there_are_those_of_the_last_look() {
    listed(Map.of());
    listed(Map.of(4, "socket:[1]"));
    notListed();

    assertThat(ofRerun().opened()).containsExactly("socket:[1]");
  }

  @Test
  void without_one_already_under_suspicion_there_are_those_of_the_opening() {
    listed(Map.of(4, "socket:[1]"));
    notListed();
    notListed();

    Facts.OfJvm found = ofRerun();

    assertThat(found.opened()).isEmpty();
    assertThat(after(found, Kind.SOCKET)).isOne();
  }
}
