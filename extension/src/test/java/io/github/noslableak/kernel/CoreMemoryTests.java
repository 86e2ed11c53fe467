package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.CoreMemory.Segment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** That it reads what a program reads is seen in a VM, which has a /proc/kcore. */
class CoreMemoryTests {

  private static void segment(ByteBuffer to, int type, long offset, long start, long bytes) {
    to.putInt(type).putInt(7).putLong(offset).putLong(start).putLong(0).putLong(bytes);
    to.putLong(bytes).putLong(4096);
  }

  @Test
  void segments_of_addresses_are_read_and_notes_left_out() {
    ByteBuffer headers = ByteBuffer.allocate(3 * 56).order(ByteOrder.nativeOrder());
    segment(headers, 4, 568, 0, 4096);
    segment(headers, 1, 0x7fff_81c0_0000L, 0xffffffff_81c00000L, 0x400_0000);
    segment(headers, 1, 0x0880_0000_3000L, 0xffff8880_00001000L, 0x9_e000);

    assertThat(CoreMemory.parse(headers.flip()))
        .containsExactly(
            new Segment(0xffffffff_81c00000L, 0x400_0000, 0x7fff_81c0_0000L),
            new Segment(0xffff8880_00001000L, 0x9_e000, 0x0880_0000_3000L));
  }

  @Test
  void a_segment_holds_what_lies_in_it_whole() {
    Segment segment = new Segment(0xffff8880_00001000L, 0x1000, 0);

    assertThat(segment.holds(0xffff8880_00001000L, 0x1000)).isTrue();
    assertThat(segment.holds(0xffff8880_00001ff8L, 8)).isTrue();
    assertThat(segment.holds(0xffff8880_00001ff9L, 8)).isFalse();
    assertThat(segment.holds(0xffff8880_00000fffL, 8)).isFalse();
    assertThat(segment.holds(0xffff8880_00002000L, 1)).isFalse();
    assertThat(segment.holds(0x1000, 8)).isFalse();
  }
}
