package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.evidence.Surroundings.View;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurroundingsTests {

  private static final String ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
  private static final String SCRATCH = "99 22 0:55 / /tmp/scratch rw - tmpfs none rw,size=1m";

  private static View view(String... mounts) {
    return new View(new MemInfo(1, 1, 0), Map.of(), Map.of(), 0, List.of(mounts));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw | /mnt2 (ext3)",
        "36 35 98:0 / /mnt2 rw,noatime - tmpfs tmpfs rw | /mnt2 (tmpfs)",
        "36 35 98:0 / / rw shared:1 master:2 propagate_from:3 - ext4 /dev/sda1 rw | / (ext4)",
        "36 35 98:0 / /with\\040blank rw - fuse.sshfs host:/x-y rw | /with\\040blank (fuse.sshfs)",
        "36 35 0:4 net:[4026532281] /run/netns/a rw - nsfs nsfs rw | /run/netns/a (nsfs)"
      })
  void a_mount_is_named_by_its_point_and_type(String line, String description) {
    assertThat(View.describeMount(line)).isEqualTo(description);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "36", "36 35 98:0 / /mnt rw ext4 /dev/root rw", "36 35 98:0 / /mnt rw -"})
  void another_form_is_refused(String line) {
    assertThatThrownBy(() -> View.describeMount(line))
        .isExactlyInstanceOf(MalformedKernelDataException.class)
        .hasMessage("mountinfo has a line \"" + line + "\"");
  }

  @Test
  void what_is_mounted_since_is_named() {
    assertThat(view(ROOT, SCRATCH).mountedSince(view(ROOT)))
        .containsExactly("/tmp/scratch (tmpfs)");
    assertThat(view(ROOT).mountedSince(view(ROOT, SCRATCH))).isEmpty();
    assertThat(view(ROOT, SCRATCH).mountedSince(view(SCRATCH, ROOT))).isEmpty();
  }

  @Test
  void a_remount_with_other_options_is_the_same_mount() {
    String readOnly = SCRATCH.replaceFirst("rw", "ro");

    assertThat(view(ROOT, readOnly).mountedSince(view(ROOT, SCRATCH))).isEmpty();
  }

  @Test
  void a_second_mount_over_the_first_counts() {
    String over = SCRATCH.replaceFirst("99", "100");

    assertThat(view(ROOT, SCRATCH, over).mountedSince(view(ROOT, SCRATCH)))
        .containsExactly("/tmp/scratch (tmpfs)");
  }
}
