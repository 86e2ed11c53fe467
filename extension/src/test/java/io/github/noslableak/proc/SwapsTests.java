package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SwapsTests {

  @Test
  void a_swap_file_is_told_by_its_path() {
    assertThat(
            Swaps.parse(
                    List.of(
                        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority",
                        "/dev/vdb                                partition\t2097148\t\t0\t\t-2",
                        "/var/a\\040swap file\t\t1048572\t\t0\t\t-3"))
                .names())
        .containsExactly("/dev/vdb", "/var/a swap");
    assertThat(Swaps.parse(List.of()).names()).isEmpty();
  }
}
