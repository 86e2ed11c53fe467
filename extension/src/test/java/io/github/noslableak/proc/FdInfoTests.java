package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FdInfoTests {

  private static FdInfo info(String... lines) {
    return new FdInfo(List.of(lines));
  }

  @Test
  void queued_descriptors_are_counted() {
    assertThat(info("pos:\t0", "flags:\t02", "scm_fds: 3").undelivered()).isEqualTo(3);
    assertThat(info("pos:\t0", "scm_fds: 0").undelivered()).isZero();
    assertThat(info("pos:\t0").undelivered()).isZero();
    assertThat(info("scm_fds: x").undelivered()).isZero();
  }

  @Test
  void registered_files_are_those_below_a_directory() {
    FdInfo ring = info("pos:\t0", "UserFiles:\t2", "    0: /m/1/a", "    1: /m/2/b");

    assertThat(ring.registers(Path.of("/m/1"))).isTrue();
    assertThat(ring.registers(Path.of("/m"))).isTrue();
    assertThat(ring.registers(Path.of("/m/1/a"))).isFalse();
    assertThat(ring.registers(Path.of("/m/3"))).isFalse();
  }
}
