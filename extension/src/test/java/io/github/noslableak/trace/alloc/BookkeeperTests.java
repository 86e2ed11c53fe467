package io.github.noslableak.trace.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.EventFilter;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Formats;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.KernelSymbols;
import io.github.noslableak.trace.Marks;
import io.github.noslableak.trace.Pages;
import io.github.noslableak.verdict.Whose;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookkeeperTests {

  private static final int SOFTIRQ = 0x10;
  private static final long OBJECT = 0xffff888100000000L;
  private static final long SITE = 0xffffffff81000100L;
  private static final Owner JVM = new Owner(Whose.OWN, 100, "java");

  /** The process that runs this, and a thread of it, whatever its number. */
  private static final int SELF = (int) ProcessHandle.current().pid();

  private static final int THREAD = SELF == 1001 ? 1002 : 1001;

  private final Tasks tasks = new Tasks();
  private final Pages first = Pages.from(0);
  private final Pages second = Pages.from(0);
  private final Marks marks = new Marks();

  BookkeeperTests() {
    tasks.exists(100, JVM);
    tasks.exists(101, JVM);
    tasks.exists(SELF, new Owner(Whose.OWN, SELF, "java"));
    tasks.exists(THREAD, new Owner(Whose.OWN, SELF, "java"));
    tasks.exists(2, new Owner(Whose.KERNEL, 2, "kthreadd"));
    tasks.exists(50, new Owner(Whose.OTHERS, 50, "updatedb"));
  }

  static WatchedCaches watching(String... names) {
    return new WatchedCaches(
        Arrays.stream(names).map(name -> new SlabCache(name, List.of(name), List.of())).toList(),
        name ->
            Map.of("dentry", 192L, "filp", 192L, "sock_inode_cache", 832L).getOrDefault(name, 256L),
        name -> !name.startsWith("dma-"));
  }

  private Snapshot play(EventFormats formats, WatchedCaches watched, long until) {
    Bookkeeper books = new Bookkeeper(watched, tasks, 2);
    EventStream stream =
        new EventStream(
            Formats.LAYOUT,
            ByteOrder.LITTLE_ENDIAN,
            List.of(first.commit(), second.commit()),
            new EventDecoder(formats, watched, tasks, books),
            marks);
    stream.playUntil(until);
    return Summary.named(
        books.snapshot(stream.gaps() + stream.late()),
        addresses -> {
          Map<Long, Frame> frames = new HashMap<>();
          Arrays.stream(addresses)
              .forEach(
                  address ->
                      frames.put(address, new Frame(Long.toHexString(address), Optional.empty())));
          return frames;
        });
  }

  private Snapshot play(String... caches) {
    return play(Formats.V6_18, watching(caches), Long.MAX_VALUE);
  }

  static ByteBuffer alloc(String cache, long address, int task, int flags) {
    return new Pages.Data(Formats.V6_18.get("kmem_cache_alloc"), task, flags)
        .with("ptr", address)
        .with("call_site", SITE)
        .with("name", cache)
        .done();
  }

  static ByteBuffer free(String cache, long address) {
    return new Pages.Data(Formats.V6_18.get("kmem_cache_free"), 0, 0)
        .with("ptr", address)
        .with("name", cache)
        .done();
  }

  private static ByteBuffer stack(int task, int flags, long... callers) {
    return new Pages.Data(Formats.V6_18.get("kernel_stack"), task, flags).callers(callers).done();
  }

  private static ByteBuffer newTask(int parent, int task, long flags, String name) {
    return new Pages.Data(Formats.V6_18.get("task_newtask"), parent, 0)
        .with("pid", task)
        .with("clone_flags", flags)
        .with("comm", name)
        .done();
  }

  private static ByteBuffer exec(int task, int formerTask, String file) {
    return new Pages.Data(Formats.V6_18.get("sched_process_exec"), task, 0)
        .with("pid", task)
        .with("old_pid", formerTask)
        .with("filename", file)
        .done();
  }

  @Test
  void what_is_freed_on_another_processor_is_no_longer_alive() {
    first.at(10, alloc("filp", OBJECT, 100, 0)).at(30, alloc("filp", OBJECT, 101, 0));
    second.at(20, free("filp", OBJECT)).at(40, free("dentry", 0x1000));

    Snapshot snapshot = play("filp", "dentry");

    assertThat(snapshot.cache("filp").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.cache("filp").groups())
        .containsExactly(
            new Snapshot.Group(
                JVM,
                List.of(new Frame("ffffffff81000100", Optional.empty())),
                new TreeMap<>(Map.of(0, 1L))));
    assertThat(snapshot.cache("dentry").live()).isEmpty();
    assertThat(snapshot.cache("dentry").freedUnseen()).isEqualTo(1);
    assertThat(snapshot.events()).isEqualTo(4);
    assertThat(snapshot.lostEvents()).isZero();
  }

  @Test
  void what_comes_later_than_asked_for_waits() {
    first.at(10, alloc("filp", OBJECT, 100, 0));
    second.at(20, free("filp", OBJECT));

    assertThat(play(Formats.V6_18, watching("filp"), 19).cache("filp").live())
        .containsExactly(Map.entry(JVM, 1L));
  }

  @Test
  void other_caches_and_events_are_passed_over() {
    ByteBuffer unknown = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    unknown.putShort(0, (short) 65000);
    ByteBuffer low = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    low.putShort(0, (short) 3);
    first
        .at(1, alloc("filp2", OBJECT, 100, 0))
        .at(2, alloc("fil", OBJECT, 100, 0))
        .at(3, alloc("", OBJECT, 100, 0))
        .at(4, unknown)
        .at(5, low);

    assertThat(play("filp").events()).isZero();
  }

  @Test
  void an_address_that_is_allocated_again_was_freed_unrecorded() {
    first.at(1, alloc("filp", OBJECT, 100, 0)).at(2, alloc("filp", OBJECT, 50, 0));

    Snapshot.CacheLive filp = play("filp").cache("filp");

    assertThat(filp.live()).containsOnlyKeys(new Owner(Whose.OTHERS, 50, "updatedb"));
    assertThat(filp.freesUnrecorded()).isEqualTo(1);
  }

  @Test
  void groups_have_the_earliest_mark_of_their_living_objects() {
    marks.set(5, 1);
    marks.set(15, 2);
    marks.set(25, 3);
    first
        .at(1, alloc("filp", OBJECT, 100, 0))
        .at(2, free("filp", OBJECT))
        .at(30, alloc("filp", OBJECT + 64, 100, 0))
        .at(31, alloc("filp", OBJECT + 128, 100, 0));
    second.at(20, alloc("filp", OBJECT + 192, 100, 0));

    assertThat(play("filp").cache("filp").groups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.objects()).isEqualTo(3);
              assertThat(group.firstMark()).isEqualTo(2);
            });
  }

  @Test
  void marks_do_not_go_back() {
    marks.set(5, 2);
    assertThatThrownBy(() -> marks.set(6, 1)).isInstanceOf(IllegalArgumentException.class);
    marks.set(7, -1);
    assertThatThrownBy(() -> marks.set(8, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_is_set_aside_belongs_to_no_mark() {
    marks.set(5, 2);
    marks.set(15, -1);
    marks.set(25, 2);
    first
        .at(10, alloc("filp", OBJECT, 100, 0))
        .at(20, alloc("filp", OBJECT + 64, 100, 0))
        .at(30, alloc("filp", OBJECT + 128, 100, 0));

    assertThat(play("filp").cache("filp").groups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.objectsIn(0, Integer.MAX_VALUE)).isEqualTo(2);
              assertThat(group.objectsIn(-1, 0)).isEqualTo(1);
            });
  }

  @Test
  void an_interrupt_between_an_allocation_and_its_stack_has_its_own() {
    first
        .at(1, alloc("filp", OBJECT, 100, 0))
        .at(2, alloc("filp", OBJECT + 64, 100, SOFTIRQ))
        .at(3, stack(100, SOFTIRQ, -30, -31))
        .at(4, stack(100, 0, -10, -11, -12))
        .at(5, stack(100, 0, -99));

    assertThat(play("filp").cache("filp").groups())
        .extracting(group -> group.owner().whose() + " " + group.stack().size())
        .containsExactlyInAnyOrder("OWN 3", "KERNEL 2");
  }

  @Test
  void a_stack_of_an_allocation_that_is_not_watched_is_nobody_elses() {
    first
        .at(1, alloc("sock_inode_cache", OBJECT, 100, 0))
        .at(2, alloc("filp", OBJECT + 1024, 100, 0))
        .at(3, stack(100, 0, -10, -11, -12));

    assertThat(play("sock_inode_cache").cache("sock_inode_cache").groups())
        .extracting(group -> group.stack().size())
        .as("its call site alone")
        .containsExactly(1);
  }

  @Test
  void descendants_are_own_also_when_their_parents_have_ended() {
    first
        .at(1, newTask(101, 200, 0, "pool-1"))
        .at(2, exec(200, 200, "/bin/sh"))
        .at(3, newTask(200, 300, 0, "sh"))
        .at(4, newTask(300, 301, Tasks.CLONE_THREAD, "sh"))
        .at(5, exec(300, 301, "/usr/bin/worker-with-a-long-name"))
        .at(6, alloc("filp", OBJECT, 300, 0))
        .at(7, newTask(2, 400, 0, "kthreadd"))
        .at(8, alloc("filp", OBJECT + 64, 400, 0))
        .at(9, newTask(400, 500, 0, "kworker/u4:1"))
        .at(10, exec(500, 500, "/sbin/modprobe"))
        .at(11, alloc("filp", OBJECT + 128, 500, 0))
        .at(12, newTask(50, 300, 0, "updatedb"))
        .at(13, alloc("filp", OBJECT + 192, 300, 0))
        .at(14, alloc("filp", OBJECT + 256, 999, 0))
        .at(15, newTask(999, 998, 0, "x"))
        .at(16, alloc("filp", OBJECT + 320, 998, 0))
        .at(17, alloc("filp", OBJECT + 384, 0, 0));

    assertThat(play("filp").cache("filp").live().keySet())
        .containsExactlyInAnyOrder(
            new Owner(Whose.OWN, 300, "worker-with-a-long-name"),
            new Owner(Whose.KERNEL, 400, "kthreadd"),
            new Owner(Whose.OTHERS, 500, "modprobe"),
            new Owner(Whose.OTHERS, 300, "updatedb"),
            new Owner(Whose.UNKNOWN, 999, "unknown"),
            new Owner(Whose.UNKNOWN, 998, "unknown"),
            new Owner(Whose.KERNEL, 0, "swapper"));
  }

  private static ByteBuffer kmalloc(long address, long bytes, long flags) {
    return kmalloc(address, SITE, bytes, flags);
  }

  private static ByteBuffer kmalloc(long address, long site, long bytes, long flags) {
    return new Pages.Data(Formats.V6_18.get("kmalloc"), 100, 0)
        .with("ptr", address)
        .with("call_site", site)
        .with("bytes_alloc", bytes)
        .with("gfp_flags", flags)
        .done();
  }

  private static ByteBuffer kfree(long address) {
    return new Pages.Data(Formats.V6_18.get("kfree"), 100, 0).with("ptr", address).done();
  }

  @Test
  void kmalloc_caches_are_told_by_size_and_flags() {
    first
        .at(1, kmalloc(OBJECT, 256, 0xcc0))
        .at(2, kmalloc(OBJECT + 256, 256, 0x400cc0))
        .at(3, kmalloc(OBJECT + 512, 256, 0x400cd0))
        .at(4, kmalloc(OBJECT + 768, 256, 0x1)) // No dma-kmalloc here: from the plain cache.
        .at(5, kmalloc(OBJECT + 1024, 512, 0xcc0))
        .at(6, kmalloc(OBJECT + 1280, 256, 0xcc0))
        .at(7, kfree(OBJECT + 1280))
        .at(8, kfree(0))
        .at(9, kfree(0x5000));

    Snapshot snapshot = play("kmalloc-256", "kmalloc-cg-256", "kmalloc-rcl-256");

    assertThat(snapshot.cache("kmalloc-256").live()).containsExactly(Map.entry(JVM, 2L));
    assertThat(snapshot.cache("kmalloc-cg-256").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.cache("kmalloc-rcl-256").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.events()).isEqualTo(6);
  }

  // Kernels whose allocations do not name their cache.

  private static ByteBuffer namelessAlloc(long address, long site, long bytes) {
    return new Pages.Data(Formats.V6_1.get("kmem_cache_alloc"), 100, 0)
        .with("ptr", address)
        .with("call_site", site)
        .with("bytes_alloc", bytes)
        .done();
  }

  private static ByteBuffer namelessFree(String cache, long address) {
    return new Pages.Data(Formats.V6_1.get("kmem_cache_free"), 100, 0)
        .with("ptr", address)
        .with("name", cache)
        .done();
  }

  @Test
  void a_call_site_is_learnt_from_what_is_freed() {
    first
        .at(1, namelessAlloc(OBJECT, SITE, 192)) // Stays, from before anything is known.
        .at(2, namelessAlloc(OBJECT + 192, SITE, 192))
        .at(3, namelessFree("dentry", OBJECT + 192))
        .at(4, namelessAlloc(OBJECT + 384, SITE + 8, 192)) // Not watched.
        .at(5, namelessFree("cred_jar", OBJECT + 384))
        .at(6, namelessAlloc(OBJECT + 384, SITE + 8, 192))
        .at(7, namelessAlloc(OBJECT + 576, SITE + 16, 192)) // Never learnt.
        .at(8, namelessAlloc(OBJECT + 768, SITE + 24, 192)) // From several caches.
        .at(9, namelessFree("filp", OBJECT + 768))
        .at(10, namelessAlloc(OBJECT + 768, SITE + 24, 192))
        .at(11, namelessFree("dentry", OBJECT + 768))
        .at(12, namelessAlloc(OBJECT + 768, SITE + 24, 192))
        .at(13, namelessAlloc(OBJECT + 960, SITE, 832)); // The same site, another size.

    Snapshot snapshot = play(Formats.V6_1, watching("dentry", "filp"), Long.MAX_VALUE);

    assertThat(snapshot.cache("dentry").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.cache("filp").live()).isEmpty();
    assertThat(snapshot.unassigned()).isEqualTo(3);
  }

  @Test
  void a_call_site_that_leaks_all_its_objects_is_known_by_their_size() {
    first
        .at(1, namelessAlloc(OBJECT, SITE, 832))
        .at(2, namelessAlloc(OBJECT + 832, SITE + 8, 832)) // From a cache that is not watched.
        .at(3, namelessFree("dax_cache", OBJECT + 832))
        .at(4, namelessAlloc(OBJECT + 832, SITE + 8, 832))
        .at(5, namelessAlloc(OBJECT + 1664, SITE + 16, 192)) // From dentry or filp.
        .at(6, namelessAlloc(OBJECT + 2048, SITE + 24, 256)); // Not from kmalloc-256.

    Snapshot snapshot =
        play(
            Formats.V6_1,
            watching("dentry", "filp", "sock_inode_cache", "kmalloc-256"),
            Long.MAX_VALUE);

    assertThat(snapshot.cache("sock_inode_cache").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.cache("dentry").live()).isEmpty();
    assertThat(snapshot.cache("filp").live()).isEmpty();
    assertThat(snapshot.cache("kmalloc-256").live()).isEmpty();
    assertThat(snapshot.unassigned()).isEqualTo(2);
    assertThat(snapshot.uncertain())
        .as("a doubt is kept for its size alone")
        .containsExactlyInAnyOrder("dentry", "filp");
  }

  @Test
  void what_another_function_allocated_is_none_of_a_cache_s_that_has_its_own() {
    Allocators allocators =
        AllocatorsTests.read("%x t sock_alloc_inode\n%x t other\n".formatted(SITE, SITE + 8));
    first
        .at(1, namelessAlloc(OBJECT, SITE, 832))
        .at(2, namelessAlloc(OBJECT + 832, SITE + 8, 832)); // From a cache that is not watched.
    WatchedCaches watched = watching("sock_inode_cache");
    Bookkeeper books =
        new Bookkeeper(watched, tasks, 2, allocators, SelfAllocations.none(), Backlog.unknown());
    new EventStream(
            Formats.LAYOUT,
            ByteOrder.LITTLE_ENDIAN,
            List.of(first.commit(), second.commit()),
            new EventDecoder(Formats.V6_1, watched, tasks, books),
            marks)
        .playUntil(10);

    Snapshot snapshot = books.snapshot(0);
    assertThat(snapshot.cache("sock_inode_cache").live()).containsExactly(Map.entry(JVM, 1L));
    assertThat(snapshot.unassigned()).isZero();
  }

  private static ByteBuffer freeBy(int task, int flags, String cache) {
    return new Pages.Data(Formats.V6_18.get("kmem_cache_free"), task, flags)
        .with("ptr", OBJECT)
        .with("name", cache)
        .done();
  }

  @Test
  void who_closed_an_open_file_is_known_also_where_those_are_not_watched() {
    first
        .at(1, alloc("filp", OBJECT, THREAD, 0))
        .at(2, freeBy(SELF, 0, "filp"))
        .at(3, alloc("filp", OBJECT, SELF, 0))
        .at(4, freeBy(THREAD, 0, "filp"))
        .at(5, alloc("filp", OBJECT, 50, 0)) // Another process.
        .at(6, freeBy(THREAD, 0, "filp"))
        .at(7, freeBy(THREAD, 0, "dentry"))
        .at(8, alloc("filp", OBJECT, THREAD, 0))
        .at(9, freeBy(THREAD, SOFTIRQ, "filp")) // Whoever was interrupted by it.
        .at(10, alloc("filp", OBJECT, SELF, 0))
        .at(11, freeBy(101, 0, "filp")); // A process that descends from this JVM.

    Snapshot snapshot = play("dentry");
    assertThat(closed(snapshot))
        .containsOnly(
            Map.entry(SELF, 1L), Map.entry(THREAD, 2L), Map.entry(Bookkeeper.DESCENDANTS, 1L));
    assertThat(snapshot.caches()).extracting(Snapshot.CacheLive::cache).containsExactly("dentry");
  }

  private static Map<Integer, Long> closed(Snapshot snapshot) {
    return snapshot.closings().byTask().keySet().stream()
        .collect(
            Collectors.toMap(
                Function.identity(), task -> snapshot.closings().by(other -> other == task)));
  }

  @Test
  void of_a_closed_file_it_is_known_when_it_was_opened() {
    marks.set(5, 1);
    marks.set(15, 2);
    first
        .at(1, alloc("filp", OBJECT, THREAD, 0))
        .at(6, alloc("filp", OBJECT + 256, THREAD, 0))
        .at(7, alloc("filp", OBJECT + 512, THREAD, 0))
        .at(16, freeBy(SELF, 0, "filp"));

    Closings closings = play("dentry").closings();

    assertThat(closings.by(task -> task == SELF)).isEqualTo(1);
    assertThat(closings.by(task -> task == SELF, 0, 1)).isEqualTo(1);
    assertThat(closings.by(task -> task == SELF, 1, 3)).isZero();
  }

  @Test
  void of_files_of_very_many_marks_it_is_not_kept_when_they_were_opened() {
    Closings.Counter counter = new Closings.Counter();
    counter.openedByAnother(SELF, 3);
    Closings one = counter.untilNow();
    for (int mark = 0; mark < 2_000; mark++) {
      counter.openedByAnother(THREAD, mark);
    }
    Closings many = counter.untilNow();

    assertThat(one.areTimed(task -> true)).isTrue();
    assertThat(one.by(task -> task == THREAD)).isZero();
    assertThat(many.by(task -> task == THREAD)).isEqualTo(2_000);
    assertThat(many.by(task -> task == THREAD, 1_999, 2_000)).isGreaterThan(1);
    assertThat(many.areTimed(task -> task == THREAD)).isFalse();
    assertThat(many.areTimed(task -> task == SELF)).isTrue();
    assertThat(many.byTask().get(SELF)).as("shared").isSameAs(one.byTask().get(SELF));
  }

  @Test
  void where_openings_are_not_told_a_file_may_have_been_opened_at_any_time() {
    first.at(
        1,
        new Pages.Data(Formats.V6_1.get("kmem_cache_free"), SELF, 0)
            .with("ptr", OBJECT)
            .with("name", "filp")
            .done());

    Closings closings = play(Formats.V6_1, watching("filp"), Long.MAX_VALUE).closings();

    assertThat(closings.areKnown()).isTrue();
    assertThat(closings.by(task -> task == SELF, 7, 8)).isEqualTo(1);
  }

  @Test
  void what_its_opener_closes_itself_does_not_count() {
    first
        .at(1, alloc("filp", OBJECT, THREAD, 0))
        .at(2, freeBy(THREAD, 0, "filp"))
        .at(3, alloc("filp", OBJECT, SELF, 0))
        .at(4, freeBy(SELF, 0, "filp"));

    assertThat(closed(play("dentry"))).containsOnly(Map.entry(THREAD, 0L), Map.entry(SELF, 0L));
  }

  @Test
  void an_interrupt_of_another_process_is_not_known_to_be_anybody_s() {
    first
        .at(1, alloc("filp", OBJECT, 50, SOFTIRQ)) // Another process.
        .at(2, alloc("filp", OBJECT + 64, 100, SOFTIRQ))
        .at(3, alloc("filp", OBJECT + 128, 2, SOFTIRQ)); // A kernel thread.

    assertThat(play("filp").cache("filp").live())
        .containsOnly(Map.entry(Owner.INTERRUPT_OF_OTHERS, 1L), Map.entry(Owner.INTERRUPT, 2L));
    assertThat(Owner.INTERRUPT_OF_OTHERS.isOwn(false)).isFalse();
    assertThat(Owner.INTERRUPT.isOwn(false)).isTrue();
  }

  @Test
  void what_the_jvm_does_for_itself_is_nobody_s_and_what_interrupts_it_may_be_the_test_s() {
    tasks.exists(102, Owner.HOTSPOT);
    first.at(1, alloc("filp", OBJECT, 102, 0)).at(2, alloc("filp", OBJECT + 64, 102, SOFTIRQ));

    assertThat(play("filp").cache("filp").live())
        .containsOnly(Map.entry(Owner.HOTSPOT, 1L), Map.entry(Owner.INTERRUPT, 1L));
    assertThat(Owner.HOTSPOT.isOwn(false)).isFalse();
  }

  /**
   * As on the loopback interface: each packet is received in the midst of the call that sends it.
   */
  @Test
  void what_a_process_receives_that_it_sends_itself_is_its_own() {
    FunctionRanges.Search search = new FunctionRanges.Search(name -> true);
    search.read(
        StandardCharsets.UTF_8.encode(
            "%x t process_backlog\n%x t __local_bh_enable_ip\n%x t other\n"
                .formatted(SITE, SITE + 8, SITE + 16)));
    first
        .at(1, alloc("filp", OBJECT, 50, SOFTIRQ))
        .at(2, stack(50, SOFTIRQ, -5, SITE + 4, SITE + 12))
        .at(3, alloc("filp", OBJECT + 64, 50, SOFTIRQ))
        .at(4, stack(50, SOFTIRQ, -5, SITE + 4)) // An interrupt's end, whoever it interrupted.
        .at(5, alloc("filp", OBJECT + 128, 100, SOFTIRQ))
        .at(6, stack(100, SOFTIRQ, -5, SITE + 4, SITE + 12));
    WatchedCaches watched = watching("filp");
    Bookkeeper books =
        new Bookkeeper(
            watched,
            tasks,
            2,
            Allocators.unknown(),
            SelfAllocations.none(),
            new Backlog(search.result()));
    new EventStream(
            Formats.LAYOUT,
            ByteOrder.LITTLE_ENDIAN,
            List.of(first.commit(), second.commit()),
            new EventDecoder(Formats.V6_18, watched, tasks, books),
            marks)
        .playUntil(10);

    assertThat(books.snapshot(0).cache("filp").live())
        .containsOnly(
            Map.entry(new Owner(Whose.OTHERS, 50, "updatedb"), 1L),
            Map.entry(Owner.INTERRUPT_OF_OTHERS, 1L),
            Map.entry(Owner.INTERRUPT, 1L));
  }

  @Test
  void a_file_that_was_open_before_tells_that_the_kernel_tells_and_does_not_count() {
    first
        .at(1, freeBy(SELF, 0, "filp"))
        .at(2, alloc("filp", OBJECT, SELF, 0))
        .at(3, freeBy(50, 0, "filp")) // Another process.
        .at(4, freeBy(SELF, 0, "filp"));

    assertThat(closed(play("filp"))).containsOnly(Map.entry(SELF, 0L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"alloc_empty_sheaf", "alloc_slab_obj_exts", "memcg_alloc_slab_cgroups.part.0"})
  void what_the_slab_allocator_takes_for_itself_is_nobody_s(String function) {
    FunctionRanges.Search search = FunctionRanges.Search.ofBuiltIn(SelfAllocations::isMaker);
    search.read(
        StandardCharsets.UTF_8.encode(
            "%x t %s\n%x t %s\t[product]\n".formatted(SITE - 8, function, SITE + 8, function)));
    first
        .at(1, kmalloc(OBJECT, SITE, 256, 0))
        .at(2, kmalloc(OBJECT + 256, SITE + 7, 256, 0))
        .at(3, kmalloc(OBJECT + 512, SITE + 8, 256, 0)); // Of a module's function.
    WatchedCaches watched = watching("kmalloc-256");
    Bookkeeper books =
        new Bookkeeper(
            watched,
            tasks,
            2,
            Allocators.unknown(),
            new SelfAllocations(search.result()),
            Backlog.unknown());
    new EventStream(
            Formats.LAYOUT,
            ByteOrder.LITTLE_ENDIAN,
            List.of(first.commit(), second.commit()),
            new EventDecoder(Formats.V6_18, watched, tasks, books),
            marks)
        .playUntil(10);

    Map<Owner, Long> live = books.snapshot(0).cache("kmalloc-256").live();
    assertThat(live)
        .containsOnly(Map.entry(JVM, 1L), Map.entry(new Owner(Whose.OTHERS, 0, "SLUB"), 2L));
    assertThat(live.keySet()).filteredOn(owner -> owner.isOwn(true)).containsExactly(JVM);
  }

  @Test
  void more_than_the_ledger_can_hold_counts_as_lost() {
    LiveObjects live = new LiveObjects();
    long kept = 0;
    for (long address = 1; address <= 1 << 20; address++) {
      kept += live.put(address * 64, 0, 0, 0, 0) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(3 << 18).isEqualTo(live.size());
  }

  @Test
  void a_gap_is_a_loss_and_so_is_an_event_that_comes_too_late() {
    WatchedCaches watched = watching("filp");
    EventDecoder decoder =
        new EventDecoder(Formats.V6_18, watched, tasks, new Bookkeeper(watched, tasks, 2));
    EventStream stream =
        new EventStream(
            Formats.LAYOUT, ByteOrder.LITTLE_ENDIAN, List.of(first, second), decoder, marks);
    first.at(100, alloc("filp", OBJECT, 100, 0)).missed().commit();
    stream.playUntil(200);
    second.at(150, free("filp", OBJECT)).commit();
    stream.playUntil(300);

    assertThat(stream.gaps()).isEqualTo(1);
    assertThat(stream.late()).isEqualTo(1);
  }

  @Test
  void filters_name_what_is_watched() {
    assertThat(EventFilter.anyName(Set.of("filp", "dentry")))
        .contains("name == \"dentry\" || name == \"filp\"");
    assertThat(EventFilter.anySize(Set.of(832L, 192L)))
        .contains("bytes_alloc == 192 || bytes_alloc == 832");
    assertThat(EventFilter.anyName(Set.of("a\" || \"b"))).isEmpty();
    assertThat(EventFilter.anyName(Set.of())).isEmpty();
    assertThat(
            EventFilter.anyName(
                Stream.iterate(0, i -> i + 1).limit(300).map(i -> "cache_" + i).toList()))
        .isEmpty();
  }

  @Test
  void symbols_are_the_nearest_below() {
    KernelSymbols.Search search =
        new KernelSymbols.Search(
            new long[] {0xffffffff81000123L, 0xffffffff81000000L, 0xffffffffc0000010L});
    String text =
        """
        0000000000000000 A fixed_percpu_data
        ffffffff81000000 T _stext
        ffffffff81000000 T _text
        ffffffff81000110 d data_in_between
        ffffffff81000100 t slab.isra.0
        ffffffff81000200 T later
        ffffffffc0000000 t hook_close\t[leaky]
        """;
    search.read(ByteBuffer.wrap(text.substring(0, 70).getBytes(StandardCharsets.UTF_8)));
    search.read(ByteBuffer.wrap(text.substring(70).getBytes(StandardCharsets.UTF_8)));

    assertThat(search.result())
        .containsEntry(0xffffffff81000123L, new Frame("slab.isra.0", Optional.empty()))
        .containsEntry(0xffffffff81000000L, new Frame("_stext", Optional.empty()))
        .containsEntry(0xffffffffc0000010L, new Frame("hook_close", Optional.of("leaky")));
    assertThat(new Frame("slab.isra.0", Optional.of("leaky")).displayName())
        .isEqualTo("slab [leaky]");
  }
}
