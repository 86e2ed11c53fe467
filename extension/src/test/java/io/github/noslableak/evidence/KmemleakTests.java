package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.Kmemleak.Group;
import io.github.noslableak.evidence.Kmemleak.Lost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KmemleakTests {

  private static final Lost RECORD =
      new Lost(256, List.of("kmalloc_trace", "leaky_submit [noslableak_hook]", "param_attr_store"));

  @Test
  void both_forms_are_read() {
    assertThat(
            Kmemleak.parse(
                    """
                    unreferenced object 0xffff888003a7c500 (size 256):
                      comm "java", pid 150, jiffies 4294938240 (age 12.345s)
                      hex dump (first 32 bytes):
                        67 61 72 62 61 67 65 0a 00 00 00 00 00 00 00 00  garbage.........
                      backtrace:
                        [<00000000a1b2c3d4>] kmalloc_trace+0x26/0xc0
                        [<00000000e5f60718>] leaky_submit+0x2b/0x90 [noslableak_hook]
                        [<00000000a1b2c3d4>] param_attr_store+0x26/0xc0
                    unreferenced object 0xffff888003a7c600 (size 256):
                      comm "java", pid 150, jiffies 4294938241
                      backtrace (crc 7e3a4a0c):
                        kmalloc_trace+0x26/0xc0
                        leaky_submit+0x2b/0x90 [noslableak_hook]
                        param_attr_store+0x26/0xc0
                    """)
                .objects())
        .isEqualTo(Map.of("0xffff888003a7c500", RECORD, "0xffff888003a7c600", RECORD));
    assertThat(Kmemleak.parse("").objects()).isEmpty();
    assertThat(Kmemleak.parse("unreferenced object of another form\n").objects()).isEmpty();
  }

  @Test
  void what_was_found_since_is_told_by_how_it_was_allocated() {
    Lost other = new Lost(96, List.of("kmalloc_trace", "other"));
    Kmemleak before = new Kmemleak(Map.of("0x1", RECORD));
    Kmemleak now = new Kmemleak(Map.of("0x1", RECORD, "0x2", RECORD, "0x3", RECORD, "0x4", other));

    assertThat(now.since(before))
        .containsExactly(
            new Group(2, 256, RECORD.stack()), new Group(1, 96, List.of("kmalloc_trace", "other")));
    assertThat(before.since(now)).isEmpty();
  }
}
