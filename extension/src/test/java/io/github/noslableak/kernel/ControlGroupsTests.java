package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlGroupsTests {

  @Test
  void limits_of_version_1_are_sought_in_the_group_of_their_controller() {
    assertThat(
            ControlGroups.limits(
                List.of("5:memory:/some/group", "4:cpu,cpuacct:/"),
                List.of("31 24 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory")))
        .contains(
            Path.of("/sys/fs/cgroup/memory/some/group/memory.limit_in_bytes"),
            Path.of("/sys/fs/cgroup/memory/some/group/memory.stat"),
            Path.of("/sys/fs/cgroup/memory/memory.stat"));
  }

  @Test
  void limits_of_version_2_are_sought_in_the_one_hierarchy() {
    assertThat(
            ControlGroups.limits(
                List.of("0::/system.slice/ci.service"),
                List.of(
                    "30 24 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw",
                    "22 1 254:1 / / rw - ext4 /dev/vda1 rw")))
        .contains(Path.of("/sys/fs/cgroup/system.slice/ci.service/memory.max"))
        .allMatch(file -> file.startsWith("/sys/fs/cgroup"));
  }

  @Test
  void without_control_groups_there_is_nothing() {
    assertThat(ControlGroups.limits(List.of(), List.of("22 1 254:1 / / rw - ext4 /dev/vda1 rw")))
        .isEmpty();
    assertThat(ControlGroups.limits(List.of("garbage"), List.of("garbage"))).isEmpty();
  }
}
