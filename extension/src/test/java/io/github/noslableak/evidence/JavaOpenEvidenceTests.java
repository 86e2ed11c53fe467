package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.OpenRecording.Open;
import io.github.noslableak.proc.Descriptors.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JavaOpenEvidenceTests {

  private static final List<Open> OPENS =
      List.of(
          new Open("sockets", 3_000, List.of("io.example.Relay.accept:17", "io.example.Main:4")),
          new Open("files", 2, List.of("io.example.Spool.open:9")),
          new Open("pipes", 1, List.of("io.example.Wake.up:1")));

  @Test
  void places_are_told_that_open_kinds_of_which_there_are_more() {
    assertThat(JavaOpenEvidence.lines(Optional.empty(), OPENS, Set.of(Kind.SOCKET, Kind.FILE)))
        .containsExactly(
            "3,000 sockets by io.example.Relay.accept:17 < io.example.Main:4",
            "2 files by io.example.Spool.open:9");
    assertThat(JavaOpenEvidence.lines(Optional.empty(), OPENS, Set.of(Kind.PIPE)))
        .containsExactly("1 pipes by io.example.Wake.up:1");
    assertThat(JavaOpenEvidence.lines(Optional.empty(), OPENS, Set.of(Kind.EPOLL, Kind.EVENT)))
        .isEmpty();
  }

  @Test
  void four_places_are_enough() {
    List<Open> many =
        IntStream.range(0, 6).mapToObj(i -> new Open("files", 6 - i, List.of("at" + i))).toList();

    assertThat(JavaOpenEvidence.lines(Optional.empty(), many, Set.of(Kind.FILE)))
        .containsExactly("6 files by at0", "5 files by at1", "4 files by at2", "3 files by at3");
  }

  @Test
  void why_nothing_was_recorded_is_told_first() {
    assertThat(JavaOpenEvidence.lines(Optional.of("no space"), OPENS, Set.of(Kind.PIPE)))
        .containsExactly(
            "Where they were opened in Java was not recorded: no space",
            "1 pipes by io.example.Wake.up:1");
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

    assertThat(facts.openedInJava()).isEmpty();
  }
}
