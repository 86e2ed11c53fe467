package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Followed.At;
import io.github.noslableak.jvm.Open;
import io.github.noslableak.report.OpenedInJava;
import io.github.noslableak.report.OpenedInJava.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JavaOpenEvidenceTests {

  private static final List<String> ACCEPT =
      List.of("io.example.Relay.accept:17", "io.example.Main:4");
  private static final List<String> SPOOL = List.of("io.example.Spool.open:9");

  private static final int TASK = 41;
  private static final int OTHER_TASK = 42;
  private static final int VIRTUAL = 0;

  private static Open file(int task, long from, long until) {
    return new Open("files", task, from, until, SPOOL);
  }

  private static At left(int task, long time) {
    return new At("filp", 4096 + time, task, time);
  }

  @Test
  void places_are_told_by_how_often_they_open() {
    assertThat(
            JavaOpenEvidence.places(
                List.of(
                    file(TASK, 1, 2),
                    new Open("sockets", TASK, 3, 4, ACCEPT),
                    file(OTHER_TASK, 5, 6))))
        .containsExactly(new Place("files", 2, SPOOL), new Place("sockets", 1, ACCEPT));
  }

  @Test
  void what_a_thread_allocated_while_it_opened_something_is_of_that() {
    Open first = file(TASK, 100, 110);
    Open second = file(TASK, 200, 210);
    List<Open> opens = List.of(first, second, file(OTHER_TASK, 150, 250));

    assertThat(JavaOpenEvidence.ofLeft(opens, Set.of(left(TASK, 105), left(TASK, 106))))
        .containsExactly(first);
    assertThat(JavaOpenEvidence.ofLeft(opens, Set.of(left(TASK, 100), left(TASK, 210))))
        .containsExactlyInAnyOrder(first, second);
  }

  @Test
  void what_was_allocated_at_another_time_is_of_none() {
    List<Open> opens = List.of(file(TASK, 100, 110), file(TASK, 200, 210));

    assertThat(
            JavaOpenEvidence.ofLeft(
                opens,
                Set.of(
                    left(TASK, 99),
                    left(TASK, 111),
                    left(TASK, 211),
                    left(OTHER_TASK, 105),
                    new At("filp", 4096, VIRTUAL, 0)))) // By an interrupt.
        .isEmpty();
  }

  /** Which tells nothing of what other threads open meanwhile. */
  @Test
  void of_a_virtual_thread_whose_task_is_not_known_nothing_is_said() {
    List<Open> opens = List.of(file(VIRTUAL, 100, 110));

    assertThat(JavaOpenEvidence.ofLeft(opens, Set.of(left(TASK, 105), left(VIRTUAL, 105))))
        .isEmpty();
  }

  @Test
  void of_methods_of_which_one_calls_the_other_the_outer_one_made_what_the_inner_one_did_not() {
    Open outer = file(TASK, 100, 200);
    Open inner = file(TASK, 120, 130);

    assertThat(JavaOpenEvidence.ofLeft(List.of(inner, outer), Set.of(left(TASK, 125))))
        .containsExactly(inner);
    assertThat(JavaOpenEvidence.ofLeft(List.of(inner, outer), Set.of(left(TASK, 150))))
        .containsExactly(outer);
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
