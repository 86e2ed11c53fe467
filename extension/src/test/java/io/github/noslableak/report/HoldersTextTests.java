package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.descriptors;
import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.holders;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldersTextTests {

  private static final HoldingProcess RELAY =
      new HoldingProcess(
          "relayd", 4711, Relation.CHILD, 3, List.of("socket:[7]", "socket:[8]", "socket:[9]"));

  private static final HoldingProcess BACKUP =
      new HoldingProcess(
          "backupd", 812, Relation.NONE, 4, List.of("/srv/a", "/srv/a", "/srv/b", "/srv/c"));

  private static Holders heldElsewhere(Holders holders, Elsewhere elsewhere) {
    return with(
        holders,
        Optional.of(elsewhere),
        OpenedInJava.suspects(
            Optional.empty(),
            List.of(
                new OpenedInJava.Place(
                    "sockets",
                    3,
                    List.of("io.example.Relay.listen:41", "io.example.RelayTests.relays:17")))),
        false);
  }

  private static Holders collected(Holders holders, Optional<Elsewhere> elsewhere) {
    return with(holders, elsewhere, OpenedInJava.nothing(), true);
  }

  private static Holders with(
      Holders holders,
      Optional<Elsewhere> elsewhere,
      OpenedInJava openedInJava,
      boolean collected) {
    return new Holders(
        holders.descriptors(),
        holders.opened(),
        holders.closedByCollection(),
        holders.explained(),
        holders.openFiles(),
        holders.mounted(),
        elsewhere,
        openedInJava,
        InKernel.nothing(),
        collected);
  }

  /** A process that happens to open files meanwhile is none of the holders. */
  @Test
  void what_a_garbage_collection_closed_meanwhile_nobody_holds() {
    Reports report =
        leak(growth("filp", 544, 1, 1, 192))
            .references(
                new UnreturnedReferences(
                    List.of(UnreturnedReferenceTests.PLAIN), 0, Optional.empty()))
            .heldBy(
                collected(
                    holders(0, 0, 1_640, 1_840),
                    Optional.of(new Elsewhere(List.of(BACKUP), List.of(), 312, 0, true))));

    assertThat(report.section("Who holds them"))
        .isEqualTo(
            "  Nobody holds them any more: a garbage collection closed them meanwhile. Nothing in this"
                + " JVM referred to them, and a close() was forgotten.");
    assertThat(report.section("Next"))
        .startsWith("  - Close what is still open in this JVM, on the error path too")
        .doesNotContain("backup", "kernel code");
    assertThat(report.text()).doesNotContain("Which reference was not returned");
  }

  @Test
  void what_this_JVM_still_holds_is_named_also_where_garbage_was_collected() {
    assertThat(
            leak(growth("filp", 544, 3, 1, 192))
                .heldBy(collected(holders(1, 0, 640, 640), Optional.empty()))
                .section("Who holds them"))
        .contains("1 socket is still open in this JVM")
        .doesNotContain("That is fewer", "the kernel");
  }

  @Test
  void other_processes_and_files_left_in_memory() {
    Reports report =
        leak(growth("filp", 544, 1, 1, 192))
            .heldBy(
                heldElsewhere(
                    holders(0, 0, 1_640, 1_840),
                    new Elsewhere(
                        List.of(BACKUP, RELAY), List.of("/dev/shm/spool-1"), 312, 0, true)));

    assertThat(report.section("Who holds them").stripIndent())
        .isEqualTo(
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
                /dev/shm/spool-1""");
    assertThat(report.section("Next").stripIndent())
        .isEqualTo(
            """
              - See why backupd (812), relayd (4711) does not close what it has open.
              - Delete the files that are left in memory.
              - Run it again with iterations = 100: a leak grows a hundredfold, one-time growth does not and goes away with warmup = 1.""");
  }

  @Test
  void other_processes_are_not_named_where_this_jvm_holds_them() {
    Reports report =
        leak(growth("filp", 544, 1, 1, 192))
            .heldBy(
                heldElsewhere(
                    holders(1, 0, 1_640, 1_641),
                    new Elsewhere(List.of(BACKUP, RELAY), List.of(), 312, 0, true)));

    assertThat(report.section("Who holds them").stripIndent())
        .contains("1 socket is still open in this JVM")
        .contains(
            "Opened in Java while the body was run again, one of these and not closed:",
            "3 sockets by io.example.Relay.listen:41 < io.example.RelayTests.relays:17")
        .contains("(relayd), started by this JVM, holds 3 more")
        .doesNotContain("backupd");
  }

  @Test
  void nobody_among_all_processes() {
    Elsewhere nobody = new Elsewhere(List.of(), List.of(), 312, 0, true);
    Reports report =
        leak(growth("dentry", 544, 1, 10, 192))
            .heldBy(heldElsewhere(holders(0, 0, 1_640, 1_640), nobody));

    assertThat(report.section("Who holds them").stripIndent())
        .startsWith(
            "No process holds them: of 312 processes, none that was there before the body was run"
                + " again holds as many more descriptors, mapped files or working directories since, and no"
                + " such files were left in memory. The kernel itself holds them.");
    assertThat(report.section("Next").stripIndent())
        .isEqualTo(
            """
              - Look for a reference that is taken and not returned, or a record that is not freed, in the kernel code on the test's path.
              - System V objects and namespaces are held like that too: ipcs; lsns""");
    assertThat(
            report
                .heldBy(
                    heldElsewhere(
                        holders(0, 0, 1_640, 1_640),
                        new Elsewhere(List.of(), List.of(), 311, 1, false)))
                .text())
        .contains(
            "Unless the one process does that could not be looked into, or a file in memory does,"
                + " of which there were too many to list, the kernel itself holds them.");
  }

  private static Reports heldByKernel(PointedAt pointers) {
    Elsewhere nobody = new Elsewhere(List.of(), List.of(), 312, 0, true);
    return leak(growth("dentry", 544, 1, 10, 192))
        .heldBy(heldElsewhere(holders(0, 0, 1_640, 1_640), nobody))
        .left(LeftBehind.nothing().with(pointers));
  }

  @Test
  void nobody_and_nothing_points_at_it_any_more() {
    Reports report = heldByKernel(new PointedAt(List.of(), 3, 0, 27L << 20, true));

    assertThat(report.section("Who holds them"))
        .endsWith(
            "  No slab and no variable points at them for sure: most likely a reference was taken, and"
                + " its owner forgot it.");
    assertThat(report.section("Next").stripIndent())
        .startsWith(
            "- Look for a reference that is taken and not returned, or a record that is not freed,"
                + " in the kernel code on the test's path.");
    assertThat(report.section("What points at them")).startsWith("  Nothing in 27 MiB of slabs");
  }

  @Test
  void nobody_but_a_variable_of_a_module_that_points_at_it() {
    Reports report =
        heldByKernel(
            new PointedAt(
                List.of(
                    new PointedAt.InSlab("dentry", "kmalloc-64", false, "+16", true),
                    new PointedAt.Variable("dentry", "leaky_records", "leaky")),
                90,
                1,
                27L << 20,
                true));

    assertThat(report.section("Who holds them"))
        .endsWith("  What points at them: leaky_records in module leaky.");
    assertThat(report.section("Next").stripIndent())
        .isEqualTo("- See why they are still pointed at: leaky_records in module leaky.");
  }

  @Test
  void nobody_but_an_object_that_points_at_it() {
    PointedAt.By object = new PointedAt.InSlab("dentry", "kmalloc-64", false, "+16", true);

    assertThat(
            heldByKernel(new PointedAt(List.of(object), 1, 1, 1 << 20, true))
                .section("Who holds them"))
        .endsWith("  What points at them: +16 of an object of kmalloc-64.");
    assertThat(
            heldByKernel(new PointedAt(List.of(object), 90, 2, 1 << 20, true))
                .section("Who holds them"))
        .endsWith("  What points at 2 of these 90 objects: +16 of an object of kmalloc-64.");
    PointedAt.By doubtful = new PointedAt.InSlab("dentry", "kmalloc-64", false, "+16", false);
    assertThat(
            heldByKernel(new PointedAt(List.of(doubtful), 3, 0, 1 << 20, true))
                .section("Who holds them"))
        .contains("No slab and no variable points at them for sure");
    assertThat(
            heldByKernel(new PointedAt(List.of(), 3, 0, 1 << 20, false)).section("Who holds them"))
        .endsWith("The kernel itself holds them.");
  }

  @Test
  void who_is_stuck_in_the_kernel_is_named() {
    assertThat(
            leak(growth("dentry", 0, 1, 1, 192))
                .heldBy(
                    heldElsewhere(
                        holders(0, 0, 1_640, 1_640),
                        new Elsewhere(
                            List.of(),
                            List.of(),
                            311,
                            1,
                            true,
                            List.of(new Elsewhere.Stuck("cat", 4711)))))
                .text())
        .contains(
            "Unless the one process does that could not be looked into (the kernel did not tell in"
                + " time what these hold: cat (4711)), the kernel itself holds them.");
  }

  @Test
  void one_descriptor_is_singular_though_others_were_closed() {
    Reports report = leak(growth("dentry", 0, 1, 1, 192)).heldBy(holders(1, -5, 640, 636));

    assertThat(report.section("Who holds them"))
        .isEqualTo("  1 socket is still open in this JVM:\n    socket:[80]");
  }

  @Test
  void two_descriptors_are_plural_though_one_was_closed() {
    Reports report = leak(growth("dentry", 0, 2, 1, 192)).heldBy(holders(2, -1, 640, 641));

    assertThat(report.section("Who holds them"))
        .startsWith("  2 sockets are still open in this JVM:\n");
  }

  @Test
  void one_of_each_kind_is_plural() {
    Reports report = leak(growth("dentry", 0, 2, 1, 192)).heldBy(holders(1, 1, 640, 642));

    assertThat(report.section("Who holds them"))
        .startsWith("  1 socket and 1 file are still open in this JVM:\n");
  }

  @Test
  void several_mounts_are_plural_and_a_long_list_is_cut() {
    Reports report =
        leak(growth("mnt_cache", 0, 10, 1, 384))
            .heldBy(
                new Holders(
                    descriptors(0, 0),
                    List.of(),
                    0,
                    640,
                    640,
                    IntStream.range(0, 10).mapToObj(i -> "/mnt/" + i + " (tmpfs)").toList()));

    assertThat(report.section("Who holds them"))
        .startsWith("  10 mounts are still mounted:\n    /mnt/0 (tmpfs)\n")
        .contains("\n    /mnt/7 (tmpfs)\n    and 2 more")
        .doesNotContain("/mnt/8");
  }

  @Test
  void the_same_target_many_times_is_one_line() {
    Reports report =
        leak(growth("filp", 0, 3, 1, 192))
            .heldBy(
                new Holders(
                    descriptors(0, 3),
                    List.of("/srv/data", "/srv/data", "/srv/other"),
                    0,
                    640,
                    643,
                    List.of()));

    assertThat(report.section("Who holds them"))
        .startsWith(
            "  3 files are still open in this JVM:\n    /srv/data (2 times)\n    /srv/other");
  }

  @Test
  void several_files_of_another_process_are_plural() {
    Reports report = leak(growth("filp", 0, 1, 1, 192)).heldBy(holders(0, 0, 640, 642));

    assertThat(report.section("Who holds them"))
        .startsWith(
            "  Another process may hold them: the machine has 2 more files open than before");
  }

  private static Holders kernelHolds(InKernel held) {
    Holders nobody = holders(0, 0, 640, 640);
    return new Holders(
        nobody.descriptors(),
        nobody.opened(),
        0,
        false,
        nobody.openFiles(),
        List.of(),
        Optional.of(new Elsewhere(List.of(), List.of(), 312, 0, true)),
        OpenedInJava.nothing(),
        held,
        false);
  }

  @Test
  void watches_of_a_descriptor_that_was_there_before_are_told_with_their_remedy() {
    Reports report =
        leak(growth("ext4_inode_cache", 544, 3, 1, 1_120))
            .heldBy(
                kernelHolds(
                    new InKernel(
                        List.of(new Registration(Registered.WATCH, "anon_inode:inotify", 3)),
                        List.of())));

    assertThat(report.section("Who holds them"))
        .startsWith(
            "  anon_inode:inotify of this JVM has 3 watches more than before the body was run"
                + " again.")
        .doesNotContain("The kernel itself");
    assertThat(report.section("Next"))
        .startsWith("  - cancel() the WatchKey, or close() the WatchService.")
        .doesNotContain("in the kernel code");
  }

  /** Each channel that is left open is registered still. */
  @Test
  void channels_of_a_selector_are_no_holder_beside_what_this_jvm_has_open() {
    Holders open = holders(0, 3, 640, 643);
    Holders both =
        new Holders(
            open.descriptors(),
            open.opened(),
            0,
            false,
            open.openFiles(),
            List.of(),
            Optional.empty(),
            OpenedInJava.nothing(),
            new InKernel(
                List.of(new Registration(Registered.KEY, "anon_inode:[eventpoll]", 3)), List.of()),
            false);

    Reports report = leak(growth("filp", 544, 3, 1, 192)).heldBy(both);

    assertThat(report.section("Who holds them")).doesNotContain("registered channels");
    assertThat(report.section("Next")).doesNotContain("SelectionKey");
  }

  @Test
  void a_loop_device_is_told_with_its_command() {
    Reports report =
        leak(growth("filp", 544, 1, 1, 192))
            .heldBy(
                kernelHolds(
                    new InKernel(
                        List.of(),
                        List.of(InKernel.Use.ofLoop("/dev/loop3", "/tmp/x (deleted)")))));

    assertThat(report.section("Who holds them"))
        .startsWith("  /dev/loop3 is still attached to /tmp/x (deleted).");
    assertThat(report.section("Next"))
        .startsWith("  - losetup -d /dev/loop3")
        .doesNotContain("in the kernel code");
  }

  @Test
  void what_the_test_started_is_to_be_ended_and_its_pipes_are_not_to_be_closed() {
    HoldingProcess one = new HoldingProcess("cat", 17, Relation.STARTED, 34, List.of());
    HoldingProcess other =
        new HoldingProcess("sleep", 18, Relation.STARTED, 34, List.of("/etc/hostname"));
    Reports report =
        leak(growth("filp", 544, 3, 1, 192))
            .heldBy(
                with(
                    holders(0, 3, 640, 643),
                    Optional.of(new Elsewhere(List.of(one, other), List.of(), 312, 0, true)),
                    OpenedInJava.nothing(),
                    false));

    assertThat(report.section("Who holds them"))
        .contains("\n  2 processes were started by the test and still run:\n")
        .endsWith("still run:\n    cat (17)\n    sleep (18), which holds /etc/hostname");
    assertThat(report.section("Next"))
        .contains("- End what the test starts, and wait for it: destroy() and waitFor().")
        .doesNotContain("try-with-resources")
        .doesNotContain("See why");
  }
}
