package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.UnreturnedReferences;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferenceEvidenceTests {

  private static final Grown GROWN =
      new Grown(Set.of("dentry"), Map.of(), true, true, Optional.empty());

  private static UnreturnedReferences said(ReferenceEvidence evidence) {
    Facts facts = new Facts();
    evidence.facts(GROWN, facts);
    return facts.references();
  }

  @Test
  void a_body_that_never_ran_again_took_none() {
    try (ReferenceEvidence evidence = new ReferenceEvidence(List.of())) {
      evidence.opening();

      assertThat(said(evidence)).isEqualTo(UnreturnedReferences.none());
    }
  }

  /** Whatever stands in the way here: no kernel has such a module. */
  @Test
  void what_stands_in_the_way_is_told_however_it_ended() {
    for (boolean finished : new boolean[] {true, false}) {
      try (ReferenceEvidence evidence = new ReferenceEvidence(List.of("no_such_module"))) {
        evidence.rerunning();
        if (finished) {
          evidence.reran();
        } else {
          evidence.brokeOff();
        }

        assertThat(said(evidence).found()).isEmpty();
        assertThat(said(evidence).unfollowed().orElseThrow()).contains("; to grant it, ");
      }
    }
  }
}
