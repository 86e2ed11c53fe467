package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.slab.Kernel;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The allocation ledger on the running kernel. */
@LiveTest
class LedgerTests {

  private static final AllocationLedger.Options PLAIN =
      new AllocationLedger.Options(false, 4096, true);
  private static final AllocationLedger.Options STACKS =
      new AllocationLedger.Options(true, 4096, true);
  private static final Owner INTERRUPT = new Owner(Whose.KERNEL, 0, "interrupt");
  private static final String OURS = "noslableak-" + ProcessHandle.current().pid() + "-";

  @RegisterExtension final Leaks leaks = new Leaks();

  static List<SlabCache> caches(String... names) {
    return Kernel.current().select(List.of(names)).watched();
  }

  @BeforeEach
  void a_ledger_can_be_kept_here() {
    assertThat(AllocationLedger.obstacle()).isEmpty();
  }

  @AfterEach
  void nothing_is_recorded_any_more() throws Exception {
    leaks.undoAll();
    assertThat(recording()).isEmpty();
    assertThat(instances().stream().filter(name -> name.startsWith(OURS)))
        .as("kept for the next ledger")
        .hasSizeLessThanOrEqualTo(2);
  }

  /** Returns the instances of this JVM that are switched on. */
  private static List<String> recording() throws IOException {
    List<String> recording = new ArrayList<>();
    for (String name : instances()) {
      if (name.startsWith(OURS) && tracingOn(name).equals("1")) {
        recording.add(name);
      }
    }
    return recording;
  }

  private AllocationLedger open(AllocationLedger.Options options, String... caches)
      throws IOException {
    return leaks.keep(AllocationLedger.open(caches(caches), options));
  }

  /** Objects are freed after a grace period, so what lives is asked for until it is as expected. */
  private static Snapshot await(AllocationLedger ledger, Predicate<Snapshot> expected)
      throws InterruptedException {
    Snapshot snapshot = ledger.named(ledger.snapshot());
    for (int i = 0; i < 100 && !expected.test(snapshot); i++) {
      Thread.sleep(20);
      snapshot = ledger.named(ledger.snapshot());
    }
    return snapshot;
  }

  private static void makeSockets(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      new ServerSocket(0).close();
    }
  }

  @Test
  void of_one_that_is_not_to_be_kept_nothing_is_left() throws Exception {
    List<String> before = instances();

    // With a buffer that no other has, or one that is kept would do.
    try (AllocationLedger ledger =
        AllocationLedger.open(caches("filp"), new AllocationLedger.Options(false, 4092, false))) {
      assertThat(ledger.snapshot().lostEvents()).isZero();
      assertThat(instances()).hasSize(before.size() + 1);
    }

    assertThat(instances()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void of_1000_sockets_the_3_that_stay_are_found() throws Exception {
    makeSockets(10); // What the first one loads stays.
    AllocationLedger ledger = open(STACKS, "sock_inode_cache", "filp", "dentry");
    ledger.mark(1);
    makeSockets(500);
    ledger.mark(2);
    leaks.sockets(3);
    ledger.mark(3);
    makeSockets(497);

    List<String> watched = List.of("sock_inode_cache", "filp", "dentry");
    Snapshot snapshot =
        await(
            ledger,
            now ->
                watched.stream().allMatch(name -> ofSockets(now.cache(name)).equals(List.of(3L))));

    assertThat(snapshot.lostEvents()).isZero();
    assertThat(snapshot.unassigned()).isZero();
    assertThat(snapshot.events()).isGreaterThanOrEqualTo(2 * 3 * 1000 - 3 * 3);
    for (String name : watched) {
      assertThat(ofSockets(snapshot.cache(name))).as(name).containsExactly(3L);
      assertThat(snapshot.cache(name).groups())
          .as(name)
          .filteredOn(LedgerTests::isOfSockets)
          .singleElement()
          .satisfies(
              group -> {
                assertThat(group.objects()).isEqualTo(3);
                assertThat(group.firstMark()).isEqualTo(2);
                assertThat(group.owner().processId()).isEqualTo(ProcessHandle.current().pid());
              });
    }
    assertThat(snapshot.cache("sock_inode_cache").freesUnrecorded()).isZero();
  }

  private static List<Long> ofSockets(Snapshot.CacheLive cache) {
    return cache.groups().stream()
        .filter(LedgerTests::isOfSockets)
        .map(Snapshot.Group::objects)
        .toList();
  }

  /** Other threads of this JVM may meanwhile open a file, whose dentry stays. */
  private static boolean isOfSockets(Snapshot.Group group) {
    return isOwn(group)
        && group.stack().stream()
            .map(Frame::displayName)
            .anyMatch(symbol -> symbol.contains("__sys_socket"));
  }

  private static boolean isOwn(Snapshot.Group group) {
    return group.owner().whose() == Whose.OWN;
  }

  @Test
  void without_stacks_the_call_site_is_known() throws Exception {
    AllocationLedger ledger = open(PLAIN, "sock_inode_cache");
    leaks.sockets(2);

    assertThat(ledger.named(ledger.snapshot()).cache("sock_inode_cache").groups())
        .filteredOn(LedgerTests::isOwn)
        .singleElement()
        .satisfies(group -> assertThat(group.stack()).hasSize(1))
        .extracting(Snapshot.Group::objects)
        .isEqualTo(2L);
  }

  @Test
  void stacks_can_be_recorded_from_some_moment_on() throws Exception {
    AllocationLedger ledger = open(PLAIN, "sock_inode_cache");
    leaks.sockets(2);
    ledger.recordStacks();
    ledger.recordStacks();
    leaks.sockets(3);

    Snapshot snapshot = ledger.named(ledger.snapshot());

    assertThat(snapshot.cache("sock_inode_cache").groups())
        .filteredOn(LedgerTests::isOwn)
        .satisfiesExactly(
            group -> {
              assertThat(group.objects()).isEqualTo(3);
              assertThat(group.stack()).hasSizeGreaterThan(1);
            },
            group -> {
              assertThat(group.objects()).isEqualTo(2);
              assertThat(group.stack()).hasSize(1);
            });
    ledger.close();
    assertThatThrownBy(ledger::recordStacks).isInstanceOf(IllegalStateException.class);
  }

  /** The kernel parses a filter then, and keeps it, while the test may already run again. */
  @Test
  void what_switching_to_stacks_takes_is_not_the_tests() throws Exception {
    AllocationLedger ledger =
        open(PLAIN, "sock_inode_cache", "kmalloc-32", "kmalloc-64", "kmalloc-96", "kmalloc-128");
    ledger.recordStacks();

    List<Snapshot.Group> switching = List.of();
    for (int i = 0; i < 100 && switching.isEmpty(); i++) {
      Thread.sleep(20);
      switching =
          ledger.named(ledger.snapshot()).caches().stream()
              .flatMap(cache -> cache.groups().stream())
              .filter(LedgerTests::isOfSwitching)
              .toList();
    }

    assertThat(switching)
        .isNotEmpty()
        .allSatisfy(group -> assertThat(group.owner()).isEqualTo(Owner.MEASUREMENT));
  }

  /** For the first charged object of a slab, a vector that stays as long as the slab. */
  @Test
  void what_says_which_control_group_objects_are_charged_to_is_nobody_s() throws Exception {
    AllocationLedger ledger = open(PLAIN, "kmalloc-64", "kmalloc-128", "kmalloc-192", "filp");
    for (int i = 0; i < 1_000; i++) { // Of which some twenty lie in one slab.
      InputStream ignored = leaks.keep(Files.newInputStream(Path.of("/proc/self/stat")));
    }

    Snapshot snapshot = ledger.named(ledger.snapshot());

    assertThat(snapshot.cache("filp").liveOf(Whose.OWN)).isGreaterThanOrEqualTo(1_000);
    List<Snapshot.Group> vectors =
        snapshot.caches().stream()
            .flatMap(cache -> cache.groups().stream())
            .filter(group -> group.stack().toString().contains("alloc_slab_obj_exts"))
            .toList();
    assertThat(vectors.isEmpty()).isEqualTo(!isCharged());
    assertThat(vectors).allSatisfy(group -> assertThat(group.owner()).isEqualTo(Owner.ALLOCATOR));
  }

  /**
   * Returns whether this JVM is in a control group of memory; the root's objects have no vector.
   */
  private static boolean isCharged() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      boolean ofMemory = List.of(parts[1].split(",", -1)).contains("memory");
      if (ofMemory ? !parts[2].equals("/") : isOfMemory(parts[2])) {
        return true;
      }
    }
    return false;
  }

  /** Only a group of the second version that is not the root, and has the controller, has these. */
  private static boolean isOfMemory(String group) {
    return Files.exists(Path.of("/sys/fs/cgroup", group, "memory.current"));
  }

  private static boolean isOfSwitching(Snapshot.Group group) {
    return group.stack().stream().anyMatch(frame -> frame.symbol().equals("event_trigger_write"));
  }

  @Test
  void what_a_child_allocated_is_own_also_when_it_has_ended() throws Exception {
    Path directory = directoryInMemory();
    AllocationLedger ledger = open(PLAIN, "shmem_inode_cache");
    String script = "for i in 1 2 3 4 5; do : > $0/$i; done; sh -c 'exec touch $0/6' $0";
    Child.run("sh", "-c", script, directory.toString());

    Map<Owner, Long> live = ledger.named(ledger.snapshot()).cache("shmem_inode_cache").live();

    assertThat(live)
        .hasEntrySatisfying(ownerNamed(live, "sh"), objects -> assertThat(objects).isEqualTo(5))
        .hasEntrySatisfying(ownerNamed(live, "touch"), objects -> assertThat(objects).isEqualTo(1));
  }

  private Path directoryInMemory() throws IOException {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "noslableak");
    leaks.undo(() -> deleteAll(directory));
    return directory;
  }

  private static Owner ownerNamed(Map<Owner, Long> live, String name) {
    return live.keySet().stream()
        .filter(owner -> owner.whose() == Whose.OWN && owner.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + live));
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  @Test
  void what_an_unrelated_process_allocated_is_told_apart() throws Exception {
    Path directory = directoryInMemory();
    Child child = startRecording();
    for (int i = 0; i < 40; i++) {
      Files.createFile(directory.resolve("file" + i));
    }
    child.say("");
    Child.Ended ended = child.awaitEnd();
    // To the child, this JVM is an unrelated process.
    assertThat(ended.output().lines())
        .anyMatch(line -> line.matches("OTHERS " + ProcessHandle.current().pid() + " java 4\\d"));
    assertThat(ended.status()).isZero();
  }

  private Child startRecording() throws Exception {
    Child child = leaks.keep(ChildJvm.start("record"));
    child.awaitLine("recording");
    return child;
  }

  @Test
  void what_an_interrupt_allocated_is_the_kernels() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      AllocationLedger ledger = open(PLAIN, "TCP*");
      for (int i = 0; i < 5; i++) {
        leaks.keep(new Socket(server.getInetAddress(), server.getLocalPort()));
      }
      // The other ends of these connections, which nobody has accepted.
      List<Snapshot.CacheLive> caches = ledger.named(ledger.snapshot()).caches();
      assertThat(caches.stream().mapToLong(cache -> cache.liveOf(Whose.OWN)).sum()).isEqualTo(5);
      assertThat(caches.stream().mapToLong(cache -> cache.live().getOrDefault(INTERRUPT, 0L)).sum())
          .isGreaterThanOrEqualTo(5);
    }
  }

  /** The ends that nobody has accepted, too: they arise in the midst of the sender's own call. */
  @Test
  void what_an_unrelated_process_sends_itself_is_its_own() throws Exception {
    Path go = Files.createTempDirectory("noslableak").resolve("go");
    leaks.undo(() -> Files.delete(go.getParent()));
    leaks.unrelated(
        "use Socket; select(undef,undef,undef,0.01) until -e '"
            + go
            + "'; socket(my $s, AF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK));"
            + " listen($s, 9); my @c; for (0..4) { socket($c[$_], AF_INET, SOCK_STREAM, 0);"
            + " connect($c[$_], getsockname($s)) } sleep 100");
    AllocationLedger ledger = open(PLAIN, "TCP");
    Files.createFile(go);
    leaks.undo(() -> Files.delete(go));

    Snapshot snapshot = await(ledger, some -> ofPerl(some) >= 11);

    assertThat(ofPerl(snapshot))
        .as("that of the server, and more ends than the five that it made itself: %s", snapshot)
        .isGreaterThan(6);
  }

  private static long ofPerl(Snapshot snapshot) {
    return snapshot.cache("TCP").live().entrySet().stream()
        .filter(live -> live.getKey().whose() == Whose.OTHERS)
        .filter(live -> live.getKey().name().equals("perl"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Test
  void what_a_kernel_thread_allocated_is_the_kernels() throws Exception {
    LiveKernelCondition.require(
        Files.exists(Path.of("/dev/loop-control")), "LedgerTests: no loop devices");
    Path image = Files.createTempFile(Path.of("/dev/shm"), "noslableak", ".img");
    leaks.undo(() -> Files.delete(image));
    Child.run("truncate", "-s", "64M", image.toString());
    String device = Child.run("losetup", "--find", "--show", image.toString()).strip();
    leaks.undo(() -> Child.run("losetup", "--detach", device));
    AllocationLedger ledger = open(STACKS, "radix_tree_node");
    Child.run("dd", "if=/dev/zero", "of=" + device, "bs=1M", "count=32", "conv=fsync");

    assertThat(ledger.named(ledger.snapshot()).cache("radix_tree_node").groups())
        .anySatisfy(
            group -> {
              assertThat(group.owner().whose()).isEqualTo(Whose.KERNEL);
              assertThat(group.owner().processId()).isPositive();
              assertThat(group.owner().name()).startsWith("kworker");
              assertThat(group.stack()).extracting(Frame::displayName).contains("worker_thread");
            });
  }

  @Test
  void message_queues_are_found_in_their_kmalloc_cache() throws Exception {
    AllocationLedger ledger = open(STACKS, "kmalloc-cg-256");
    List<Integer> queues = new ArrayList<>();
    try {
      for (int i = 0; i < 7; i++) {
        queues.add(Linux.makeMessageQueue());
      }
      assertThat(ledger.named(ledger.snapshot()).cache("kmalloc-cg-256").groups())
          .filteredOn(
              group -> group.stack().stream().anyMatch(frame -> frame.symbol().contains("msgget")))
          .singleElement()
          .satisfies(group -> assertThat(group.objects()).isEqualTo(7));
    } finally {
      queues.forEach(Linux::removeMessageQueue);
    }
    assertThat(
            await(ledger, now -> ofMessageQueues(now).isEmpty()).cache("kmalloc-cg-256").groups())
        .noneMatch(group -> group.stack().toString().contains("msgget"));
  }

  private static List<Snapshot.Group> ofMessageQueues(Snapshot snapshot) {
    return snapshot.cache("kmalloc-cg-256").groups().stream()
        .filter(group -> group.stack().toString().contains("msgget"))
        .toList();
  }

  @Test
  void no_event_is_lost_of_200_000() throws Exception {
    AllocationLedger ledger = open(PLAIN, "sock_inode_cache", "filp", "dentry");
    makeSockets(35_000);
    leaks.sockets(1);

    Snapshot snapshot = await(ledger, now -> now.cache("sock_inode_cache").liveOf(Whose.OWN) == 1);

    assertThat(snapshot.events()).isGreaterThan(200_000);
    assertThat(snapshot.lostEvents()).isZero();
    assertThat(snapshot.cache("sock_inode_cache").liveOf(Whose.OWN)).isEqualTo(1);
  }

  @Test
  void a_killed_jvm_records_no_longer_and_the_next_ledger_removes_its_instance() throws Exception {
    Child child = startRecording();
    String left =
        instances().stream()
            .filter(name -> name.contains("-" + child.pid() + "-"))
            .findFirst()
            .orElseThrow();
    assertThat(tracingOn(left)).isEqualTo("1");
    assertThat(child.kill().status()).isNotZero();
    assertThat(instances()).contains(left);
    assertThat(tracingOn(left)).isEqualTo("0");

    open(PLAIN, "filp");

    assertThat(instances()).doesNotContain(left);
  }

  @Test
  void a_jvm_s_first_bracket_removes_what_a_killed_jvm_left() throws Exception {
    Child child = startRecording();
    assertThat(child.kill().status()).isNotZero();
    assertThat(instances()).anyMatch(name -> name.contains("-" + child.pid() + "-"));

    assertThat(leaks.keep(ChildJvm.start("hold", "1")).awaitEnd().status()).isZero();

    assertThat(instances()).noneMatch(name -> name.contains("-" + child.pid() + "-"));
  }

  @Test
  void instances_of_others_are_left_alone() throws Exception {
    Path others = TraceFileSystem.root().resolve("instances/noslableak-1-0-1-mine");
    Path alive = TraceFileSystem.root().resolve("instances/noslableak-x");
    for (Path instance : List.of(others, alive)) {
      Files.createDirectory(instance);
      leaks.undo(() -> Files.delete(instance));
    }
    open(PLAIN, "filp");
    assertThat(others).exists();
    assertThat(alive).exists();
  }

  @Test
  void a_jvm_that_ends_in_the_middle_leaves_nothing() throws Exception {
    Child child = startRecording();
    child.terminate();
    assertThat(instances()).noneMatch(name -> name.contains("-" + child.pid() + "-"));
  }

  @Test
  void a_closed_ledger_stays_closed() throws Exception {
    AllocationLedger ledger = open(PLAIN, "filp");
    assertThat(recording()).hasSize(1);
    ledger.close();
    assertThat(recording()).isEmpty();
    ledger.close();
    assertThatThrownBy(ledger::snapshot).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void two_ledgers_are_kept_side_by_side() throws Exception {
    AllocationLedger first = open(PLAIN, "sock_inode_cache");
    AllocationLedger second = open(STACKS, "sock_inode_cache");
    leaks.sockets(2);
    for (AllocationLedger ledger : List.of(first, second)) {
      assertThat(
              ledger
                  .named(ledger.named(ledger.snapshot()))
                  .cache("sock_inode_cache")
                  .liveOf(Whose.OWN))
          .isEqualTo(2);
    }
  }

  @Test
  void the_next_ledger_has_the_same_instance_and_nothing_of_the_last_one() throws Exception {
    AllocationLedger first = open(STACKS, "filp", "sock_inode_cache");
    List<String> instance = recording();
    leaks.sockets(3);
    first.close();
    leaks.sockets(4);

    AllocationLedger second = open(PLAIN, "sock_inode_cache");
    leaks.sockets(2);

    assertThat(recording()).isEqualTo(instance);
    Snapshot snapshot = second.named(second.snapshot());
    assertThat(snapshot.cache("sock_inode_cache").liveOf(Whose.OWN)).isEqualTo(2);
    assertThat(snapshot.cache("sock_inode_cache").groups())
        .as("stacks were for the first one")
        .allSatisfy(group -> assertThat(group.stack()).hasSize(1));
  }

  @Test
  void an_instance_with_more_caches_takes_the_place_of_one_that_lacks_some() throws Exception {
    open(PLAIN, "filp").close();
    AllocationLedger ledger = open(PLAIN, "sock_inode_cache");
    leaks.sockets(1);
    assertThat(ledger.snapshot().cache("sock_inode_cache").liveOf(Whose.OWN)).isEqualTo(1);
    List<String> instance = recording();
    ledger.close();

    open(PLAIN, "filp", "sock_inode_cache");

    assertThat(recording()).isEqualTo(instance);
  }

  @Test
  void what_a_ledger_holds_beside_a_counter_is_of_the_same_moment() throws Exception {
    List<SlabCache> caches = caches("sock_inode_cache", "TCPv6");
    AllocationLedger ledger = leaks.keep(AllocationLedger.open(caches, PLAIN));
    leaks.sockets(5);

    List<AllocationLedger.Held> held =
        ledger.beside(
            () -> {
              long before = System.nanoTime();
              long between = before + 1_000_000;
              Pause.of(2_000_000);
              leaks.sockets(2);
              return new long[] {before, between, before, System.nanoTime()};
            });

    assertThat(held.get(0)).isEqualTo(new AllocationLedger.Held(5, 0, false));
    assertThat(held.get(1).objects()).isGreaterThanOrEqualTo(7);
    assertThat(held.get(1).changed()).isTrue();
  }

  private static String tracingOn(String instance) throws IOException {
    return Files.readString(
            TraceFileSystem.root().resolve("instances").resolve(instance).resolve("tracing_on"))
        .strip();
  }

  private static List<String> instances() throws IOException {
    try (Stream<Path> entries = Files.list(TraceFileSystem.root().resolve("instances"))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
