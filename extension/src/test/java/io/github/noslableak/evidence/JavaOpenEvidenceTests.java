package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.OpenRecording.Open;
import io.github.noslableak.proc.Descriptors.Kind;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.OpenedInJava.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JavaOpenEvidenceTests {

  private static final List<Open> OPENS =
      List.of(
          new Open("sockets", 3_000, List.of("io.example.Relay.accept:17", "io.example.Main:4")),
          new Open("files", 2, List.of("io.example.Spool.open:9")),
          new Open("pipes", 1, List.of("io.example.Wake.up:1")));

  @Test
  void places_are_told_that_open_kinds_of_which_there_are_more() {
    assertThat(JavaOpenEvidence.places(OPENS, Set.of(Kind.SOCKET, Kind.FILE)))
        .containsExactly(
            new Place("sockets", 3_000, List.of("io.example.Relay.accept:17", "io.example.Main:4")),
            new Place("files", 2, List.of("io.example.Spool.open:9")));
    assertThat(JavaOpenEvidence.places(OPENS, Set.of(Kind.PIPE)))
        .containsExactly(new Place("pipes", 1, List.of("io.example.Wake.up:1")));
    assertThat(JavaOpenEvidence.places(OPENS, Set.of(Kind.EPOLL, Kind.EVENT))).isEmpty();
  }

  @Test
  void what_never_ran_again_says_nothing() {
    Grown grown = new Grown(Set.of("filp"), Map.of(), true, false, Optional.empty());
    Facts facts = new Facts();
    try (JavaOpenEvidence evidence = new JavaOpenEvidence()) {
      evidence.opening();
      evidence.lookAgain(grown);
      evidence.facts(grown, facts);
    }

    assertThat(facts.openedInJava()).isEqualTo(OpenedInJava.nothing());
  }
}
