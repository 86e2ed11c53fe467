package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.slab.SlabCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvidenceTests {

  private static final Grown GROWN =
      new Grown(Set.of("dentry"), Map.of(), true, true, Optional.empty());

  private final List<String> told = new ArrayList<>();

  private final class Telling implements EvidenceSource {
    private final String name;

    Telling(String name) {
      this.name = name;
    }

    @Override
    public void opening() {
      told.add(name + " opening");
    }

    @Override
    public void opened() {
      told.add(name + " opened");
    }

    @Override
    public void suspicion(Duration most) {
      told.add(name + " suspicion " + most.toMillis());
    }

    @Override
    public void rerunning() {
      told.add(name + " rerunning");
    }

    @Override
    public void ran(Set<Followed.At> left) {
      told.add(name + " ran " + left.size());
    }

    @Override
    public void reran() {
      told.add(name + " reran");
    }

    @Override
    public void brokeOff() {
      told.add(name + " broke off");
    }

    @Override
    public void lookAgain(Grown grown) {
      told.add(name + " looks again");
    }

    @Override
    public void facts(Grown grown, Facts facts) {
      told.add(name + " facts");
      facts.add(UnreturnedReferences.unfollowed("from " + name));
    }

    @Override
    public void close() {
      told.add(name + " close");
      throw new IllegalStateException(name);
    }
  }

  private final Evidence evidence =
      new Evidence(
          List.of(new Telling("a"), new Telling("b")),
          cache -> cache.name().equals("dentry") ? 192 : 0);

  @Test
  void each_source_is_told_what_happens_in_turn() {
    evidence.opening();
    evidence.opened();
    evidence.suspicion(Duration.ofMillis(7));
    evidence.rerunning();
    evidence.ran(Set.of());
    evidence.reran();
    evidence.brokeOff();

    assertThat(told)
        .containsExactly(
            "a opening",
            "b opening",
            "a opened",
            "b opened",
            "a suspicion 7",
            "b suspicion 7",
            "a rerunning",
            "b rerunning",
            "a ran 0",
            "b ran 0",
            "a reran",
            "b reran",
            "a broke off",
            "b broke off");
  }

  @Test
  void all_look_before_any_says_what_is_different() {
    Facts facts = evidence.facts(GROWN);

    assertThat(told).containsExactly("a looks again", "b looks again", "a facts", "b facts");
    assertThat(facts.references().unfollowed()).contains("from b");
  }

  @Test
  void all_are_closed_though_each_fails() {
    assertThatThrownBy(evidence::close)
        .hasMessage("a")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .hasToString("java.lang.IllegalStateException: b"));
    assertThat(told).containsExactly("a close", "b close");
  }

  @Test
  void it_tells_slot_sizes() {
    assertThat(evidence.slotBytes(new SlabCache("dentry", List.of("dentry"), List.of())))
        .isEqualTo(192);
    assertThat(evidence.slotBytes(new SlabCache("filp", List.of("filp"), List.of()))).isZero();
  }

  @Test
  void a_source_that_only_gives_facts_needs_no_more() {
    EvidenceSource source = (grown, facts) -> facts.add(UnreturnedReferences.unfollowed("found"));
    Evidence one = new Evidence(List.of(source), cache -> 0);
    one.opening();
    one.opened();
    one.suspicion(Duration.ZERO);
    one.rerunning();
    one.reran();
    one.brokeOff();

    assertThat(one.facts(GROWN).references().unfollowed()).contains("found");
    one.close();
  }
}
