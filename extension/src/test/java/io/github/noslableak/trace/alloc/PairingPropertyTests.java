package io.github.noslableak.trace.alloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Formats;
import io.github.noslableak.trace.Marks;
import io.github.noslableak.trace.PageCursor;
import io.github.noslableak.trace.Pages;
import io.github.noslableak.verdict.Whose;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever pages hold: the right pairing, or a clear refusal. */
class PairingPropertyTests {

  private static final int CPUS = 3;

  /** Pages of some processors, and what lived after each event, by the events' order. */
  private record Recording(List<Pages> pages, List<Set<Long>> liveAfter) {}

  /** Records allocations and frees of few addresses, so that they are used again and again. */
  private static Recording record(Random random, int events) {
    List<Pages> pages = new ArrayList<>();
    for (int cpu = 0; cpu < CPUS; cpu++) {
      pages.add(Pages.from(1_000));
    }
    long time = 1_000;
    Set<Long> live = new HashSet<>();
    List<Set<Long>> liveAfter = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      time += random.nextInt(50) == 0 ? random.nextLong(1L << 32) : 1 + random.nextInt(1_000);
      Pages cpu = pages.get(random.nextInt(CPUS));
      disturb(cpu, random);
      long address = 0xffff888000000000L + 64L * random.nextInt(20);
      ByteBuffer event;
      if (live.remove(address)) {
        event = BookkeeperTests.free("filp", address);
      } else {
        live.add(address);
        event = BookkeeperTests.alloc("filp", address, 100, 0);
      }
      cpu.at(time, event);
      liveAfter.add(Set.copyOf(live));
    }
    pages.forEach(Pages::commit);
    return new Recording(pages, liveAfter);
  }

  /** What lies between records in a real buffer. */
  private static void disturb(Pages cpu, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> cpu.newPage();
      case 1 -> cpu.newPage().extend(0);
      case 2 -> cpu.newPage().discarded(40, 1);
      case 3 -> cpu.newPage().padToEnd();
      default -> {}
    }
  }

  private static final WatchedCaches WATCHED = BookkeeperTests.watching("filp");

  private static Bookkeeper books() {
    return new Bookkeeper(WATCHED, new Tasks(), CPUS);
  }

  private static EventStream stream(List<? extends EventStream.Source> sources, Bookkeeper books) {
    EventDecoder decoder = new EventDecoder(Formats.V6_18, WATCHED, new Tasks(), books);
    return new EventStream(Formats.LAYOUT, ByteOrder.LITTLE_ENDIAN, sources, decoder, new Marks());
  }

  private static long living(Bookkeeper books) {
    return books.snapshot(0).cache("filp").liveOf(Whose.UNKNOWN);
  }

  @Property(tries = 200)
  void what_was_recorded_is_paired(@ForAll long seed, @ForAll @IntRange(max = 600) int events) {
    Recording recording = record(new Random(seed), events);
    Bookkeeper books = books();
    EventStream stream = stream(recording.pages(), books);

    stream.playUntil(Long.MAX_VALUE);

    Set<Long> expected = events == 0 ? Set.of() : recording.liveAfter().get(events - 1);
    assertThat(living(books)).isEqualTo(expected.size());
    assertThat(stream.late()).isZero();
    Snapshot snapshot = books.snapshot(0);
    assertThat(snapshot.events()).isEqualTo(events);
    assertThat(snapshot.cache("filp").freedUnseen()).isZero();
    assertThat(snapshot.cache("filp").freesUnrecorded()).isZero();
  }

  /** Cut off anywhere, a page is refused, and then nothing is said at all. */
  @Property(tries = 300)
  void a_page_that_is_cut_off_is_refused(
      @ForAll long seed, @ForAll @IntRange(max = Pages.SIZE - 1) int length) {
    List<ByteBuffer> pages = new ArrayList<>();
    record(new Random(seed), 150)
        .pages()
        .forEach(
            cpu -> {
              ByteBuffer page = ByteBuffer.allocate(Pages.SIZE);
              while (cpu.readNext(page) > 0) {
                pages.add(ByteBuffer.allocate(Pages.SIZE).put(page).clear());
                page.clear();
              }
            });
    for (ByteBuffer page : pages) {
      int used = Pages.DATA + page.order(ByteOrder.LITTLE_ENDIAN).getInt(8);
      PageCursor cursor = new PageCursor(Formats.LAYOUT, ByteOrder.LITTLE_ENDIAN);
      cursor.page().clear().put(page.duplicate().limit(length)).flip();
      if (length < used) {
        assertThatCode(cursor::start).isInstanceOf(MalformedKernelDataException.class);
      } else {
        assertThatCode(cursor::start).doesNotThrowAnyException();
      }
    }
  }

  /** Bytes that no kernel wrote lead to a refusal or to nothing, and never to another exception. */
  @Property(tries = 2_000)
  void any_bytes_are_read_or_refused(
      @ForAll @Size(min = 1, max = 400) byte[] bytes, @ForAll boolean fitting) {
    ByteBuffer page = ByteBuffer.allocate(Pages.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    page.put(bytes);
    if (fitting) {
      page.putLong(8, Math.max(0, bytes.length - Pages.DATA) & ~3L);
    }
    playOrRefuse(page);
  }

  /** One word of a good recording is another one. */
  @Property(tries = 2_000)
  void a_changed_word_is_read_or_refused(
      @ForAll long seed, @ForAll @IntRange(max = Pages.SIZE / 4 - 1) int word, @ForAll int value) {
    ByteBuffer page = ByteBuffer.allocate(Pages.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    if (record(new Random(seed), 100).pages().get(0).readNext(page) > 0) {
      page.clear().putInt(4 * word, value);
      playOrRefuse(page);
    }
  }

  private static void playOrRefuse(ByteBuffer page) {
    boolean[] read = new boolean[1];
    EventStream.Source once =
        into -> {
          into.clear().limit(read[0] ? 0 : Pages.SIZE);
          if (!read[0]) {
            into.put(page.duplicate().clear()).flip();
          }
          read[0] = true;
          return into.limit();
        };
    try {
      stream(List.of(once), books()).playUntil(Long.MAX_VALUE);
    } catch (MalformedKernelDataException e) {
      assertThat(e).hasMessageContaining("trac");
    }
  }

  @Property(tries = 100)
  void living_objects_are_a_map(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5_000) int steps) {
    Random random = new Random(seed);
    LiveObjects live = new LiveObjects();
    Map<Long, Integer> model = new HashMap<>();
    for (int i = 0; i < steps; i++) {
      long address = 0xffff888000000000L + 192L * random.nextInt(steps);
      if (random.nextInt(3) == 0) {
        Integer removed = model.remove(address);
        assertThat(live.remove(address)).isEqualTo(removed == null ? -1 : removed);
      } else {
        model.put(address, i);
        assertThat(live.put(address, i, 0, 0, 0)).isTrue();
      }
    }
    assertThat(live.size()).isEqualTo(model.size());
    model.forEach((address, origin) -> assertThat(live.origin(address)).isEqualTo(origin));
  }
}
