package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.descriptors;
import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.holders;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.ToleranceUse;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whole messages: what an engineer reads is tested as it is read. */
class TextReportTests {

  @Test
  void sockets_held_by_this_jvm() {
    Reports report =
        leak(
                growth("sock_inode_cache", 95, 3, 1, 832),
                growth("dentry", 2_755, 3, 1, 192),
                growth("TCP", 4, 3, 1, 2_368),
                growth("filp", 544, 3, 1, 192),
                growth("mnt_cache", 45, 0, 1, 384),
                growth("inode_cache", 9_000, -12, 1, 608))
            .heldBy(holders(3, 0, 640, 643));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 3 TCP, 3 sock_inode_cache, 3 dentry and objects of 1 more cache: 10,752 bytes of slab

            Who holds them
              3 sockets are still open in this JVM:
                socket:[80]
                socket:[81]
                socket:[82]

            Next
              - Close what is still open in this JVM, on the error path too: try-with-resources.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.

              cache             before  after  growth  tolerance  per iteration   bytes
              TCP                    4      7      +3          0           3.00   7,104
              sock_inode_cache      95     98      +3          0           3.00   2,496
              dentry             2,755  2,758      +3          0           3.00     576
              filp                 544    547      +3          0           3.00     576
              inode_cache        9,000  8,988     -12          0         -12.00  -7,296
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 5, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 643.""");
  }

  /** What a build's log shows: with the line that names the file, twelve lines. */
  @Test
  void in_brief_whose_it_is_and_what_to_do() {
    Confirmation twice =
        new Confirmation(
            List.of(
                new CacheFinding(
                    "sock_inode_cache",
                    Whose.OWN,
                    List.of(new Round(1, 5, 0), new Round(2, 10, 0)),
                    Scaling.LEAKS,
                    OptionalLong.empty())),
            Optional.empty(),
            true);
    Reports report =
        Reports.of(new Verdict.Leak(List.of(growth("sock_inode_cache", 95, 5, 1, 832)), twice))
            .left(
                LeftBehind.of(
                    List.of(
                        new LeftBehind.Left(
                            "sock_inode_cache",
                            "socket:[80] TCP 127.0.0.1:5000 -> 127.0.0.1:41234 CLOSE_WAIT",
                            OptionalLong.of(1)))))
            .heldBy(holders(5, 0, 640, 645));

    assertThat(report.brief())
        .isEqualTo(
            """
            RelayTests.relays leaked 5 sock_inode_cache: 4,160 bytes of slab
            The body was run again, 1, then 2 times. A leak repeats and scales.

            Who holds them
              5 sockets are still open in this JVM:
                socket:[80] TCP 127.0.0.1:5000 -> 127.0.0.1:41234 CLOSE_WAIT
                socket:[81]
                socket:[82]
                and 2 more

            Next
              - Close what is still open in this JVM, on the error path too: try-with-resources.""");
  }

  /** The table, which has them all, is elsewhere. */
  @Test
  void in_brief_all_that_leaked_is_named() {
    CacheGrowth[] four =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> growth("cache-" + i, 10, i, 1, 64))
            .toArray(CacheGrowth[]::new);
    CacheGrowth[] many =
        IntStream.rangeClosed(1, 20)
            .mapToObj(i -> growth("cache-" + i, 10, i, 1, 64))
            .toArray(CacheGrowth[]::new);

    assertThat(leak(four).brief())
        .contains("more cache: 640 bytes of slab\nLeaked too: 1 cache-1.\n");
    assertThat(leak(many).brief()).contains(", 10 cache-10 and objects of 9 more caches.\n");
    assertThat(leak(growth("filp", 10, 1, 1, 64)).brief()).doesNotContain("Leaked too");
  }

  @Test
  void in_brief_why_it_could_not_be_confirmed() {
    assertThat(leak(growth("filp", 544, 1, 10, 192)).brief())
        .startsWith(
            """
            RelayTests.relays leaked 1 filp in 10 iterations: 192 bytes of slab
            The body was not run again as often as a confirmation takes: it was told not to confirm.\
             So growth that comes only once, or from another process, is not told from a leak.

            Who holds them
            """);
  }

  @Test
  void a_leak_of_a_hundred_iterations_held_by_the_kernel_alone() {
    Reports report =
        leak(
            growth("sock_inode_cache", 95, 100, 100, 832),
            growth("dentry", 2_755, 100, 100, 192),
            growth("filp", 544, 0, 100, 192));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 100 sock_inode_cache, 100 dentry in 100 iterations: 102,400 bytes of slab

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns

              cache             before  after  growth  tolerance  per iteration   bytes
              sock_inode_cache      95    195    +100          0           1.00  83,200
              dentry             2,755  2,855    +100          0           1.00  19,200
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.""");
  }

  @Test
  void a_mount_left() {
    Reports report =
        leak(
                growth("mnt_cache", 45, 1, 1, 384),
                growth("dentry", 2_755, 1, 1, 192),
                growth("shmem_inode_cache", 700, 1, 1, 720))
            .heldBy(
                new Holders(
                    descriptors(0, 0),
                    List.of(),
                    0,
                    640,
                    641, // Opened by others in passing: the mount explains it.
                    List.of("/tmp/scratch (tmpfs)")));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 1 shmem_inode_cache, 1 mnt_cache, 1 dentry: 1,296 bytes of slab

            Who holds them
              1 mount is still mounted:
                /tmp/scratch (tmpfs)

            Next
              - Unmount what the test leaves mounted.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.

              cache              before  after  growth  tolerance  per iteration  bytes
              shmem_inode_cache     700    701      +1          0           1.00    720
              mnt_cache              45     46      +1          0           1.00    384
              dentry              2,755  2,756      +1          0           1.00    192

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 641.""");
  }

  @Test
  void another_process() {
    Reports report = leak(growth("filp", 544, 1, 10, 192)).heldBy(holders(0, 0, 1_640, 1_641));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 1 filp in 10 iterations: 192 bytes of slab

            Who holds them
              Another process may hold them: the machine has 1 more file open than before, and this JVM has not.

            Next
              - See which process holds them: ls -l /proc/*/fd

              cache  before  after  growth  tolerance  per iteration  bytes
              filp      544    545      +1          0           0.10    192

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 1,640 -> 1,641.""");
  }

  @Test
  void inexact_counters_of_slab() {
    Reports report =
        leak(growth("dentry", 2_755, 120, 100, 192))
            .inexact()
            .on(
                new Machine(
                    "Linux 3.0.101 (SLAB)",
                    new Machine.Hardware(2L << 30, 1, Optional.empty()),
                    List.of(new Machine.Figure("Slab", 29_756, 29_700)),
                    List.of()));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 120 dentry in 100 iterations: 23,040 bytes of slab

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns

              cache   before  after  growth  tolerance  per iteration   bytes
              dentry   2,755  2,875    +120          0           1.20  23,040

            These counts are from /proc/slabinfo and NOT EXACT on this kernel, where objects free on a CPU count as live; caches were dropped again and again for 2,187 ms. Believe a growth that scales with iterations.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 3.0.101 (SLAB), 2,048 MiB of memory, 1 processor, no hypervisor seen.
              Slab 29,756 -> 29,700 kB (-56).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.""");
  }

  @Test
  void merged_and_left_out_and_unjudged_caches_and_an_unsettled_baseline() {
    Reports report =
        leak(growth("PING", 4, 1_024, 100, 1_024), growth("dentry", 9, 0, 100, 192))
            .unjudged(new Unjudged.Vanished("nfs_inode_cache"))
            .leftOut(
                new Coverage.SharedSlab("UDP", List.of("UDP-Lite", "signal_cache")),
                new Coverage.SharedSlab("filp", List.of("io_kiocb")))
            .shared(new Coverage.SharedSlab("PING", List.of("UNIX", "UNIX-STREAM")))
            .unsettled();

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 1,024 PING in 100 iterations: 1,048,576 bytes of slab

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns

              cache  before  after  growth  tolerance  per iteration      bytes
              PING        4  1,028  +1,024          0          10.24  1,048,576
              1 other watched cache did not change

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.
            The counters would not come to rest before the test: something else was busy on this machine.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            Not told apart
              PING shares its slabs and its counter with UNIX, UNIX-STREAM
              Boot the test machine with slab_nomerge to tell them apart.

            Not judged
              nfs_inode_cache: vanished meanwhile
              UDP, filp: each shares its counter with unrelated caches here. Boot with slab_nomerge to judge them, or name them in caches.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.""");
  }

  @Test
  void many_leaked_caches() {
    Reports report =
        leak(IntStream.rangeClosed(1, 6)
                .mapToObj(i -> growth("cache-" + i, 1_000, i * 1_000L, 2, 64))
                .toArray(CacheGrowth[]::new))
            .on(
                new Machine(
                    Reports.MACHINE.kernel(),
                    Reports.MACHINE.hardware(),
                    Reports.MACHINE.memory(),
                    IntStream.rangeClosed(1, 7)
                        .mapToObj(i -> new Machine.OtherGrowth("other-" + i, 8_000 - i))
                        .toList()));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 6,000 cache-6, 5,000 cache-5, 4,000 cache-4 and objects of 3 more caches in 2 iterations: 1,344,000 bytes of slab

            Who holds them
              No process holds them by a descriptor: neither this JVM nor the machine has more files open than before. The kernel itself holds them, unless it is a working directory or a file left on a tmpfs.

            Next
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns

              cache    before  after  growth  tolerance  per iteration    bytes
              cache-6   1,000  7,000  +6,000          0       3,000.00  384,000
              cache-5   1,000  6,000  +5,000          0       2,500.00  320,000
              cache-4   1,000  5,000  +4,000          0       2,000.00  256,000
              cache-3   1,000  4,000  +3,000          0       1,500.00  192,000
              cache-2   1,000  3,000  +2,000          0       1,000.00  128,000
              cache-1   1,000  2,000  +1,000          0         500.00   64,000

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Unwatched caches that grew most, counted inexactly: other-1 +7,999, other-2 +7,998, other-3 +7,997, other-4 +7,996, other-5 +7,995.
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 40. Open files of the machine: 640 -> 640.""");
  }

  @Test
  void fewer_descriptors_in_this_jvm_than_objects_left_do_not_explain_them() {
    Reports report = leak(growth("dentry", 2_755, 100, 100, 192)).heldBy(holders(0, 1, 640, 641));

    assertThat(report.text())
        .isEqualTo(
            """
            RelayTests.relays leaked 100 dentry in 100 iterations: 19,200 bytes of slab

            Who holds them
              1 file is still open in this JVM:
                /srv/data/file-0
              That is fewer than the 100 objects left. An open file also keeps the directories above it; what is left beyond that, the kernel or another process holds.

            Next
              - Close what is still open in this JVM, on the error path too: try-with-resources.
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - Files left on a tmpfs such as /dev/shm, System V objects and namespaces are held like that too: ls /dev/shm; ipcs; lsns

              cache   before  after  growth  tolerance  per iteration   bytes
              dentry   2,755  2,855    +100          0           1.00  19,200

            These are exact counts of live objects: caches were dropped, grace periods passed and slabs were shrunk again and again for 2,187 ms, so nothing of this is cached or waits to be freed.

            Not confirmed
              The body was not run again as often as a confirmation takes: it was told not to confirm. So growth that comes only once, or from another process, is not told from a leak.

            The machine
              Linux 6.18.0 (SLUB), 24,105 MiB of memory, 2 processors, KVM.
              Slab 29,756 -> 29,768 kB (+12), SReclaimable 7,372 -> 7,384 kB (+12), SUnreclaim 22,384 -> 22,384 kB (0).
              Descriptors of this JVM: sockets 2 -> 2, pipes 0 -> 0, epolls 0 -> 0, other anonymous inodes 0 -> 0, files 40 -> 41. Open files of the machine: 640 -> 641.""");
  }

  @Test
  void the_message_has_no_trailing_blanks_and_no_line_break_at_the_end() {
    String text = leak(growth("dentry", 0, 1, 1, 192)).heldBy(holders(1, 1, 640, 642)).text();

    assertThat(text).doesNotEndWith("\n").doesNotContain(" \n").doesNotContain("\n\n\n");
  }

  @Test
  void the_order_of_the_sections() {
    assertThat(
            leak(growth("dentry", 0, 5, 10, 192))
                .shared(new Coverage.SharedSlab("dentry", List.of("names_cache")))
                .unjudged(new Unjudged.Vanished("filp"))
                .slopes(Map.of("dentry", new Slope(0.5, 0.25, 0.75)))
                .forecast(Forecast.of(0.5, 192, 10, 1_000_000_000, 8_000_000_000L))
                .allocations(new Allocations(List.of(), 1))
                .left(LeftBehind.unread("it is locked down"))
                .references(UnreturnedReferences.unfollowed("there are no kprobes here"))
                .tolerances(
                    new ToleranceUse.Unused(
                        new ToleranceRule("TCP", 1, ToleranceRule.UNSET, false, "of a pool")))
                .sensitivities(new Sensitivity("dentry", 0.1))
                .text()
                .lines()
                .filter(line -> line.matches("[A-Z][a-z ]+")))
        .containsExactly(
            "Who holds them",
            "Next",
            "Not confirmed",
            "On the way",
            "Rate",
            "What they are",
            "Who allocated them",
            "Which reference was not returned",
            "Not told apart",
            "Not judged",
            "The machine",
            "Tolerances",
            "What would have been seen");
  }
}
