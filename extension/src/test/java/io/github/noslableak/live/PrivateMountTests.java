package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.noslableak.MountLeakError;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.Nobody;
import io.github.noslableak.PrivateMount;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private mounts, what keeps them busy, and what is left of them. */
@LiveTest
class PrivateMountTests {

  @RegisterExtension static final Leaks LEFT = new Leaks();

  private static final List<Path> USED = new ArrayList<>();

  @BeforeEach
  void forget() {
    USED.clear();
  }

  @AfterEach
  void nothing_is_mounted() throws IOException {
    LEFT.undoAll();
    assertThat(mounts()).as("what is still mounted").noneMatch(PrivateMountTests::isOurs);
  }

  private static List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo"));
  }

  private static boolean isOurs(String mount) {
    return mount.contains(" /run/noslableak/mounts/" + ProcessHandle.current().pid() + "-");
  }

  private static String mountOf(Path dir) throws IOException {
    return mounts().stream()
        .filter(line -> line.contains(" " + dir + " "))
        .findFirst()
        .orElse("not mounted");
  }

  /** Notes a directory and leaves a file there. */
  private static void use(Path dir) throws IOException {
    USED.add(dir);
    try (Stream<Path> entries = Files.list(dir)) {
      assertThat(entries).isEmpty();
    }
    assertThat(mountOf(dir)).isNotEqualTo("not mounted");
    Files.writeString(dir.resolve("file"), "x");
  }

  /** As {@link #use}, for bodies that may be run again. */
  private static void useAgain(Path dir) throws IOException {
    Files.writeString(dir.resolve("file"), "x");
  }

  /** Runs one test of {@link LeakingTestCases}, which must fail at the mount and nowhere else. */
  private static MountLeakError leakOf(String test) {
    List<Throwable> failures = TestKit.runMethod(LeakingTestCases.class, test).failures();
    assertThat(failures).singleElement().isInstanceOf(MountLeakError.class);
    return (MountLeakError) failures.get(0);
  }

  // --- where it can stand ------------------------------------------------------------------------

  static class EverywhereTestCases {
    @PrivateMount Path field;

    @PrivateMount static Path shared;

    EverywhereTestCases(@PrivateMount Path dir) throws IOException {
      use(dir);
    }

    @BeforeAll
    static void beforeAll(@PrivateMount Path dir) throws IOException {
      use(dir);
      use(shared);
    }

    @BeforeEach
    void before(@PrivateMount Path dir) throws IOException {
      use(field);
      use(dir);
      assertThat(shared.resolve("file")).exists();
    }

    @Test
    void body(@PrivateMount Path dir, @PrivateMount Path another) throws IOException {
      use(dir);
      use(another);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void parameterized(int number, @PrivateMount Path dir) throws IOException {
      use(dir);
    }

    @RepeatedTest(2)
    void repeated(@PrivateMount Path dir) throws IOException {
      use(dir);
    }

    @TestFactory
    Stream<DynamicTest> factory(@PrivateMount Path dir) throws IOException {
      use(dir);
      return Stream.of(
          DynamicTest.dynamicTest("dynamic", () -> assertThat(dir.resolve("file")).exists()));
    }

    @AfterEach
    void after() {
      assertThat(field.resolve("file")).exists();
    }

    @Nested
    class InnerTestCases {
      @PrivateMount Path inner;

      @Test
      void nested(@PrivateMount Path dir) throws IOException {
        use(dir);
        use(inner);
        assertThat(field.resolve("file")).exists();
      }
    }
  }

  @Test
  void should_give_each_parameter_and_field_a_mount_of_its_own() {
    assertThat(TestKit.run(EverywhereTestCases.class)).passes(7);

    // Two for the class; then for each test field, constructor, @BeforeEach and its own.
    assertThat(new HashSet<>(USED)).hasSameSizeAs(USED).hasSize(2 + 7 * 3 + 2 + 2 + 2 + 1 + 2);
    assertThat(USED).noneMatch(Files::exists);
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCases {
    @PrivateMount Path field;

    private final Path dir;

    PerClassTestCases(@PrivateMount Path dir) throws IOException {
      this.dir = dir;
      use(dir);
    }

    @RepeatedTest(2)
    void body(@PrivateMount Path parameter) throws IOException {
      use(field);
      use(parameter);
      assertThat(dir.resolve("file")).exists();
    }
  }

  @Test
  void should_share_only_what_belongs_to_the_shared_instance() {
    assertThat(TestKit.run(PerClassTestCases.class)).passes(2);

    assertThat(new HashSet<>(USED)).hasSameSizeAs(USED).hasSize(1 + 2 * 2);
    assertThat(USED).noneMatch(Files::exists);
  }

  static class TypesTestCases {
    @Test
    void types(
        @PrivateMount(mebibytes = 1) Path memory,
        @PrivateMount(type = PrivateMount.Type.EXT4, mebibytes = 16) Path disk)
        throws IOException {
      use(memory);
      use(disk);
      assertThat(mountOf(memory))
          .contains(" rw,nosuid,nodev", "tmpfs noslableak rw,size=1024k,mode=700")
          .doesNotContain("shared:", "master:");
      assertThat(mountOf(disk)).contains(" rw,nosuid,nodev", " ext4 /dev/loop");
      assertThat(Files.getFileStore(disk).getTotalSpace()).isBetween(8L << 20, 16L << 20);
    }
  }

  @Test
  void should_mount_what_is_wanted_and_leave_no_loop_device() {
    assertThat(TestKit.run(TypesTestCases.class)).passes(1);
    assertThat(loopDevicesInMemory()).isEmpty();
  }

  private static List<String> loopDevicesInMemory() {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      List<String> images = new ArrayList<>();
      for (Path device : devices.toList()) {
        Path backing = device.resolve("loop/backing_file");
        if (Files.exists(backing) && Files.readString(backing).equals("/image\n")) {
          images.add(device.toString());
        }
      }
      return images;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static class MisusedTestCases {
    @Test
    void wrong_type(@PrivateMount String dir) {}

    @Test
    void too_small(@PrivateMount(mebibytes = 0) Path dir) {}

    @Test
    void too_small_for_ext4(@PrivateMount(type = PrivateMount.Type.EXT4, mebibytes = 7) Path dir) {}
  }

  static class FinalFieldTestCases {
    @PrivateMount final Path dir = Path.of("x");

    @Test
    void body() {}
  }

  @Test
  void should_refuse_misuse() {
    assertThat(TestKit.run(MisusedTestCases.class).failures())
        .satisfiesExactlyInAnyOrder(
            e ->
                assertThat(e)
                    .isInstanceOf(ParameterResolutionException.class)
                    .hasMessageContaining(
                        "@PrivateMount should be on a Path, but is on the parameter"),
            e ->
                assertThat(e)
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessage(
                        "@PrivateMount: mebibytes should be at least 1 for tmpfs, but is 0"),
            e ->
                assertThat(e)
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessage(
                        "@PrivateMount: mebibytes should be at least 8 for ext4, but is 7"));
    assertThat(TestKit.run(FinalFieldTestCases.class).failures())
        .singleElement()
        .isInstanceOf(ExtensionConfigurationException.class);
  }

  // --- what keeps it busy ------------------------------------------------------------------------

  static class LeakingTestCases {
    @Test
    void descriptor(@PrivateMount Path dir) throws IOException {
      use(dir);
      LEFT.keep(new FileInputStream(dir.resolve("file").toFile()));
    }

    @Test
    void deleted(@PrivateMount(type = PrivateMount.Type.EXT4) Path dir) throws IOException {
      use(dir);
      LEFT.keep(new FileInputStream(dir.resolve("file").toFile()));
      Files.delete(dir.resolve("file"));
    }

    @Test
    void mapped(@PrivateMount Path dir) throws IOException {
      use(dir);
      // A mapping ends with its buffer; a child's with the child.
      Path program = Files.copy(Path.of("/bin/sleep"), dir.resolve("sleep"));
      assertThat(program.toFile().setExecutable(true)).isTrue();
      LEFT.keep(Child.start(program.toString(), "60"));
    }

    @Test
    void working_directory(@PrivateMount Path dir) throws IOException {
      Path sub = Files.createDirectory(dir.resolve("sub"));
      LEFT.keep(Child.start(new ProcessBuilder("sleep", "60").directory(sub.toFile())));
    }

    @Test
    void other_namespace(@PrivateMount Path dir) throws IOException, InterruptedException {
      use(dir);
      // The descriptor is of this mount and not of the copy.
      Child child =
          LEFT.keep(
              Child.start(
                  "sh", "-c", "exec 9<" + dir.resolve("file") + "; exec unshare --mount sleep 60"));
      while (child.isAlive()
          && ProcessHandle.of(child.pid()).flatMap(process -> process.info().command()).stream()
              .noneMatch(command -> command.endsWith("sleep"))) {
        Thread.sleep(10);
      }
    }

    @Test
    void bound_socket(@PrivateMount Path dir) throws IOException {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      LEFT.keep(server);
      server.bind(UnixDomainSocketAddress.of(dir.resolve("socket")));
    }

    @Test
    void mounted_on(@PrivateMount Path dir) throws IOException {
      Path sub = Files.createDirectory(dir.resolve("sub"));
      Linux.mountTmpfs(sub.toString());
    }

    @Test
    void loop_device(@PrivateMount Path dir) throws IOException, InterruptedException {
      Path image = dir.resolve("image");
      try (FileChannel file =
          FileChannel.open(image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(1 << 20));
      }
      String device = Child.run("losetup", "--find", "--show", image.toString()).strip();
      LEFT.undo(() -> Child.run("losetup", "--detach", device));
    }

    @Test
    void socket_queue(@PrivateMount Path dir) throws IOException {
      use(dir);
      LEFT.keep(Linux.sendAndForget(dir.resolve("file").toString()));
    }

    @Test
    void kernel(@PrivateMount Path dir) throws IOException {
      use(dir);
      Path events = TraceFileSystem.root().resolve("uprobe_events");
      assumeTrue(Files.exists(events), "this kernel has no uprobes");
      tell(events, "p:noslableak_test/held " + dir.resolve("file") + ":0x0");
      LEFT.undo(() -> tell(events, "-:noslableak_test/held"));
    }

    private static void tell(Path events, String line) throws IOException {
      Files.writeString(events, line + "\n", StandardOpenOption.APPEND);
    }
  }

  private static String thisJvm() throws IOException {
    return "process "
        + ProcessHandle.current().pid()
        + " ("
        + Files.readString(Path.of("/proc/self/comm")).strip()
        + "), this JVM:";
  }

  @Test
  void should_name_a_descriptor_that_this_JVM_left_open() throws IOException {
    MountLeakError error = leakOf("descriptor");

    assertThat(error.isLeakedReference()).isFalse();
    assertThat(error)
        .hasMessageContaining(
            "The private mount is still in use at the end of the test: umount of ")
        .hasMessageContaining(" (tmpfs) answers EBUSY after 0.")
        .hasMessageContaining(thisJvm())
        .hasMessageMatching("(?s).* descriptor \\d+: " + USED.get(0) + "/file\n.*");
  }

  @Test
  void should_name_a_deleted_file_on_ext4() throws IOException {
    assertThat(leakOf("deleted"))
        .hasMessageContaining(" (ext4) answers EBUSY")
        .hasMessageContaining(thisJvm())
        .hasMessageContaining(USED.get(0) + "/file (deleted)");
    LEFT.undoAll();
    assertThat(loopDevicesInMemory()).isEmpty();
  }

  @Test
  void should_name_a_program_and_a_mapped_file() {
    assertThat(leakOf("mapped"))
        .hasMessageContaining("(sleep):")
        .hasMessageContaining("program: " + USED.get(0) + "/sleep")
        .hasMessageContaining("mapped: " + USED.get(0) + "/sleep");
  }

  @Test
  void should_name_a_child_that_works_in_it() {
    assertThat(leakOf("working_directory"))
        .hasMessageContaining("(sleep):")
        .hasMessageMatching("(?s).* working directory: /run/noslableak/mounts/[-\\d]+/sub\n.*");
  }

  @Test
  void should_name_a_process_of_another_mount_namespace() {
    assertThat(leakOf("other_namespace"))
        .hasMessageContaining("(sleep):")
        .hasMessageContaining("descriptor 9: " + USED.get(0) + "/file");
  }

  @Test
  void should_name_a_bound_socket() throws IOException {
    assertThat(leakOf("bound_socket"))
        .hasMessageContaining(thisJvm())
        .hasMessageContaining(": a socket bound to a name on it");
  }

  @Test
  void should_name_a_mount_on_it_and_detach_that_too() {
    assertThat(leakOf("mounted_on"))
        .hasMessageMatching("(?s).*another mount:\\n    /run/noslableak/mounts/[-\\d]+/sub\\n.*");
  }

  @Test
  void should_name_a_loop_device() {
    assertThat(leakOf("loop_device"))
        .hasMessageMatching("(?s).*a loop device:\n    /dev/loop\\d+: .*/image\n.*");
  }

  @Test
  void should_hint_at_a_descriptor_in_a_socket_s_queue() throws IOException {
    MountLeakError error = leakOf("socket_queue");

    assertThat(error.isLeakedReference()).isTrue();
    assertThat(error)
        .hasMessageContaining(
            "Sockets with descriptors in their queues that nobody has received yet")
        .hasMessageContaining(thisJvm());
  }

  @Test
  void should_say_that_no_process_holds_it_where_the_kernel_does() {
    MountLeakError error = leakOf("kernel");

    assertThat(error.isLeakedReference()).isTrue();
    assertThat(error)
        .hasMessageStartingWith(
            "A reference to a file on the private mount was taken and not returned: umount of "
                + USED.get(0)
                + " (tmpfs) answers EBUSY after ")
        .hasMessageContaining("s, and no process holds it.\n")
        .hasMessageMatching("(?s).*Looked at [\\d,]+ processes in \\d+ mount namespaces?: .*")
        .hasMessageContaining("What to do next:")
        .hasMessageEndingWith("The mount is detached: no path leads to it any more.");
  }

  // --- no verdict
  // ----------------------------------------------------------------------------------

  static class NoVerdictTestCases {
    @PrivateMount static Path shared;

    @Test
    void failing(@PrivateMount Path dir) throws IOException {
      use(dir);
      LEFT.keep(new FileInputStream(dir.resolve("file").toFile()));
      LEFT.keep(FileChannel.open(shared));
      throw new IllegalArgumentException("its own");
    }

    @Test
    void aborted(@PrivateMount Path dir) throws IOException {
      use(dir);
      LEFT.keep(new FileInputStream(dir.resolve("file").toFile()));
      Assumptions.abort("its own");
    }

    @TestFactory
    Stream<DynamicTest> factory(@PrivateMount Path dir) throws IOException {
      use(dir);
      return Stream.of(
          DynamicTest.dynamicTest(
              "dynamic",
              () -> {
                LEFT.keep(new FileInputStream(dir.resolve("file").toFile()));
                throw new IllegalArgumentException("its own");
              }));
    }
  }

  @Test
  void should_not_judge_what_failed_or_was_aborted() {
    Results results = TestKit.run(NoVerdictTestCases.class);

    assertThat(results.failures())
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasNoSuppressedExceptions());
    results.tests().assertStatistics(stats -> stats.aborted(1));
    assertThat(USED).noneMatch(Files::exists);
  }

  // --- with @NoSlabLeak
  // ----------------------------------------------------------------------------

  @NoSlabLeak(caches = {"dentry", "mnt_cache", "shmem_inode_cache"})
  static class CountedTestCases {
    @PrivateMount Path field;

    CountedTestCases(@PrivateMount Path dir) throws IOException {
      useAgain(dir);
    }

    @Test
    void body(@PrivateMount Path dir) throws IOException {
      useAgain(field);
      useAgain(dir);
    }

    @Test
    @NoSlabLeak(caches = {"dentry", "ext4_inode_cache", "mnt_cache", "shmem_inode_cache"})
    void on_ext4(@PrivateMount(type = PrivateMount.Type.EXT4) Path dir) throws IOException {
      useAgain(dir);
    }
  }

  @Test
  void should_not_be_accused_of_the_mount_itself() {
    assertThat(TestKit.run(CountedTestCases.class)).passes(2);
  }

  @NoSlabLeak(caches = {"dentry", "filp", "mnt_cache", "shmem_inode_cache"})
  static class LeavesNothingTestCases {
    @Test
    void body(@PrivateMount Path dir) throws IOException {
      USED.add(dir);
      Files.delete(Files.createTempFile(dir, "file", null));
    }
  }

  @Test
  void should_not_have_a_clean_body_run_again() {
    assertThat(TestKit.run(LeavesNothingTestCases.class)).passes(1);
    assertThat(USED).as("runs of the body").hasSize(1);
  }

  static class MethodLevelTestCases {
    @PrivateMount Path field;

    MethodLevelTestCases(@PrivateMount Path dir) throws IOException {
      useAgain(dir);
    }

    @Test
    @NoSlabLeak(caches = {"dentry", "mnt_cache", "shmem_inode_cache"})
    void body() throws IOException {
      useAgain(field);
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class CountedPerClassTestCases {
    @PrivateMount Path field;

    @Test
    @NoSlabLeak(caches = {"dentry", "mnt_cache", "shmem_inode_cache"})
    void body(@PrivateMount Path dir) throws IOException {
      useAgain(field);
      useAgain(dir);
    }
  }

  @Test
  void should_lie_inside_the_measurement_in_whichever_order_they_are_registered() {
    assertThat(TestKit.run(MethodLevelTestCases.class)).passes(1);
    assertThat(TestKit.run(CountedPerClassTestCases.class)).passes(1);
  }

  @NoSlabLeak(caches = {"dentry", "mnt_cache", "shmem_inode_cache"})
  static class RunAgainTestCases {
    @Test
    void body(@PrivateMount Path dir) throws IOException {
      USED.add(dir);
      for (int i = 0; i < 50; i++) {
        Files.createTempFile(dir, "file", null);
      }
    }
  }

  @Test
  void should_not_be_accused_of_files_left_on_it_after_running_again_on_the_same_mount() {
    assertThat(TestKit.run(RunAgainTestCases.class)).passes(1);

    assertThat(USED).hasSizeGreaterThan(1);
    assertThat(new HashSet<>(USED)).hasSize(1);
  }

  // --- processes
  // -----------------------------------------------------------------------------------

  @Test
  void should_remove_what_a_killed_JVM_left() throws Exception {
    Child child = LEFT.keep(ChildJvm.start(List.of("nice"), "mount", "fail"));
    List<Path> left = mountedBy(child);
    killWithItsCompanion(child);
    assertThat(left).hasSize(2).allSatisfy(dir -> assertThat(mountOf(dir)).contains("nosuid"));

    assertThat(TestKit.run(TypesTestCases.class)).passes(1);

    assertThat(left).noneMatch(Files::exists);
    assertThat(loopDevicesInMemory()).isEmpty();
  }

  @Test
  void should_leave_alone_what_a_living_JVM_has_mounted() throws Exception {
    Child child = LEFT.keep(ChildJvm.start(List.of("nice"), "mount", "fail"));
    Path mounted = mountedBy(child).get(0);
    assertThat(TestKit.run(TypesTestCases.class)).passes(1);
    assertThat(mountOf(mounted)).contains("nosuid");
  }

  /** As with a container. */
  private static void killWithItsCompanion(Child child) throws InterruptedException {
    ProcessHandle.of(child.pid()).orElseThrow().children().forEach(ProcessHandle::destroyForcibly);
    child.kill();
  }

  private static List<Path> mountedBy(Child child) throws InterruptedException {
    String line = child.awaitLineStartingWith("mounted ");
    return Stream.of(line.substring("mounted ".length()).split(" ", -1)).map(Path::of).toList();
  }

  @Test
  void should_abort_or_fail_without_rights() throws Exception {
    assertThat(LEFT.keep(ChildJvm.start(Nobody.COMMAND, "mount", "abort")).awaitEnd().output())
        .contains(
            "ABORTED org.opentest4j.TestAbortedException: NoSlabLeak cannot mount here, so leaked"
                + " references would go unseen:\n  cannot mount tmpfs (EPERM, not permitted); to"
                + " grant it, run the build as root: sudo -E mvn verify",
            "Set noslableak.unmeasurable=fail to fail here.")
        .doesNotContain("mounted ");
    assertThat(LEFT.keep(ChildJvm.start(Nobody.COMMAND, "mount", "fail")).awaitEnd().output())
        .contains("FAILED io.github.noslableak.SlabUnmeasurableException: NoSlabLeak cannot mount")
        .doesNotContain("mounted ");
  }
}
