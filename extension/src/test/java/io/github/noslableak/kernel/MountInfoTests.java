package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.MountInfo.Mount;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MountInfoTests {

  @Test
  void the_fields_before_the_type_are_none_or_several() {
    assertThat(
            MountInfo.parse(
                    List.of(
                        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
                        "37 35 0:31 / /srv/a\\040b rw - tmpfs none rw",
                        "38 35 0:32 / /srv/- rw shared:2 master:1 - tmpfs none rw"))
                .mounts())
        .containsExactly(
            new Mount("98:0", "/mnt1", "/mnt2", "ext3"),
            new Mount("0:31", "/", "/srv/a b", "tmpfs"),
            new Mount("0:32", "/", "/srv/-", "tmpfs"));
  }

  @Test
  void a_line_that_is_cut_off_is_passed_over() {
    assertThat(MountInfo.parse(List.of("36 35 98:0 /mnt1 /mnt2 rw -", "36 35", "")).mounts())
        .isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void the_root_of_this_JVM_is_mounted() throws Exception {
    assertThat(MountInfo.of(Path.of("/proc/self")).mounts())
        .anyMatch(mount -> mount.point().equals("/"));
  }
}
