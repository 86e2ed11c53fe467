package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.OpenedInJava.Place;
import io.github.noslableak.report.OpenedInJava.Unrecorded;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpenedInJavaTests {

  private static final Place PIPES = new Place("pipes", 1, List.of("io.example.Wake.up:1"));

  private static List<String> lines(Place... places) {
    return OpenedInJava.left(Optional.empty(), List.of(places)).lines(Set.of());
  }

  @Test
  void places_are_told_with_what_they_open() {
    assertThat(
            lines(
                new Place(
                    "sockets", 3_000, List.of("io.example.Relay.accept:17", "io.example.Main:4")),
                new Place("files", 2, List.of("io.example.Spool.open:9"))))
        .containsExactly(
            "Opened in Java while the body was run again, and left:",
            "  3,000 sockets by io.example.Relay.accept:17 < io.example.Main:4",
            "  2 files by io.example.Spool.open:9");
    assertThat(lines(PIPES)).contains("  1 pipe by io.example.Wake.up:1");
  }

  /** Whatever opened something of which there is no more now, left nothing. */
  @Test
  void where_it_is_not_known_what_is_left_those_are_told_that_may_have_left_it() {
    OpenedInJava suspects =
        OpenedInJava.suspects(
            Optional.empty(),
            List.of(
                PIPES,
                new Place("files", 9, List.of("io.example.Spool.open:9")),
                new Place("watch services", 1, List.of("io.example.Spool.watch:3"))));

    assertThat(suspects.lines(Set.of("file descriptors")))
        .containsExactly(
            "Opened in Java while the body was run again, one of these and not closed:",
            "  9 files by io.example.Spool.open:9");
    assertThat(suspects.lines(Set.of("pipes", "other anonymous inodes")))
        .contains(
            "  1 pipe by io.example.Wake.up:1", "  1 watch service by io.example.Spool.watch:3");
    assertThat(suspects.lines(Set.of("sockets"))).isEmpty();
  }

  @Test
  void four_places_are_enough() {
    assertThat(
            lines(
                IntStream.range(0, 6)
                    .mapToObj(i -> new Place("files", 6 - i, List.of("at" + i)))
                    .toArray(Place[]::new)))
        .containsExactly(
            "Opened in Java while the body was run again, and left:",
            "  6 files by at0",
            "  5 files by at1",
            "  4 files by at2",
            "  3 files by at3",
            "  and 2 more");
  }

  @Test
  void why_nothing_was_recorded_is_told_first() {
    assertThat(
            OpenedInJava.left(
                    Optional.of(new Unrecorded("no space", Optional.empty())), List.of(PIPES))
                .lines(Set.of()))
        .containsExactly(
            "Where they were opened in Java was not recorded: no space",
            "Opened in Java while the body was run again, and left:",
            "  1 pipe by io.example.Wake.up:1");
  }

  @Test
  void what_would_have_it_recorded_is_told_too() {
    assertThat(
            OpenedInJava.left(
                    Optional.of(
                        new Unrecorded(
                            "this Java does not trace methods",
                            Optional.of("run the tests on JDK 25 or later"))),
                    List.of())
                .lines(Set.of()))
        .containsExactly(
            "Where they were opened in Java was not recorded: this Java does not trace methods; to"
                + " have it, run the tests on JDK 25 or later");
  }

  @Test
  void where_nothing_was_asked_for_there_is_nothing_to_say() {
    assertThat(OpenedInJava.nothing().lines(Set.of())).isEmpty();
  }
}
