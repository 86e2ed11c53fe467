package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Facts;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
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

  private static final Confirmation STANDS = Confirmation.impossible("it is a factory");
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
        Measurement.of("upload", List.of("dentry", "filp")),
        SELECTION,
        new Findings.Judged(verdict, STANDS, List.of(new Unjudged("gone", "vanished meanwhile"))),
        new Findings.Course(took, Map.of()),
        new Findings.Counting(true, false, Duration.ofMillis(70)),
        Optional.of(new Obstacle("there is no tracing", "mount tracefs")));
  }

  private static Facts facts(OptionalLong availableMemoryBytes) {
    Facts facts = new Facts();
    facts.add(
        new Facts.OfMachine(
            new Machine("Linux", "1 processor", List.of(), List.of()),
            10,
            12,
            List.of("/mnt (tmpfs)"),
            availableMemoryBytes));
    facts.references(List.of("leaky took one"));
    return facts;
  }

  @Test
  void a_leak_is_reported_with_what_evidence_says() {
    Facts facts = facts(OptionalLong.of(1L << 30));
    facts.addBooked(List.of(new Allocations.Booked("kmemleak found", 2, "objects", List.of("f"))));

    SlabReport report =
        findings(LEAK, Optional.of(Duration.ofMillis(5))).report(facts, Optional.empty());

    assertThat(report.test()).isEqualTo("upload");
    assertThat(report.verdict()).isEqualTo(LEAK);
    assertThat(report.sensitivities()).hasSize(2);
    assertThat(report.unjudged()).containsExactly(new Unjudged("gone", "vanished meanwhile"));
    assertThat(report.exact()).isTrue();
    assertThat(report.baselineSettled()).isFalse();
    assertThat(report.waited()).isEqualTo(Duration.ofMillis(70));
    assertThat(report.unfollowed()).contains("there is no tracing; to grant it, mount tracefs");
    assertThat(report.references()).containsExactly("leaky took one");
    assertThat(report.scene()).isEqualTo(facts.scene()).isPresent();
    assertThat(report.allocations().orElseThrow().booked())
        .extracting(Allocations.Booked::book)
        .containsExactly("kmemleak found");
  }

  @Test
  void of_caches_that_share_their_slabs_those_are_named_that_grew() {
    SlabReport report = findings(LEAK, Optional.empty()).report(Facts.none(), Optional.empty());

    assertThat(report.shared())
        .containsExactly(new SlabReport.SharedSlab("dentry", List.of("other")));
    assertThat(report.leftOut())
        .containsExactly(new SlabReport.SharedSlab("files_cache", List.of("kmalloc-704")));
  }

  @Test
  void what_a_leak_would_do_is_told_where_its_time_and_the_memory_are_known() {
    Facts known = facts(OptionalLong.of(1L << 30));
    Optional<Duration> took = Optional.of(Duration.ofMillis(5));

    assertThat(findings(LEAK, took).report(known, Optional.empty()).forecast()).isPresent();
    assertThat(findings(LEAK, Optional.empty()).report(known, Optional.empty()).forecast())
        .isEmpty();
    assertThat(
            findings(LEAK, took).report(facts(OptionalLong.empty()), Optional.empty()).forecast())
        .isEmpty();
    assertThat(findings(CLEAN, took).report(known, Optional.empty()).forecast()).isEmpty();
  }

  @Test
  void a_clean_measurement_need_not_be_explained() {
    SlabReport report = findings(CLEAN, Optional.empty()).report(Facts.none(), Optional.empty());

    assertThat(report.scene()).isEmpty();
    assertThat(report.allocations()).isEmpty();
    assertThat(report.shared()).isEmpty();
  }
}
