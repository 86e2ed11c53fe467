package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.InKernel.Use;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UseEvidenceTests {

  private final Deque<Set<Use>> looks = new ArrayDeque<>();

  private List<Use> found(String cache) {
    UseEvidence evidence = new UseEvidence(looks::removeFirst);
    Grown grown = new Grown(Set.of(cache), Map.of(), true, true, Optional.empty());
    evidence.suspicion(Duration.ofMillis(1));
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    facts.add(
        new Facts.OfMachine(FactsTests.MACHINE, Optional.empty(), List.of(), OptionalLong.empty()));
    evidence.facts(grown, facts);
    return facts.evidence(Optional.empty()).orElseThrow().holders().inKernel().uses();
  }

  @Test
  void as_many_as_a_confirmation_has_runs_are_told() {
    looks.add(Set.of(Use.ofLoop("/dev/loop0", "/a"), Use.ofLoop("/dev/loop1", "/b")));
    looks.add(
        Set.of(
            Use.ofLoop("/dev/loop0", "/a"),
            Use.ofLoop("/dev/loop1", "/c"),
            Use.ofLoop("/dev/loop2", "/d (deleted)"),
            Use.ofSwap("/e")));

    assertThat(found("filp"))
        .containsExactlyInAnyOrder(
            Use.ofLoop("/dev/loop1", "/c"),
            Use.ofLoop("/dev/loop2", "/d (deleted)"),
            Use.ofSwap("/e"));
  }

  /** Such as one of a package manager, or of a build beside. */
  @Test
  void one_alone_may_be_anybodys() {
    looks.add(Set.of());
    looks.add(Set.of(Use.ofLoop("/dev/loop7", "/var/lib/snapd/snaps/core.snap")));

    assertThat(found("filp")).isEmpty();
  }

  @Test
  void of_what_no_file_holds_none_is() {
    looks.add(Set.of());

    assertThat(found("kmalloc-64")).isEmpty();
  }
}
