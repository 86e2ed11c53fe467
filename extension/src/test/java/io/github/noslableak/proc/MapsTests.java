package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MapsTests {

  private static Maps parse(String maps) {
    return Maps.parse(maps.lines().toList());
  }

  @Test
  void a_file_is_told_as_often_as_it_is_mapped() {
    assertThat(
            parse(
                    """
                    00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon
                    00651000-00652000 r--p 00051000 08:02 173521      /usr/bin/dbus-daemon
                    00e03000-00e24000 rw-p 00000000 00:00 0           [heap]
                    35b1a21000-35b1a22000 rw-p 00000000 00:00 0 \n\
                    35b1800000-35b1820000 r-xp 00000000 08:02 135522  /tmp/a b (deleted)
                    7fff6d5dc000-7fff6d5de000 r-xp 00000000 00:00 0   [vdso]
                    """)
                .files())
        .containsExactly("/usr/bin/dbus-daemon", "/usr/bin/dbus-daemon", "/tmp/a b (deleted)");
    assertThat(parse("").files()).isEmpty();
    assertThat(parse("00400000-00452000 r-xp").files()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void this_JVM_has_mapped_the_one_it_is() throws Exception {
    assertThat(Maps.of(Path.of("/proc/self")).files())
        .anyMatch(file -> file.endsWith("/libjvm.so"));
  }
}
