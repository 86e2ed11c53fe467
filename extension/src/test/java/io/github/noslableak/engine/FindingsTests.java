package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Facts;
import io.github.noslableak.report.Booked;
import io.github.noslableak.report.Counting;
import io.github.noslableak.report.Coverage;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FindingsTests {

  private static final CacheGrowth DENTRY = new CacheGrowth("dentry", 100, 102, 0, 1, 192);
  private static final CacheGrowth FILP = new CacheGrowth("filp", 50, 50, 0, 1, 256);

  private static final Confirmation STANDS =
      Confirmation.impossible(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION));
  private static final Verdict LEAK = new Verdict.Leak(List.of(DENTRY, FILP), STANDS);
  private static final Verdict CLEAN = new Verdict.Clean(List.of(FILP));

  private static final CacheSelection SELECTION =
      new CacheSelection(
          List.of(
              new SlabCache("dentry", List.of("dentry"), List.of("other")),
              new SlabCache("filp", List.of("filp"), List.of("kmalloc-256"))),
          List.of(new CacheSelection.LeftOut("files_cache", List.of("kmalloc-704"))));

  private static Findings findings(Verdict verdict, Optional<Duration> took) {
    return new Findings(
        Plan.builder("upload", List.of("dentry", "filp")).build(),
        SELECTION,
        new Findings.Judged(verdict, STANDS, List.of(new Unjudged.Vanished("gone"))),
        new Findings.Went(took, Map.of()),
        new Counting(
            true,
            Duration.ofMillis(70),
            false,
            Optional.of("there is no tracing; to grant it, mount tracefs")));
  }

  private static Facts facts(OptionalLong availableMemoryBytes) {
    Facts facts = new Facts();
    facts.add(
        new Facts.OfMachine(
            new Machine(
                "Linux", new Machine.Hardware(1L << 30, 1, Optional.empty()), List.of(), List.of()),
            Optional.of(new Holders.OpenFileCount(10, 12)),
            List.of("/mnt (tmpfs)"),
            availableMemoryBytes));
    facts.add(UnreturnedReferences.unfollowed("there are no kprobes"));
    return facts;
  }

  @Test
  void a_leak_is_reported_with_what_evidence_says() {
    Facts facts = facts(OptionalLong.of(1L << 30));
    facts.addBooked(List.of(new Booked.Unreferenced(64, 2, List.of("f"))));

    SlabReport report =
        findings(LEAK, Optional.of(Duration.ofMillis(5))).report(facts, Optional.empty());

    assertThat(report.test()).isEqualTo("upload");
    assertThat(report.conclusion().verdict()).isEqualTo(LEAK);
    assertThat(report.conclusion().sensitivities()).hasSize(2);
    assertThat(report.coverage().unjudged()).containsExactly(new Unjudged.Vanished("gone"));
    assertThat(report.counting().exact()).isTrue();
    assertThat(report.counting().openingSettled()).isFalse();
    assertThat(report.counting().waited()).isEqualTo(Duration.ofMillis(70));
    assertThat(report.counting().unfollowed())
        .contains("there is no tracing; to grant it, mount tracefs");
    SlabReport.Evidence evidence = report.evidence().orElseThrow();
    assertThat(evidence.references().unfollowed()).contains("there are no kprobes");
    assertThat(evidence.holders().mounted()).containsExactly("/mnt (tmpfs)");
    assertThat(evidence.allocations().orElseThrow().booked())
        .containsExactly(new Booked.Unreferenced(64, 2, List.of("f")));
  }

  @Test
  void of_caches_that_share_their_slabs_those_are_named_that_grew() {
    SlabReport report = findings(LEAK, Optional.empty()).report(Facts.none(), Optional.empty());

    assertThat(report.coverage().shared())
        .containsExactly(new Coverage.SharedSlab("dentry", List.of("other")));
    assertThat(report.coverage().leftOut())
        .containsExactly(new Coverage.SharedSlab("files_cache", List.of("kmalloc-704")));
  }

  @Test
  void what_a_leak_would_do_is_told_where_its_time_and_the_memory_are_known() {
    Facts known = facts(OptionalLong.of(1L << 30));
    Optional<Duration> took = Optional.of(Duration.ofMillis(5));

    assertThat(findings(LEAK, took).report(known, Optional.empty()).conclusion().forecast())
        .isPresent();
    assertThat(
            findings(LEAK, Optional.empty())
                .report(known, Optional.empty())
                .conclusion()
                .forecast())
        .isEmpty();
    assertThat(
            findings(LEAK, took)
                .report(facts(OptionalLong.empty()), Optional.empty())
                .conclusion()
                .forecast())
        .isEmpty();
    assertThat(findings(CLEAN, took).report(known, Optional.empty()).conclusion().forecast())
        .isEmpty();
  }

  @Test
  void a_clean_measurement_need_not_be_explained() {
    SlabReport report = findings(CLEAN, Optional.empty()).report(Facts.none(), Optional.empty());

    assertThat(report.evidence()).isEmpty();
    assertThat(report.coverage().shared()).isEmpty();
  }
}
