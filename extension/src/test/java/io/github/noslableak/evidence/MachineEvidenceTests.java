package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Surroundings.View;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.Machine.OtherGrowth;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.CacheGrowth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineEvidenceTests {

  private static final String ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
  private static final String OF_TEST = "90 22 0:50 / /mnt/test rw - tmpfs none rw";
  private static final String OF_ROUNDS = "91 22 0:51 / /mnt/rounds rw - tmpfs none rw";
  private static final String UNMOUNTED = "92 22 0:52 / /mnt/gone rw - tmpfs none rw";

  private static final List<SlabCache> WATCHED =
      List.of(
          new SlabCache("dentry", List.of("dentry"), List.of()),
          new SlabCache("eventpoll_epi", List.of(":0000128"), List.of("kmalloc-128")));

  private static final Grown LEAK = grown(true, Optional.empty());

  private final Deque<View> views = new ArrayDeque<>();

  private static Grown grown(boolean leak, Optional<CacheGrowth> openFiles) {
    return new Grown(Set.of("dentry"), Map.of(), leak, true, openFiles);
  }

  private static View view(long kilobytes, long openFiles, String... mounts) {
    return new View(
        new MemInfo(3 * kilobytes, 2 * kilobytes, kilobytes),
        Map.of("dentry", kilobytes, "radix_tree_node", 100 + kilobytes),
        Map.of("dentry", 192L, "kmalloc-128", 128L),
        openFiles,
        List.of(mounts));
  }

  private MachineEvidence evidence(int processors) {
    return new MachineEvidence(
        "Linux 6.1 (SLUB)",
        WATCHED,
        new MachineEvidence.Readers(
            views::removeFirst,
            () -> new Host(2L << 30, processors, Optional.of("KVM")),
            () -> 4711,
            () -> List.of(new Machine.FileSystem("/net", "nfs4")),
            () -> views.add(view(0, 0))));
  }

  private static Facts facts(MachineEvidence evidence, Grown grown) {
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    return facts;
  }

  @Test
  void the_machine_is_told_as_it_was_after_the_opening_count_and_in_the_end() {
    views.addAll(List.of(view(900, 10, ROOT), view(10, 10, ROOT), view(15, 10, ROOT)));
    MachineEvidence evidence = evidence(2);
    evidence.opening();
    evidence.opened();

    Facts facts = facts(evidence, LEAK);

    assertThat(facts.evidence(Optional.empty()).orElseThrow().machine())
        .isEqualTo(
            new Machine(
                "Linux 6.1 (SLUB)",
                new Machine.Hardware(2L << 30, 2, Optional.of("KVM")),
                List.of(
                    new Machine.Figure("Slab", 30, 45),
                    new Machine.Figure("SReclaimable", 20, 30),
                    new Machine.Figure("SUnreclaim", 10, 15)),
                List.of(new OtherGrowth("radix_tree_node", 5)),
                List.of(new Machine.FileSystem("/net", "nfs4"))));
    assertThat(facts.availableMemoryBytes()).hasValue(4711);
  }

  @Test
  void available_memory_is_asked_for_where_something_leaks() {
    views.addAll(List.of(view(1, 1, ROOT), view(1, 1, ROOT)));

    assertThat(facts(evidence(1), grown(false, Optional.empty())).availableMemoryBytes())
        .isEqualTo(OptionalLong.empty());
  }

  @Test
  void of_what_is_mounted_only_that_of_the_first_run_is_told() {
    views.addAll(
        List.of(
            view(1, 1, ROOT),
            view(1, 1, ROOT),
            view(1, 1, ROOT, OF_TEST, UNMOUNTED),
            view(1, 1, ROOT, OF_TEST, OF_ROUNDS)));
    MachineEvidence evidence = evidence(1);
    evidence.opened();
    evidence.suspicion(Duration.ZERO);

    assertThat(facts(evidence, LEAK).evidence(Optional.empty()).orElseThrow().holders().mounted())
        .containsExactly("/mnt/test (tmpfs)");
  }

  @Test
  void where_the_body_was_not_run_again_all_that_is_mounted_since_is_told() {
    views.addAll(List.of(view(1, 1, ROOT), view(1, 1, ROOT, OF_TEST)));

    assertThat(
            facts(evidence(1), LEAK).evidence(Optional.empty()).orElseThrow().holders().mounted())
        .containsExactly("/mnt/test (tmpfs)");
  }

  @Test
  void filp_counts_open_files_more_truly_than_the_machine() {
    views.addAll(List.of(view(1, 1_000, ROOT), view(1, 5_000, ROOT)));
    CacheGrowth filp = new CacheGrowth("filp", 700, 703, 0, 1, 256);

    Facts facts = facts(evidence(1), grown(true, Optional.of(filp)));

    assertThat(facts.evidence(Optional.empty()).orElseThrow().holders().openFiles())
        .contains(new Holders.OpenFileCount(700, 703));
  }

  /** Whatever others open meanwhile, it is none of them. */
  @Test
  void of_what_no_file_holds_the_number_of_open_files_says_nothing() {
    views.addAll(List.of(view(1, 1_000, ROOT), view(1, 5_000, ROOT)));
    Grown semaphores = new Grown(Set.of("kmalloc-cg-512"), Map.of(), true, true, Optional.empty());

    assertThat(
            facts(evidence(1), semaphores)
                .evidence(Optional.empty())
                .orElseThrow()
                .holders()
                .openFiles())
        .isEmpty();
  }

  /** Batches of 32, or of twice the processors where these are more than 16, on each of them. */
  @ParameterizedTest
  @CsvSource({
    "1, 1000, 1032, 1000",
    "1, 1000, 1033, 1033",
    "1, 1000, 968, 1000",
    "1, 1000, 967, 967",
    "2, 1000, 1064, 1000",
    "2, 1000, 1065, 1065",
    "64, 1000, 9192, 1000",
    "64, 1000, 9193, 9193"
  })
  void a_difference_within_what_processors_keep_for_themselves_says_nothing(
      int processors, long before, long after, long told) {
    assertThat(MachineEvidence.openFiles(before, after, processors)).isEqualTo(told);

    views.addAll(List.of(view(1, before, ROOT), view(1, after, ROOT)));
    assertThat(
            facts(evidence(processors), LEAK)
                .evidence(Optional.empty())
                .orElseThrow()
                .holders()
                .openFiles())
        .contains(new Holders.OpenFileCount(before, told));
  }

  @Test
  void other_caches_are_told_that_grew_most_first_and_none_that_is_judged() {
    assertThat(
            MachineEvidence.otherGrowth(
                Map.of("dentry", 1L, "a", 5L, "b", 5L, "shrank", 9L, "still", 3L),
                Map.of(
                    "dentry", 90L,
                    "kmalloc-128", 80L,
                    ":0000128", 70L,
                    "b", 7L,
                    "a", 7L,
                    "new", 4L,
                    "shrank", 8L,
                    "still", 3L),
                WATCHED))
        .containsExactly(
            new OtherGrowth("new", 4), new OtherGrowth("a", 2), new OtherGrowth("b", 2));
  }

  @Test
  void a_slot_size_is_found_under_any_name_of_a_merged_cache() {
    views.add(view(1, 1, ROOT));
    MachineEvidence evidence = evidence(1);

    assertThat(evidence.slotBytes(WATCHED.get(0))).isEqualTo(192);
    assertThat(evidence.slotBytes(WATCHED.get(1))).isEqualTo(128);
    assertThat(evidence.slotBytes(new SlabCache("gone", List.of("gone"), List.of()))).isZero();
  }

  @Test
  void closing_closes_what_it_looks_with() {
    views.add(view(1, 1, ROOT));
    evidence(1).close();

    assertThat(views).hasSize(1);
  }
}
