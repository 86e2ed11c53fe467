package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.FilesInMemory.Mount;
import io.github.noslableak.kernel.MountInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilesInMemoryTests {

  private static List<Mount> mounts(String mountinfo) {
    return FilesInMemory.mounts(MountInfo.parse(mountinfo.lines().toList()));
  }

  @Test
  void mounts_of_file_systems_in_memory_are_found_each_once() {
    assertThat(
            mounts(
                """
                22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                23 22 0:5 / /dev rw,nosuid shared:2 - devtmpfs devtmpfs rw,size=4k
                36 23 0:26 / /dev/shm rw,nosuid master:1 - tmpfs tmpfs rw
                37 22 0:26 /sub /srv/again rw - tmpfs tmpfs rw
                38 22 0:30 /only /srv/only rw - tmpfs tmpfs rw
                39 22 0:31 / /srv/a\\040b rw - ramfs none rw
                40 22 0:32 / /srv/hidden rw - tmpfs tmpfs rw
                41 40 254:1 / /srv/hidden rw - xfs /dev/vdb rw
                42 22 0:33 / /proc rw - proc proc rw
                a line of another form
                """))
        .containsExactly(
            new Mount(Path.of("/dev"), "0:5", "/"),
            new Mount(Path.of("/dev/shm"), "0:26", "/"),
            new Mount(Path.of("/srv/a b"), "0:31", "/"),
            new Mount(Path.of("/srv/only"), "0:30", "/only"));
    assertThat(mounts("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"26, 0:26", "65024, 254:0", "1048832, 1:256", "1048575, 4095:255"})
  void a_device_is_described_as_in_mountinfo(long device, String description) {
    assertThat(FilesInMemory.describe(device)).isEqualTo(description);
  }

  @Test
  void what_is_new_is_what_was_not_there() {
    FilesInMemory before =
        new FilesInMemory(Set.of(Path.of("/dev/shm/a"), Path.of("/dev/shm/b")), true);
    FilesInMemory after =
        new FilesInMemory(
            Set.of(Path.of("/dev/shm/c"), Path.of("/dev/shm/b"), Path.of("/dev/shm/0")), true);

    assertThat(after.since(before)).containsExactly(Path.of("/dev/shm/0"), Path.of("/dev/shm/c"));
    assertThat(before.since(before)).isEmpty();
    assertThat(after.since(new FilesInMemory(Set.of(), false))).isEmpty();
    assertThat(after.since(new FilesInMemory(Set.of(), true))).hasSize(3);
  }
}
