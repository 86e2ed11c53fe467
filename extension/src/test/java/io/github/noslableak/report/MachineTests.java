package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineTests {

  @Test
  void what_was_not_written_out_is_named() {
    Machine.Hardware hardware = new Machine.Hardware(2L << 30, 2, Optional.of("KVM"));
    List<Machine.Figure> memory = List.of(new Machine.Figure("Slab", 30, 45));

    assertThat(
            new Machine(
                    "Linux 6.1 (SLUB)",
                    hardware,
                    memory,
                    List.of(),
                    List.of(
                        new Machine.FileSystem("/net", "nfs4"),
                        new Machine.FileSystem("/mnt/a", "fuse.sshfs")))
                .lines())
        .contains(
            "Not written out before counting, for their servers or devices may not answer: /net"
                + " (nfs4), /mnt/a (fuse.sshfs). What is dirty there counts until it is.");
    assertThat(new Machine("Linux 6.1 (SLUB)", hardware, memory, List.of()).lines()).hasSize(2);
  }
}
