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

  /** Kernels before 6.13 tell of empty slots too. */
  @Test
  void files_that_are_registered_are_counted() {
    assertThat(
            info(
                    "SqThread:\t-1",
                    "UserFiles:\t100",
                    "    0: /etc/hostname",
                    "    1: <none>",
                    "   22: socket:[7]",
                    "UserBufs:\t1",
                    "    0: 0x7f00/4096",
                    "PollList:")
                .registeredFiles())
        .isEqualTo(2);
    assertThat(info("UserFiles:\t0", "UserBufs:\t0").registeredFiles()).isZero();
    assertThat(info("pos:\t0", "    0: /etc/hostname").registeredFiles()).isZero();
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
