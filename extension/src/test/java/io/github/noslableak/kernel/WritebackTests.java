package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WritebackTests {

  private static List<String> asked(String... lines) {
    return Writeback.asked(MountInfo.parse(List.of(lines))).stream()
        .map(MountInfo.Mount::point)
        .toList();
  }

  @Test
  void what_has_a_device_is_asked_once_where_its_name_is_shortest() {
    assertThat(
            asked(
                "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
                "23 22 8:2 / /srv/data/deep rw - xfs /dev/sda2 rw",
                "24 22 8:2 /sub /srv rw - xfs /dev/sda2 rw",
                "25 22 8:1 /var /mnt rw - ext4 /dev/sda1 rw"))
        .containsExactly("/", "/srv");
  }

  @Test
  void what_lies_on_devices_by_another_way_is_asked_and_what_is_in_memory_is_not() {
    assertThat(
            asked(
                "22 1 0:30 / / rw - overlay overlay rw",
                "23 22 0:31 / /b rw - btrfs /dev/sdb rw",
                "26 22 0:33 / /var/lib/docker/overlay2/a/merged rw - overlay overlay rw",
                "24 22 0:32 / /tmp rw - tmpfs tmpfs rw",
                "25 22 0:4 / /proc rw - proc proc rw"))
        .containsExactly("/", "/b");
  }

  @Test
  void what_a_server_answers_for_is_not_asked_nor_what_is_mounted_there() {
    assertThat(
            Stream.of("fuse", "fuse.sshfs", "nfs", "nfs4", "cifs", "9p", "virtiofs", "ceph")
                .flatMap(
                    type ->
                        asked(
                            "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
                            "23 22 0:50 / /net rw - " + type + " host:/ rw",
                            "24 23 8:2 / /net/disk rw - ext4 /dev/sda2 rw",
                            "25 22 8:3 / /network rw - ext4 /dev/sda3 rw")
                            .stream()))
        .containsOnly("/", "/network");
    assertThat(asked("23 22 8:9 / /ntfs rw - fuseblk /dev/sda9 rw")).isEmpty();
  }

  @Test
  void what_is_mounted_over_is_not_reached() {
    assertThat(
            asked(
                "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
                "23 22 8:2 / /mnt rw - ext4 /dev/sda2 rw",
                "24 23 0:9 / /mnt rw - tmpfs tmpfs rw"))
        .containsExactly("/");
  }

  @Test
  void under_a_root_that_a_host_serves_all_is_reached() {
    assertThat(
            asked("22 1 0:20 / / rw - virtiofs root rw", "23 22 8:2 / /disk rw - ext4 /dev/vda rw"))
        .containsExactly("/", "/disk");
  }
}
