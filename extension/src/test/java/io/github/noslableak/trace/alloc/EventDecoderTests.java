package io.github.noslableak.trace.alloc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Formats;
import io.github.noslableak.trace.Marks;
import io.github.noslableak.trace.Pages;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the decoder refuses; what it reads is seen in the books. */
class EventDecoderTests {

  private static final long OBJECT = 0xffff888100000000L;

  private static EventDecoder decoder(EventFormats formats, String... caches) {
    WatchedCaches watched = BookkeeperTests.watching(caches);
    Tasks tasks = new Tasks();
    return new EventDecoder(formats, watched, tasks, new Bookkeeper(watched, tasks, 1));
  }

  private static void play(ByteBuffer event) {
    new EventStream(
            Formats.LAYOUT,
            ByteOrder.LITTLE_ENDIAN,
            List.of(Pages.from(0).at(1, event).commit()),
            decoder(Formats.V6_18, "filp"),
            new Marks())
        .playUntil(Long.MAX_VALUE);
  }

  @Test
  void an_event_shorter_than_its_format_is_refused() {
    ByteBuffer alloc = BookkeeperTests.alloc("filp", OBJECT, 100, 0).limit(24);
    assertThatThrownBy(() -> play(alloc))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a trace event kmem_cache_alloc has 24 bytes and should have at least 48");
  }

  @Test
  void a_text_beyond_its_event_is_refused() {
    ByteBuffer alloc = BookkeeperTests.alloc("filp", OBJECT, 100, 0);
    alloc.putInt(24, 200 << 16 | 64);
    assertThatThrownBy(() -> play(alloc))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessageContaining("has a text that ends at 264");
  }

  @Test
  void missing_formats_are_named() {
    for (String missing : List.of("kmem_cache_alloc", "kmalloc")) {
      EventFormats formats =
          EventFormats.of(
              Formats.V6_18.byName().values().stream()
                  .filter(format -> !format.name().equals(missing))
                  .toList());
      assertThatThrownBy(() -> decoder(formats, "kmalloc-256"))
          .isInstanceOf(MalformedKernelDataException.class)
          .hasMessage("this kernel has no trace event " + missing);
    }
  }
}
