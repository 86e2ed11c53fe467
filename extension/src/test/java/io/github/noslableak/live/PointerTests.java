package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.object.ObjectReader;
import io.github.noslableak.object.Pointer;
import io.github.noslableak.object.Pointers;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Living;
import io.github.noslableak.verdict.Whose;
import java.io.FileInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What points at objects is found in this very kernel's memory. */
@LiveTest
class PointerTests {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @RegisterExtension final Leaks leaks = new Leaks();

  private AllocationLedger ledger;
  private ObjectReader reader;

  @BeforeEach
  void open() throws Exception {
    ledger =
        leaks.keep(
            AllocationLedger.open(
                LedgerTests.caches("filp"), new AllocationLedger.Options(false, 1024, false)));
    reader = leaks.keep(ObjectReader.open());
    Pointers ignored = pointersToFilesOf(Path.of("/etc/hostname")); // Loads what it needs.
    ledger.mark(1);
  }

  /** Returns what points at the files that this JVM and its children have open of a path. */
  private Pointers pointersToFilesOf(Path path) throws Exception {
    try (FileInputStream other = new FileInputStream("/etc/hostname")) {
      assertThat(other.read()).isPositive();
      Map<Long, String> files =
          ledger.living(Set.of("filp"), living -> living.owner().whose() == Whose.OWN).stream()
              .filter(living -> isOf(path, living))
              .collect(Collectors.toMap(Living::address, Living::cache));
      assertThat(files).isNotEmpty();
      return reader.pointersTo(files, LIMIT);
    }
  }

  private boolean isOf(Path path, Living living) {
    return reader
        .read(living.cache(), living.address())
        .filter(known -> known.name().equals(path.toString()))
        .isPresent();
  }

  /** Returns what is sure to be alive: a processor has free slots that nobody else knows of. */
  private static List<Pointer.From> sure(Pointers pointers) {
    assertThat(pointers.whole()).isTrue();
    assertThat(pointers.searchedBytes()).isGreaterThan(1 << 20);
    assertThat(pointers.found()).extracting(Pointer::cache).containsOnly("filp");
    return pointers.found().stream()
        .map(Pointer::from)
        .filter(from -> !(from instanceof Pointer.InSlab object) || object.isAlive())
        .toList();
  }

  @Test
  void a_descriptor_of_this_jvm(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("open"));
    leaks.keep(new FileInputStream(file.toFile()));

    assertThat(sure(pointersToFilesOf(file)))
        .singleElement()
        .isInstanceOfSatisfying(
            Pointer.OwnDescriptor.class,
            descriptor ->
                assertThat(Path.of("/proc/self/fd/" + descriptor.number())).isSymbolicLink());
  }

  /** A process that opens more than its first table holds keeps what was in that. */
  @Test
  void no_table_that_a_process_has_outgrown(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("open"));
    String move =
        // A copy has a small table, however large was that of the JVM.
        "use POSIX; if (fork) { wait; exit }"
            + " open(F, '<', $ARGV[0]) or die; fileno(F) < 64 or die;"
            + " dup2(fileno(F), 100) or die; close F; $| = 1; print qq(moved\n); <STDIN>";
    leaks.keep(Child.start("perl", "-e", move, file.toString())).awaitLine("moved");

    assertThat(sure(pointersToFilesOf(file)))
        .singleElement()
        .isInstanceOfSatisfying(
            Pointer.InSlab.class,
            table -> assertThat(table.cache()).as("the larger table").contains("kmalloc"));
  }

  /**
   * Of a table of 4,096 descriptors the bits take 1,032 bytes of 2,048, and the rest is as it was
   * left: here by tables of 256, each full of the file, that were outgrown. Their memory goes to
   * caches of other kinds too, where a member that nobody writes to keeps what was there: which
   * those are is known of the caches alone that are of one structure.
   */
  @Test
  void nothing_that_lies_behind_the_bits_of_a_table(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("open"));
    String fill =
        "use POSIX; $| = 1; open(F, '<', $ARGV[0]) or die; dup2(fileno(F), 3) if fileno(F) != 3;"
            + " for (1 .. 16) { my $child = fork // die; next if $child;"
            + " dup2(3, $_) or die for 65 .. 255, 300; _exit(0) }"
            + " 1 while wait > 0; sleep 1;"
            + " for (1 .. 12) { my $child = fork // die; next if $child;"
            + " POSIX::close(3); dup2(0, 3000) or die; print qq(bits\n); <STDIN>; _exit(0) }"
            + " <STDIN>";
    Child child = leaks.keep(Child.start("perl", "-e", fill, file.toString()));
    for (int i = 0; i < 12; i++) {
      child.awaitLine("bits");
    }

    assertThat(sure(pointersToFilesOf(file)))
        .filteredOn(from -> !(from instanceof Pointer.InSlab object) || !object.isMerged())
        .singleElement()
        .isInstanceOf(Pointer.InSlab.class);
  }

  /**
   * Whoever has a file open that the kernel makes up while it is read, as /proc/loadavg, has a page
   * for it, of which what was read fills a few bytes: as does this library for each counter.
   */
  @Test
  void nothing_that_lies_behind_what_was_read_of_a_file_of_proc(@TempDir Path directory)
      throws Exception {
    Path file = Files.createFile(directory.resolve("open"));
    String fill =
        "use POSIX; $| = 1; open(F, '<', $ARGV[0]) or die; dup2(fileno(F), 3) if fileno(F) != 3;"
            + " for (1 .. 16) { my $child = fork // die; next if $child;"
            + " dup2(3, $_) or die for 65 .. 80, 511; _exit(0) }"
            + " 1 while wait > 0;"
            + " for (1 .. 40) { open($load[$_], '<', '/proc/loadavg') or die;"
            + " sysread($load[$_], my $line, 99) or die }"
            + " open($unread, '<', '/proc/loadavg') or die; print qq(read\n); <STDIN>";
    leaks.keep(new FileInputStream(file.toFile()));
    leaks.keep(Child.start("perl", "-e", fill, file.toString())).awaitLine("read");

    assertThat(sure(pointersToFilesOf(file)))
        .filteredOn(from -> !(from instanceof Pointer.InSlab object) || !object.isMerged())
        .as("its descriptor and that of this JVM")
        .hasSize(2)
        .hasAtLeastOneElementOfType(Pointer.InSlab.class)
        .hasAtLeastOneElementOfType(Pointer.OwnDescriptor.class);
  }

  @Test
  void a_mapping_whose_descriptor_is_closed(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("mapped"), new byte[4096]);
    Object mapped;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, 4096);
    }

    assertThat(sure(pointersToFilesOf(file)))
        .anySatisfy(
            pointer ->
                assertThat(pointer)
                    .isInstanceOfSatisfying(
                        Pointer.InSlab.class,
                        object -> {
                          assertThat(object.cache()).isEqualTo("vm_area_struct");
                          assertThat(object.member()).isEqualTo("vm_file");
                        }));
    assertThat(mapped).isNotNull(); // Until here.
  }

  /** The ledger saw the allocations; nothing holds the segment but the kernel's own table. */
  @Test
  void the_report_of_what_only_the_kernel_holds_says_what_points_at_it() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("shmem_inode_cache", "dentry", "filp")
            .measure(
                () -> {
                  String id =
                      Child.run("perl", "-e", "print shmget(0, 4096, 0600 | 01000) // die qq($!)")
                          .strip();
                  leaks.undo(() -> Child.run("ipcrm", "--shmem-id", id));
                });

    assertThat(growth.report())
        .containsPattern(
            "What points at them\n(.*\n)*?  filp:\n(    .*\n)*?    \\+\\d+ of an object of kmalloc-")
        .containsPattern("  This is what was found in [\\d,]+ MiB of slabs and variables\\.\n");
  }
}
