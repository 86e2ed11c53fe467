package io.github.noslableak.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.MountInfo;
import io.github.noslableak.proc.Maps;
import io.github.noslableak.proc.UnixSockets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountUsersTests {

  private static final Path MOUNT = Path.of("/m/1");

  private static final UnixSockets UNIX =
      UnixSockets.parse(
          List.of(
              "Num       RefCount Protocol Flags    Type St Inode Path",
              "000000004b2703d2: 00000002 00000000 00010000 0001 01 11 /m/1/a socket",
              "000000004b2703d3: 00000002 00000000 00010000 0001 01 12 /m/12/socket",
              "000000004b2703d4: 00000002 00000000 00000000 0002 01    13 @/m/1/abstract",
              "000000004b2703d5: 00000002 00000000 00000000 0002 01 14 sub/relative",
              "000000004b2703d6: 00000003 00000000 00000000 0001 03 15"));

  @Test
  void a_name_on_the_mount_is_its_root_or_below() {
    assertThat(List.of("/m/1", "/m/1/a", "/m/1 (deleted)", "/m/1/a (deleted)"))
        .allMatch(name -> MountUsers.isOn(MOUNT, name));
    assertThat(List.of("/m/12", "/m", "/", "/m/12/a", "x/m/1/a", ""))
        .noneMatch(name -> MountUsers.isOn(MOUNT, name));
  }

  @Test
  void sockets_are_found_by_the_name_they_are_bound_to() {
    assertThat(MountUsers.boundTo(MOUNT, UNIX, Set.of())).containsExactly("11");
    assertThat(MountUsers.boundTo(MOUNT, UNIX, Set.of("relative")))
        .containsExactlyInAnyOrder("11", "14");
    assertThat(UNIX.inodes()).containsExactlyInAnyOrder("11", "12", "13", "14", "15");
  }

  @Test
  void mapped_files_are_told_once() {
    assertThat(
            MountUsers.mapped(
                MOUNT,
                Maps.parse(
                    List.of(
                        "7f00-7f01 r--p 00000000 00:2a 12       /m/1/lib so (deleted)",
                        "7f01-7f02 r-xp 00001000 00:2a 12       /m/1/lib so (deleted)",
                        "7f02-7f03 rw-p 00000000 00:00 0        [heap]",
                        "7f03-7f04 rw-p 00000000 00:00 0",
                        "7f04-7f05 r--p 00000000 fe:00 9        /usr/lib/libc.so"))))
        .containsExactly("/m/1/lib so (deleted)");
  }

  @Test
  void mounts_on_the_mount_are_not_itself() {
    assertThat(
            MountUsers.mountedOn(
                MOUNT,
                MountInfo.parse(
                    List.of(
                        "36 35 98:0 / /m/1 rw,noatime - tmpfs noslableak rw",
                        "37 36 98:1 / /m/1/sub rw,noatime - tmpfs none rw",
                        "38 35 98:2 / /m/12 rw - tmpfs none rw",
                        "cut off"))))
        .containsExactly("/m/1/sub");
  }
}
