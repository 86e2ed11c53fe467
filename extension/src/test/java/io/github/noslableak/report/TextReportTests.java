package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Trial;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whole messages: what an engineer reads is tested as it is read. */
class TextReportTests {

  private static final List<String> KINDS =
      List.of("sockets", "pipes", "epolls", "other anonymous inodes", "files");

  private static final Machine MACHINE =
      new Machine(
          "Linux 6.18.0 (SLUB)",
          "24,105 MiB of memory, 2 processors, KVM",
          List.of(
              new Machine.Figure("Slab", 29_756, 29_768),
              new Machine.Figure("SReclaimable", 7_372, 7_384),
              new Machine.Figure("SUnreclaim", 22_384, 22_384)),
          List.of());

  /** Held by nothing that can be seen: the plainest report. */
  private static SlabReport report(CacheGrowth... growths) {
    return new SlabReport(
        "RelayTests.relays",
        new Verdict.Leak(List.of(growths), Confirmation.impossible("it was told not to")),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        true,
        Duration.ofMillis(2_187),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.of(new SlabReport.Scene(holders(0, 0, 640, 640), MACHINE)));
  }

  private static CacheGrowth growth(
      String cache, long before, long growth, int iterations, long slotBytes) {
    return new CacheGrowth(cache, before, before + growth, 0, iterations, slotBytes);
  }

  private static List<Holders.DescriptorCount> descriptors(long sockets, long files) {
    return KINDS.stream()
        .map(
            kind ->
                switch (kind) {
                  case "sockets" -> new Holders.DescriptorCount(kind, 2, 2 + sockets);
                  case "files" -> new Holders.DescriptorCount(kind, 40, 40 + files);
                  default -> new Holders.DescriptorCount(kind, 0, 0);
                })
        .toList();
  }

  private static Holders holders(long sockets, long files, long openBefore, long openAfter) {
    List<String> opened =
        Stream.concat(
                IntStream.range(0, (int) Math.max(0, sockets)).mapToObj(i -> "socket:[8" + i + "]"),
                IntStream.range(0, (int) Math.max(0, files)).mapToObj(i -> "/srv/data/file-" + i))
            .toList();
    return new Holders(descriptors(sockets, files), opened, 0, openBefore, openAfter, List.of());
  }

  private static SlabReport with(SlabReport report, Holders holders) {
    return new SlabReport(
        report.test(),
        report.verdict(),
        report.sensitivities(),
        report.slopes(),
        report.unjudged(),
        report.leftOut(),
        report.shared(),
        report.exact(),
        report.waited(),
        report.baselineSettled(),
        report.unfollowed(),
        report.forecast(),
        report.allocations(),
        report.tolerances(),
        report.references(),
        Optional.of(new SlabReport.Scene(holders, report.scene().orElseThrow().machine())));
  }

  private static SlabReport with(
      SlabReport report,
      List<Unjudged> unjudged,
      List<SlabReport.SharedSlab> leftOut,
      List<SlabReport.SharedSlab> shared) {
    return new SlabReport(
        report.test(),
        report.verdict(),
        report.sensitivities(),
        report.slopes(),
        unjudged,
        leftOut,
        shared,
        report.exact(),
        report.waited(),
        report.baselineSettled(),
        report.unfollowed(),
        report.forecast(),
        report.allocations(),
        report.tolerances(),
        report.references(),
        report.scene());
  }

  private static SlabReport with(SlabReport report, boolean exact, boolean baselineSettled) {
    return new SlabReport(
        report.test(),
        report.verdict(),
        report.sensitivities(),
        report.slopes(),
        report.unjudged(),
        report.leftOut(),
        report.shared(),
        exact,
        report.waited(),
        baselineSettled,
        report.unfollowed(),
        report.forecast(),
        report.allocations(),
        report.tolerances(),
        report.references(),
        report.scene());
  }

  private static SlabReport with(SlabReport report, Verdict verdict, List<String> references) {
    return new SlabReport(
        report.test(),
        verdict,
        report.sensitivities(),
        report.slopes(),
        report.unjudged(),
        report.leftOut(),
        report.shared(),
        report.exact(),
        report.waited(),
        report.baselineSettled(),
        report.unfollowed(),
        report.forecast(),
        report.allocations(),
        report.tolerances(),
        references,
        report.scene());
  }

  private static SlabReport with(SlabReport report, Machine machine) {
    return new SlabReport(
        report.test(),
        report.verdict(),
        report.sensitivities(),
        report.slopes(),
        report.unjudged(),
        report.leftOut(),
        report.shared(),
        report.exact(),
        report.waited(),
        report.baselineSettled(),
        report.unfollowed(),
        report.forecast(),
        report.allocations(),
        report.tolerances(),
        report.references(),
        Optional.of(new SlabReport.Scene(report.scene().orElseThrow().holders(), machine)));
  }

  private static String section(String text, String title) {
    String start = "\n\n" + title + "\n";
    assertThat(text).containsOnlyOnce(start);
    String rest = text.substring(text.indexOf(start) + start.length());
    int end = rest.indexOf("\n\n");
    return end < 0 ? rest : rest.substring(0, end);
  }

  @Test
  void sockets_held_by_this_jvm() {
    SlabReport report =
        with(
            report(
                growth("sock_inode_cache", 95, 3, 1, 832),
                growth("dentry", 2_755, 3, 1, 192),
                growth("TCP", 4, 3, 1, 2_368),
                growth("filp", 544, 3, 1, 192),
                growth("mnt_cache", 45, 0, 1, 384),
                growth("inode_cache", 9_000, -12, 1, 608)),
            holders(3, 0, 640, 643));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 3 TCP, 3 sock_inode_cache, 3 dentry and objects of 1 more cache: 10,752 bytes of slab

              cache             before  after  growth  tolerance  per iteration   bytes
              TCP                    4      7      +3          0           3.00   7,104
              sock_inode_cache      95     98      +3          0           3.00   2,496
              dentry             2,755  2,758      +3          0           3.00     576
              filp                 544    547      +3          0           3.00     576
              inode_cache        9,000  8,988     -12          0         -12.00  -7,296
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              3 sockets are still open in this JVM:
                socket:[80]
                socket:[81]
                socket:[82]
              Descriptors of this JVM: sockets 2 -> 5, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 643.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - Close what is still open in this JVM, on the error path too: try-with-resources.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.""");
  }

  @Test
  void a_leak_of_a_hundred_iterations_held_by_the_kernel_alone() {
    SlabReport report =
        report(
            growth("sock_inode_cache", 95, 100, 100, 832),
            growth("dentry", 2_755, 100, 100, 192),
            growth("filp", 544, 0, 100, 192));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 100 sock_inode_cache, 100 dentry in 100 iterations: 102,400 bytes of slab

              cache             before  after  growth  tolerance  per iteration   bytes
              sock_inode_cache      95    195    +100          0           1.00  83,200
              dentry             2,755  2,855    +100          0           1.00  19,200
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns""");
  }

  @Test
  void a_mount_left() {
    SlabReport report =
        with(
            report(
                growth("mnt_cache", 45, 1, 1, 384),
                growth("dentry", 2_755, 1, 1, 192),
                growth("shmem_inode_cache", 700, 1, 1, 720)),
            new Holders(
                descriptors(0, 0),
                List.of(),
                0,
                640,
                641, // Opened by others in passing: the mount explains it.
                List.of("/tmp/scratch (tmpfs)")));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 1 shmem_inode_cache, 1 mnt_cache, 1 dentry: 1,296 bytes of slab

              cache              before  after  growth  tolerance  per iteration  bytes
              shmem_inode_cache     700    701      +1          0           1.00    720
              mnt_cache              45     46      +1          0           1.00    384
              dentry              2,755  2,756      +1          0           1.00    192

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              1 mount is still mounted:
                /tmp/scratch (tmpfs)
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 641.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - Unmount what the test leaves mounted.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.""");
  }

  @Test
  void another_process() {
    SlabReport report = with(report(growth("filp", 544, 1, 10, 192)), holders(0, 0, 1_640, 1_641));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 1 filp in 10 iterations: 192 bytes of slab

              cache  before  after  growth  tolerance  per iteration  bytes
              filp      544    545      +1          0           0.10    192

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              Another process may hold them: the machine has 1 more file open than before, and this JVM has not.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 1,640 -> 1,641.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - See which process holds them: ls -l /proc/*/fd""");
  }

  private static Holders heldElsewhere(Holders holders, Holders.Elsewhere elsewhere) {
    return new Holders(
        holders.descriptors(),
        holders.opened(),
        holders.closedByCollection(),
        holders.openFilesBefore(),
        holders.openFilesAfter(),
        holders.mounted(),
        Optional.of(elsewhere),
        List.of("3 sockets by io.example.Relay.listen:41 < io.example.RelayTests.relays:17"));
  }

  @Test
  void what_the_kernels_own_books_say() {
    Allocations allocations =
        new Allocations(List.of(), 0)
            .with(
                List.of(
                    new Allocations.Booked(
                        "slub_debug counts", 3, "dentry more", List.of("__d_alloc", "d_alloc"))));

    assertThat(allocations.lines())
        .containsExactly("slub_debug counts 3 dentry more, allocated by:", "  __d_alloc < d_alloc");
  }

  @Test
  void what_came_by_turns() {
    Suspect relay =
        Suspect.of(
                "filp",
                Suspect.Origin.OTHERS,
                List.of(new Round(1, 1, 0), new Round(2, 2, 0)),
                0,
                1,
                OptionalLong.of(0))
            .after(
                IntStream.range(0, 4)
                    .mapToObj(i -> new Trial(new Round(8, 8, 0), new Round(8, i % 2, 0)))
                    .toList());
    Confirmation confirmation = new Confirmation(List.of(relay), Optional.empty(), true);
    SlabReport plain = report(growth("filp", 544, 1, 1, 192));
    SlabReport report =
        with(plain, new Verdict.Leak(plain.verdict().growths(), confirmation), List.of());

    assertThat(section(TextReport.of(report), "Confirmed"))
        .contains(
            "filp of other processes +1, +2: 1.00 per iteration, it leaks; by turns +8 with the body"
                + " and 0 without, +8 with the body and +1 without,");
  }

  private static final Holders.Holder RELAY =
      new Holders.Holder(
          "relayd",
          4711,
          Holders.Relation.CHILD,
          3,
          List.of("socket:[7]", "socket:[8]", "socket:[9]"));

  private static final Holders.Holder BACKUP =
      new Holders.Holder(
          "backupd",
          812,
          Holders.Relation.NONE,
          4,
          List.of("/srv/a", "/srv/a", "/srv/b", "/srv/c"));

  @Test
  void other_processes_and_files_left_in_memory() {
    SlabReport report =
        with(
            report(growth("filp", 544, 1, 1, 192)),
            heldElsewhere(
                holders(0, 0, 1_640, 1_840),
                new Holders.Elsewhere(
                    List.of(BACKUP, RELAY), List.of("/dev/shm/spool-1"), 312, 0, true)));

    String text = TextReport.of(report);
    assertThat(section(text, "Who holds them").stripIndent())
        .startsWith(
            """
              Process 812 (backupd) holds 4 more than before the body was run again:
                /srv/a (2 times)
                /srv/b
                /srv/c
              Process 4711 (relayd), started by this JVM, holds 3 more than before the body was run again:
                socket:[7]
                socket:[8]
                socket:[9]
              1 file was left in memory when the body was run again, and holds its dentries and inodes:
                /dev/shm/spool-1
              Descriptors of this JVM:""");
    assertThat(section(text, "Next").stripIndent())
        .isEqualTo(
            """
              - See why backupd (812), relayd (4711) does not close what it has open.
              - Delete the files that are left in memory.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.""");
  }

  @Test
  void other_processes_are_not_named_where_this_jvm_holds_them() {
    SlabReport report =
        with(
            report(growth("filp", 544, 1, 1, 192)),
            heldElsewhere(
                holders(1, 0, 1_640, 1_641),
                new Holders.Elsewhere(List.of(BACKUP, RELAY), List.of(), 312, 0, true)));

    assertThat(section(TextReport.of(report), "Who holds them").stripIndent())
        .contains("1 socket is still open in this JVM")
        .contains(
            "Opened in Java while the body was run again, one of these and not closed:",
            "3 sockets by io.example.Relay.listen:41 < io.example.RelayTests.relays:17")
        .contains("(relayd), started by this JVM, holds 3 more")
        .doesNotContain("backupd");
  }

  @Test
  void nobody_among_all_processes() {
    Holders.Elsewhere nobody = new Holders.Elsewhere(List.of(), List.of(), 312, 0, true);
    SlabReport report =
        with(
            report(growth("dentry", 544, 1, 10, 192)),
            heldElsewhere(holders(0, 0, 1_640, 1_640), nobody));

    assertThat(section(TextReport.of(report), "Who holds them").stripIndent())
        .startsWith(
            "No process holds them: of 312 processes, none that was there before the body was run"
                + " again holds as many more descriptors, mapped files or working directories since, and no"
                + " such files were left in memory. The kernel itself holds them.\n");
    assertThat(section(TextReport.of(report), "Next").stripIndent())
        .isEqualTo(
            """
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - System V objects and namespaces are held like that too: ipcs; lsns""");
    assertThat(
            TextReport.of(
                with(
                    report,
                    heldElsewhere(
                        holders(0, 0, 1_640, 1_640),
                        new Holders.Elsewhere(List.of(), List.of(), 311, 1, false)))))
        .contains(
            "Unless the one process does that could not be looked into, or a file in memory does,"
                + " of which there were too many to list, the kernel itself holds them.");
  }

  @Test
  void the_function_that_did_not_return_its_reference_is_what_comes_next() {
    SlabReport plain = report(growth("dentry", 544, 1, 10, 192));
    SlabReport report =
        with(
            plain,
            plain.verdict(),
            List.of(
                "While the body was run again:",
                "  leaky_pre_close [leaky] took 3 references with path_get, and none was returned."));

    assertThat(section(TextReport.of(report), "Which reference was not returned").stripIndent())
        .isEqualTo(
            """
              While the body was run again:
                leaky_pre_close [leaky] took 3 references with path_get, and none was returned.""");
    assertThat(section(TextReport.of(report), "Next").stripIndent())
        .isEqualTo(
            "- See why the function that is named above does not return its reference, on each of its"
                + " ways out.");
  }

  @Test
  void inexact_counters_of_slab() {
    SlabReport report =
        with(
            with(report(growth("dentry", 2_755, 120, 100, 192)), false, true),
            new Machine(
                "Linux 3.0.101 (SLAB)",
                "2,048 MiB of memory, 1 processors, no hypervisor seen",
                List.of(new Machine.Figure("Slab", 29_756, 29_700)),
                List.of()));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 120 dentry in 100 iterations: 23,040 bytes of slab

              cache   before  after  growth  tolerance  per iteration   bytes
              dentry   2,755  2,875    +120          0           1.20  23,040

            These counts are from /proc/slabinfo and NOT EXACT on this kernel, where objects free on a CPU count as live; caches were dropped again and again for 2,187 ms. Believe a growth that scales with iterations.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.

            The machine
              Linux 3.0.101 (SLAB), 2,048 MiB of memory, 1 processors, no hypervisor seen.
              Slab 29,756 -> 29,700 kB (-56).

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns""");
  }

  @Test
  void merged_and_left_out_and_unjudged_caches_and_an_unsettled_baseline() {
    SlabReport report =
        with(
            with(
                report(growth("PING", 4, 1_024, 100, 1_024), growth("dentry", 9, 0, 100, 192)),
                List.of(
                    new Unjudged("nfs_inode_cache", "was removed by the kernel during the test")),
                List.of(
                    new SlabReport.SharedSlab("UDP", List.of("UDP-Lite", "signal_cache")),
                    new SlabReport.SharedSlab("filp", List.of("io_kiocb"))),
                List.of(new SlabReport.SharedSlab("PING", List.of("UNIX", "UNIX-STREAM")))),
            true,
            false);

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 1,024 PING in 100 iterations: 1,048,576 bytes of slab

              cache  before  after  growth  tolerance  per iteration      bytes
              PING        4  1,028  +1,024          0          10.24  1,048,576
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.
            The counters would not come to rest before the test: something else was busy on this machine.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.

            Not told apart
              PING shares its slabs and its counter with UNIX, UNIX-STREAM
              Boot the test machine with slab_nomerge to tell them apart.

            Not judged
              nfs_inode_cache: was removed by the kernel during the test
              UDP, filp: each shares its counter with unrelated caches here. Boot with slab_nomerge to judge them, or name them in caches.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns""");
  }

  @Test
  void many_leaked_caches() {
    SlabReport report =
        with(
            report(
                IntStream.rangeClosed(1, 6)
                    .mapToObj(i -> growth("cache-" + i, 1_000, i * 1_000L, 2, 64))
                    .toArray(CacheGrowth[]::new)),
            new Machine(
                MACHINE.kernel(),
                MACHINE.hardware(),
                MACHINE.memory(),
                IntStream.rangeClosed(1, 7)
                    .mapToObj(i -> new Machine.OtherGrowth("other-" + i, 8_000 - i))
                    .toList()));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 6,000 cache-6, 5,000 cache-5, 4,000 cache-4 and objects of 3 more caches in 2 iterations: 1,344,000 bytes of slab

              cache    before  after  growth  tolerance  per iteration    bytes
              cache-6   1,000  7,000  +6,000          0       3,000.00  384,000
              cache-5   1,000  6,000  +5,000          0       2,500.00  320,000
              cache-4   1,000  5,000  +4,000          0       2,000.00  256,000
              cache-3   1,000  4,000  +3,000          0       1,500.00  192,000
              cache-2   1,000  3,000  +2,000          0       1,000.00  128,000
              cache-1   1,000  2,000  +1,000          0         500.00   64,000

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Unwatched caches that grew most, counted inexactly: other-1 +7,999, other-2 +7,998, other-3 +7,997, other-4 +7,996, other-5 +7,995.

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns""");
  }

  @Test
  void fewer_descriptors_in_this_jvm_than_objects_left_do_not_explain_them() {
    SlabReport report =
        with(report(growth("dentry", 2_755, 100, 100, 192)), holders(0, 1, 640, 641));

    assertThat(TextReport.of(report))
        .isEqualTo(
            """
            RelayTests.relays leaked 100 dentry in 100 iterations: 19,200 bytes of slab

              cache   before  after  growth  tolerance  per iteration   bytes
              dentry   2,755  2,855    +100          0           1.00  19,200

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to. So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
              1 file is still open in this JVM:
                /srv/data/file-0
              That is fewer than the 100 objects left. An open file also keeps the directories above it; what is left beyond that, the kernel or another process holds.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 41. Open files of the machine: 640 -> 641.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).

            Next
              - Close what is still open in this JVM, on the error path too: try-with-resources.
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns""");
  }

  // English

  @Test
  void one_more_cache_is_singular_and_two_are_plural() {
    CacheGrowth[] four =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> growth("cache-" + i, 0, i, 1, 64))
            .toArray(CacheGrowth[]::new);

    assertThat(TextReport.of(report(four)))
        .startsWith(
            "RelayTests.relays leaked 4 cache-4, 3 cache-3, 2 cache-2 and objects of 1 more cache: 640"
                + " bytes of slab\n");
  }

  @Test
  void three_leaked_caches_are_all_named() {
    assertThat(
            TextReport.of(
                report(
                    growth("a", 0, 1, 1, 64), growth("b", 0, 1, 1, 64), growth("c", 0, 1, 1, 64))))
        .startsWith("RelayTests.relays leaked 1 a, 1 b, 1 c: 192 bytes of slab\n");
  }

  @Test
  void one_unchanged_cache_is_singular_and_none_is_not_spoken_of() {
    assertThat(TextReport.of(report(growth("dentry", 0, 1, 1, 192), growth("filp", 5, 0, 1, 192))))
        .contains("\n  1 other watched cache did not change\n");
    assertThat(TextReport.of(report(growth("dentry", 0, 1, 1, 192))))
        .doesNotContain("did not change");
  }

  @Test
  void one_descriptor_is_singular_though_others_were_closed() {
    SlabReport report = with(report(growth("dentry", 0, 1, 1, 192)), holders(1, -5, 640, 636));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith("  1 socket is still open in this JVM:\n    socket:[80]\n");
  }

  @Test
  void two_descriptors_are_plural_though_one_was_closed() {
    SlabReport report = with(report(growth("dentry", 0, 2, 1, 192)), holders(2, -1, 640, 641));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith("  2 sockets are still open in this JVM:\n");
  }

  @Test
  void one_of_each_kind_is_plural() {
    SlabReport report = with(report(growth("dentry", 0, 2, 1, 192)), holders(1, 1, 640, 642));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith("  1 socket and 1 file are still open in this JVM:\n");
  }

  @Test
  void several_mounts_are_plural_and_a_long_list_is_cut() {
    SlabReport report =
        with(
            report(growth("mnt_cache", 0, 10, 1, 384)),
            new Holders(
                descriptors(0, 0),
                List.of(),
                0,
                640,
                640,
                IntStream.range(0, 10).mapToObj(i -> "/mnt/" + i + " (tmpfs)").toList()));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith("  10 mounts are still mounted:\n    /mnt/0 (tmpfs)\n")
        .contains("\n    /mnt/7 (tmpfs)\n    and 2 more\n")
        .doesNotContain("/mnt/8");
  }

  @Test
  void the_same_target_many_times_is_one_line() {
    SlabReport report =
        with(
            report(growth("filp", 0, 3, 1, 192)),
            new Holders(
                descriptors(0, 3),
                List.of("/srv/data", "/srv/data", "/srv/other"),
                0,
                640,
                643,
                List.of()));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith(
            "  3 files are still open in this JVM:\n    /srv/data (2 times)\n    /srv/other\n");
  }

  @Test
  void several_files_of_another_process_are_plural() {
    SlabReport report = with(report(growth("filp", 0, 1, 1, 192)), holders(0, 0, 640, 642));

    assertThat(section(TextReport.of(report), "Who holds them"))
        .startsWith(
            "  Another process may hold them: the machine has 2 more files open than before");
  }

  @Test
  void one_cache_left_out_is_singular() {
    SlabReport report =
        with(
            report(growth("dentry", 0, 1, 1, 192)),
            List.of(),
            List.of(new SlabReport.SharedSlab("filp", List.of("io_kiocb"))),
            List.of());

    assertThat(section(TextReport.of(report), "Not judged"))
        .isEqualTo(
            "  filp: shares its counter with unrelated caches here. Boot with slab_nomerge to judge it,"
                + " or name it in caches.");
  }

  // Numbers

  @Test
  void a_growth_within_tolerance_is_in_the_table_and_not_in_the_headline() {
    String text =
        TextReport.of(
            report(
                new CacheGrowth("dentry", 100, 105, 5, 1, 192),
                new CacheGrowth("sock_inode_cache", 100, 106, 5, 1, 832)));

    assertThat(text)
        .startsWith("RelayTests.relays leaked 6 sock_inode_cache: 4,992 bytes of slab\n")
        .contains("\n  dentry               100    105      +5          5           5.00    960\n");
  }

  @Test
  void a_rate_that_rounds_to_nothing_is_not_written_as_nothing() {
    assertThat(TextReport.of(report(growth("dentry", 100, 3, 1_000, 192))))
        .contains("< 0.01")
        .doesNotContain("0.00");
  }

  @Test
  void advice_to_iterate_is_given_once_only() {
    assertThat(TextReport.of(report(growth("dentry", 0, 1, 1, 192))))
        .contains("- Run it again with iterations = 100");
    assertThat(TextReport.of(report(growth("dentry", 0, 1, 2, 192))))
        .doesNotContain("Run it again");
  }

  @Test
  void the_message_has_no_trailing_blanks_and_no_line_break_at_the_end() {
    String text =
        TextReport.of(with(report(growth("dentry", 0, 1, 1, 192)), holders(1, 1, 640, 642)));

    assertThat(text).doesNotEndWith("\n").doesNotContain(" \n").doesNotContain("\n\n\n");
  }
}
