package io.github.noslableak.diagnosis;

import static io.github.noslableak.dump.Dumps.cache;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.noslableak.dump.CacheUse;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.Dumps;
import io.github.noslableak.dump.Memory;
import io.github.noslableak.kernel.Captures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTests {

  private static final long GIB = 1L << 30;

  private static Dump with(Memory memory, CacheUse... caches) {
    return new Dump(
        "x",
        Optional.of(memory),
        List.of(caches),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static Dump capture(String name) throws Exception {
    return Dumps.read(
        new String(Captures.bytes(name + "/slabinfo.txt"), StandardCharsets.ISO_8859_1)
            + "\n"
            + new String(Captures.bytes(name + "/meminfo.txt"), StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"story.txt", "story-before-7.2.4.txt"})
  void the_story(String file) throws Exception {
    Diagnosis diagnosis = Diagnosis.of(Dumps.read(Dumps.text(file)));

    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.LEAK);
    assertThat(diagnosis.suspects())
        .extracting(Suspect::cache)
        .startsWith("sock_inode_cache", "dentry");
    assertThat(diagnosis.watched()).containsExactly("sock_inode_cache", "dentry");
    assertThat(diagnosis.kind()).contains(Kind.SOCKET);
    assertThat(diagnosis.bytesPerHour().orElseThrow() / (1 << 20)).isCloseTo(24, within(0.5));
    assertThat(diagnosis.hoursLeft().orElseThrow()).isCloseTo(3.4, within(0.1));
  }

  /** 15,000 closes of sockets, and 5,000 of files, from one reading to the other. */
  @Test
  void the_case_study() throws Exception {
    Diagnosis diagnosis =
        Diagnosis.of(
            capture("case-study/1-healthy"),
            capture("case-study/2-leaky-every1"),
            Optional.of(Duration.ofMinutes(30)));

    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.GROWS);
    Suspect sockets = diagnosis.suspects().get(0);
    assertThat(sockets.cache()).isEqualTo("sock_inode_cache");
    assertThat(sockets.growth().orElseThrow().objects()).hasValue(15_000);
    assertThat(sockets.growth().orElseThrow().objectsPerHour()).hasValue(30_000);
    assertThat(diagnosis.watched()).contains("sock_inode_cache", "dentry").doesNotContain("filp");
  }

  @Test
  void a_healthy_hook_does_not_grow() throws Exception {
    Diagnosis diagnosis =
        Diagnosis.of(
            capture("case-study/0-nomodule"), capture("case-study/0-nomodule"), Optional.empty());

    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.DOES_NOT_GROW);
    assertThat(diagnosis.bytesPerHour()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // total, free, available, slab, reclaimable in GiB
    "10, 5, 6, 1, 0.5, NOT_SLAB",
    "10, 3, 4, 3, 1, HIGH",
    "10, 0.2, 0.3, 6, 1, LEAK",
    "10, 0.2, 0.3, 6, 5, LEAK",
    "10, 2, 5, 6, 5, RECLAIMABLE",
    "10, 2, 5, 6, 1, LEAK"
  })
  void one_dump(
      double total,
      double free,
      double available,
      double slab,
      double reclaimable,
      Conclusion conclusion) {
    Memory memory =
        new Memory(
            (long) (total * GIB),
            (long) (free * GIB),
            OptionalLong.of((long) (available * GIB)),
            (long) (slab * GIB),
            OptionalLong.of((long) (reclaimable * GIB)));

    assertThat(Diagnosis.of(with(memory, cache("dentry", 192, 1000))).conclusion())
        .isEqualTo(conclusion);
  }

  @Test
  void caches_alone_do_not_tell_whether_it_is_slab() {
    Diagnosis diagnosis = Diagnosis.of(Dumps.of("x", cache("dentry", 192, 9_000_000)));

    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.UNKNOWN);
    assertThat(diagnosis.suspects()).extracting(Suspect::cache).containsExactly("dentry");
    assertThat(diagnosis.hoursLeft()).isEmpty();
  }

  @Test
  void a_cache_that_is_new_has_grown_by_all_that_it_holds() {
    Diagnosis diagnosis =
        Diagnosis.of(
            Dumps.of("x", cache("dentry", 192, 100)),
            Dumps.of("y", cache("dentry", 192, 100), cache("leaky_record", 64, 5_000)),
            Optional.empty());

    assertThat(diagnosis.suspects()).hasSize(1);
    assertThat(diagnosis.suspects().get(0).growth())
        .contains(new Growth(OptionalLong.of(5_000), 320_000, Optional.empty()));
    assertThat(diagnosis.watched())
        .as("of no I/O, and all there is")
        .containsExactly("leaky_record");
  }

  private static CacheUse bySlabtop(String name, long objects, long bytes) {
    return new CacheUse(
        name,
        OptionalLong.empty(),
        OptionalLong.of(objects),
        OptionalLong.of(objects),
        OptionalLong.of(bytes));
  }

  /** By slabtop the memory of a cache is that of its slabs, by slabinfo that of its objects. */
  @Test
  void dumps_of_different_kinds_are_compared_by_their_objects() {
    Diagnosis diagnosis =
        Diagnosis.of(
            Dumps.of("x", bySlabtop("dentry", 1_000, 900_000)),
            Dumps.of("y", cache("dentry", 192, 3_000)),
            Optional.empty());

    assertThat(diagnosis.suspects().get(0).growth())
        .contains(new Growth(OptionalLong.of(2_000), 2_000 * 192, Optional.empty()));
  }

  @Test
  void a_list_that_may_be_cut_off_does_not_say_that_a_cache_is_new() {
    Diagnosis diagnosis =
        Diagnosis.of(
            Dumps.of("x", bySlabtop("filp", 1_000, 256_000)),
            Dumps.of("y", bySlabtop("filp", 1_000, 256_000), bySlabtop("dentry", 9_000, 1_800_000)),
            Optional.empty());

    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.DOES_NOT_GROW);
  }

  @Test
  void what_could_not_be_read_did_not_grow() {
    CacheUse unknown =
        new CacheUse(
            "dentry",
            OptionalLong.of(192),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    assertThat(
            Diagnosis.of(
                    Dumps.of("x", unknown),
                    Dumps.of("y", cache("dentry", 192, 900_000)),
                    Optional.empty())
                .conclusion())
        .isEqualTo(Conclusion.DOES_NOT_GROW);
  }

  @Test
  void growth_that_an_idle_machine_has_is_none() {
    Dump before = Dumps.of("x", cache("dentry", 192, 10_000));
    Dump after = Dumps.of("y", cache("dentry", 192, 10_100));

    assertThat(Diagnosis.of(before, after, Optional.empty()).conclusion())
        .isEqualTo(Conclusion.DOES_NOT_GROW);
    assertThat(Diagnosis.of(before, after, Optional.empty(), 100).conclusion())
        .isEqualTo(Conclusion.GROWS);
  }

  @Test
  void only_what_is_known_to_grow() {
    Diagnosis diagnosis =
        Diagnosis.of(
            Dumps.of("x", cache("dentry", 192, 0), cache("filp", 256, 0)),
            Dumps.of("y", cache("dentry", 192, 10_000), cache("filp", 256, 1_000)),
            Optional.empty());

    assertThat(diagnosis.growingOnly("filp"::equals).suspects())
        .extracting(Suspect::cache)
        .containsExactly("filp");
    assertThat(diagnosis.growingOnly("none"::equals).conclusion())
        .isEqualTo(Conclusion.DOES_NOT_GROW);
  }

  // Which dumps are of one moment

  private static Dump at(String source, Duration uptime, CacheUse... caches) {
    Dump dump = Dumps.of(source, caches);
    return new Dump(
        source,
        dump.memory(),
        dump.caches(),
        dump.aliases(),
        Optional.of(uptime),
        Optional.empty(),
        dump.kernel(),
        dump.foreignModules(),
        dump.notes());
  }

  private static Dump memoryOnly(String source, long slab) {
    Dump dump = with(new Memory(10 * GIB, GIB, OptionalLong.empty(), slab, OptionalLong.empty()));
    return new Dump(
        source,
        dump.memory(),
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  @Test
  void memory_and_caches_of_one_moment_in_two_files() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(memoryOnly("meminfo", 7 * GIB), Dumps.of("slabinfo", cache("dentry", 192, 9))),
            Optional.empty());

    assertThat(diagnosis.earlier()).isEmpty();
    assertThat(diagnosis.latest().source()).isEqualTo("meminfo and slabinfo");
    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.LEAK);
  }

  @Test
  void memory_and_caches_of_two_moments_in_four_files() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                memoryOnly("m1", GIB),
                Dumps.of("s1", cache("dentry", 192, 9)),
                memoryOnly("m2", GIB),
                Dumps.of("s2", cache("dentry", 192, 9_000))),
            Optional.of(Duration.ofHours(1)));

    assertThat(diagnosis.earlier().orElseThrow().source()).isEqualTo("m1 and s1");
    assertThat(diagnosis.latest().source()).isEqualTo("m2 and s2");
    assertThat(diagnosis.bytesPerHour()).isEqualTo(OptionalDouble.of(8_991 * 192.0));
  }

  @Test
  void the_time_between_is_that_of_the_uptimes() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                at("early", Duration.ofHours(2), cache("dentry", 192, 9)),
                at("late", Duration.ofHours(5), cache("dentry", 192, 9_000))),
            Optional.empty());

    assertThat(diagnosis.earlier().orElseThrow().source()).isEqualTo("early");
    assertThat(diagnosis.time()).contains(Duration.ofHours(3));
  }

  @Test
  void dumps_are_in_the_order_of_their_dates_whatever_the_order_in_which_they_are_given() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                taken("late", "2026-11-02T00:00:00Z", Duration.ofDays(9)),
                taken("early", "2026-11-01T00:00:00Z", Duration.ofDays(8))),
            Optional.empty());

    assertThat(diagnosis.earlier().orElseThrow().source()).isEqualTo("early");
    assertThat(diagnosis.time()).contains(Duration.ofDays(1));
  }

  /** Without dates the machine may have been started again in between. */
  @Test
  void a_shorter_uptime_later_on_is_another_life() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                at("monday", Duration.ofDays(30), cache("dentry", 192, 9_000)),
                at("friday", Duration.ofDays(2), cache("dentry", 192, 9))),
            Optional.empty());

    assertThat(diagnosis.latest().source()).isEqualTo("friday");
    assertThat(diagnosis.time()).isEmpty();
    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.DOES_NOT_GROW);
  }

  @Test
  void crash_does_not_say_what_could_be_reclaimed() {
    Memory half =
        new Memory(10 * GIB, 4 * GIB, OptionalLong.empty(), 6 * GIB, OptionalLong.empty());
    Memory all = new Memory(10 * GIB, GIB / 4, OptionalLong.empty(), 9 * GIB, OptionalLong.empty());

    assertThat(Diagnosis.of(with(half, cache("dentry", 192, 1000))).conclusion())
        .isEqualTo(Conclusion.HIGH);
    assertThat(Diagnosis.of(with(all, cache("dentry", 192, 1000))).conclusion())
        .isEqualTo(Conclusion.LEAK);
  }

  @Test
  void files_in_the_order_in_which_a_shell_lists_them() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                memoryOnly("meminfo.1", GIB),
                memoryOnly("meminfo.2", 2 * GIB),
                Dumps.of("slabinfo.1", cache("dentry", 192, 9)),
                Dumps.of("slabinfo.2", cache("dentry", 192, 9_000))),
            Optional.empty());

    assertThat(diagnosis.earlier().orElseThrow().source()).isEqualTo("meminfo.1 and slabinfo.1");
    assertThat(diagnosis.latest().source()).isEqualTo("meminfo.2 and slabinfo.2");
    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.GROWS);
  }

  private static Dump taken(String source, String when, Duration uptime) {
    Dump dump = at(source, uptime, cache("dentry", 192, 9));
    return new Dump(
        source,
        dump.memory(),
        dump.caches(),
        dump.aliases(),
        dump.uptime(),
        Optional.of(Instant.parse(when)),
        dump.kernel(),
        dump.foreignModules(),
        dump.notes());
  }

  @Test
  void the_time_between_two_lives_of_a_machine_is_no_time_of_growth() {
    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(
                taken("before", "2026-11-01T00:00:00Z", Duration.ofDays(9)),
                taken("after", "2026-11-02T00:00:00Z", Duration.ofHours(2))),
            Optional.empty());

    assertThat(diagnosis.latest().source()).isEqualTo("after");
    assertThat(diagnosis.time()).isEmpty();
  }

  @Test
  void two_moments_of_different_files_do_not_belong_together() {
    Dump memory = memoryOnly("m", GIB);
    Dump early =
        new Dump(
            "m",
            memory.memory(),
            List.of(),
            Map.of(),
            Optional.of(Duration.ofHours(1)),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of());

    Diagnosis diagnosis =
        Moments.diagnose(
            List.of(early, at("s", Duration.ofHours(2), cache("dentry", 192, 9))),
            Optional.empty());

    assertThat(diagnosis.earlier()).isPresent();
    assertThat(diagnosis.conclusion()).isEqualTo(Conclusion.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "sock_inode_cache, SOCKET",
    "TCPv6, SOCKET",
    "dentry, FILE",
    "ext4_inode_cache, FILE",
    "xfs_inode, FILE",
    "lsm_inode_cache, SECURITY",
    "eventpoll_epi, SELECTOR",
    "inotify_inode_mark, WATCH",
    "net_namespace, NAMESPACE",
    "mnt_cache, MOUNT",
    "task_struct, PROCESS",
    "kmalloc-64, GENERAL",
    "size-64, GENERAL",
    "skbuff_head_cache, PACKET",
    "radix_tree_node, PAGE_CACHE",
    "kernfs_node_cache, KERNFS",
    "leaky_record, OTHER"
  })
  void what_makes_objects_of_a_cache(String cache, Kind kind) {
    assertThat(Kind.of(cache)).isEqualTo(kind);
  }
}
