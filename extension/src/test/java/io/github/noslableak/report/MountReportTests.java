package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.mount.Use;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MountReportTests {

  private static final String MOUNT = "/run/noslableak/mounts/4242-777-1 (tmpfs)";

  private static MountReport report(
      List<MountUser> users, List<MountUser> undelivered, int hidden, boolean inside) {
    return new MountReport(
        MOUNT,
        Duration.ofMillis(2_104),
        users,
        undelivered,
        new MountSearch(1_057, 3, hidden, List.of(), inside),
        new UnreturnedReferences(List.of(UnreturnedReferenceTests.PLAIN), 0, Optional.empty()));
  }

  @Test
  void should_accuse_no_reference_where_a_process_did_not_tell_what_it_holds() {
    MountReport report =
        new MountReport(
            MOUNT,
            Duration.ofMillis(2_104),
            List.of(),
            List.of(),
            new MountSearch(1_057, 3, 0, List.of("812", "4711"), false),
            new UnreturnedReferences(List.of(), 0, Optional.empty()));

    assertThat(report.text())
        .contains(
            "The kernel did not tell in time what processes 812, 4711 hold: stuck behind a file"
                + " system that does not answer?")
        .doesNotContain("no process holds it");
    assertThat(report.isLeakedReference()).isFalse();
  }

  @Test
  void should_name_who_uses_the_mount() {
    MountReport report =
        report(
            List.of(
                new MountUser(
                    4242,
                    "java",
                    true,
                    List.of(
                        use(MountUser.How.OPEN, "45", "/run/noslableak/mounts/4242-777-1/a"),
                        use(
                            MountUser.How.OPEN,
                            "46",
                            "/run/noslableak/mounts/4242-777-1/a (deleted)"))),
                new MountUser(
                    0,
                    "",
                    false,
                    List.of(
                        use(
                            MountUser.How.LOOP_DEVICE,
                            "/dev/loop0",
                            "/run/noslableak/mounts/4242-777-1/image")))),
            List.of(),
            0,
            false);

    assertThat(report.isLeakedReference()).isFalse();
    assertThat(report.text())
        .isEqualTo(
            """
            The private mount is still in use at the end of the test: umount of \
            /run/noslableak/mounts/4242-777-1 (tmpfs) answers EBUSY after 2.1 s.
              process 4242 (java), this JVM:
                descriptor 45: /run/noslableak/mounts/4242-777-1/a
                descriptor 46: /run/noslableak/mounts/4242-777-1/a (deleted)
              a loop device:
                /dev/loop0: /run/noslableak/mounts/4242-777-1/image

            What to do next:
            - Close it before the test ends, or wait in the test for whoever should close it.
            - If it only takes its time, set noslableak.linger above the 2.1 s that were tried.

            The mount is detached: no path leads to it any more.""");
  }

  @Test
  void should_say_how_each_thing_is_used() {
    List<String> lines =
        Stream.of(MountUser.How.values())
            .map(how -> new MountUser(7, "x", false, List.of(use(how, "9", "/m/a"))))
            .map(user -> report(List.of(user), List.of(), 0, false).text())
            .map(text -> text.lines().skip(2).findFirst().orElseThrow().strip())
            .toList();

    assertThat(lines)
        .containsExactly(
            "descriptor 9: /m/a",
            "descriptor 9: a socket bound to a name on it",
            "descriptor 9: an io_uring with files of it registered",
            "descriptor 9: /m/a",
            "working directory: /m/a",
            "root directory: /m/a",
            "program: /m/a",
            "mapped: /m/a",
            "/m/a",
            "9: /m/a",
            "/m/a");
  }

  @Test
  void should_name_what_of_the_kernel_uses_the_mount() {
    assertThat(
            report(
                    List.of(
                        new MountUser(0, "", false, List.of(use(MountUser.How.MOUNT, "", "/m/a"))),
                        new MountUser(0, "", false, List.of(use(MountUser.How.SWAP, "", "/m/b")))),
                    List.of(),
                    0,
                    false)
                .text())
        .contains("  another mount:\n    /m/a\n  a swap file:\n    /m/b\n");
  }

  /** One enum for who searches, one for the reader. */
  @Test
  void should_know_each_use_that_is_found() {
    assertThat(Stream.of(MountUser.How.values()).map(Enum::name))
        .containsExactlyElementsOf(Stream.of(Use.How.values()).map(Enum::name).toList());
  }

  private static MountUser.Use use(MountUser.How how, String by, String what) {
    return new MountUser.Use(how, by, what);
  }

  @Test
  void should_say_that_nobody_holds_a_leaked_reference() {
    MountReport report = report(List.of(), List.of(), 0, false);

    assertThat(report.isLeakedReference()).isTrue();
    assertThat(report.text())
        .isEqualTo(
            """
            A reference to a file on the private mount was taken and not returned: umount of \
            /run/noslableak/mounts/4242-777-1 (tmpfs) answers EBUSY after 2.1 s, and no process holds it.

            Looked at 1,057 processes in 3 mount namespaces: descriptors, working and root directories, \
            programs, mapped files and bound sockets; and at other mounts on it, loop devices and swap files.
            So the kernel itself holds it: code that took a reference to a path or an open file there \
            (path_get, mntget, fget) did not put it back. References to one and the same file change no \
            object counter, so @NoSlabLeak alone may not see them.

            Which reference was not returned
              Since the mount was made:
                leaky_pre_close [leaky] took 3 references with path_get, and none was returned.

            What to do next:
            - Run the test without the kernel module or the tracing program under suspicion: a uprobe on a \
            file of the mount holds one, too.
            - Use a new file each time, under @NoSlabLeak(iterations = 100): each lost reference then keeps \
            a dentry, which is counted; and where the kernel has kprobes, the module's function that took it \
            is named.
            - Count who takes and who returns references: bpftrace -e \
            'kprobe:mntget,kprobe:mntput,kprobe:path_get,kprobe:path_put { @[probe, kstack] = count(); }'

            The mount is detached: no path leads to it any more.""");
  }

  @Test
  void should_say_what_could_not_be_looked_into() {
    MountReport report =
        report(
            List.of(),
            List.of(
                new MountUser(
                    4242, "java", true, List.of(use(MountUser.How.QUEUE, "9", "socket:[77]")))),
            1,
            true);

    assertThat(report.isLeakedReference()).isTrue();
    assertThat(report.text())
        .contains(
            """
            swap files.
            1 process could not be looked into for lack of rights.
            Processes outside this container cannot be seen from here; one of them may hold it.
            Sockets with descriptors in their queues that nobody has received yet; if one is of a file on \
            the mount, it is what holds it:
              process 4242 (java), this JVM:
                descriptor 9: socket:[77]
            If it is none of these, the kernel itself holds it: code that took""");
  }
}
