package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.trace.ref.ReferenceLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reference ledger on the running kernel. What it finds is tested beside a leaky module. */
@LiveTest
class ReferenceTests {

  @Test
  void a_ledger_is_kept_or_the_obstacle_is_named() throws IOException {
    Path probes = TraceFileSystem.root().resolve("kprobe_events");
    Optional<Obstacle> obstacle = ReferenceLedger.obstacle(List.of());

    if (!Files.exists(probes)) {
      assertThat(obstacle)
          .hasValue(
              new Obstacle(
                  "this kernel has no kprobes, by which references are followed",
                  "run these tests on a kernel with CONFIG_KPROBE_EVENTS, as those of Debian,"
                      + " Ubuntu, RHEL and SUSE are, in a VM if need be"));
    } else if (obstacle.isEmpty()) {
      ReferenceLedger.open(List.of()).close();
      assertThat(Files.readString(probes))
          .doesNotContain("noslableak_" + ProcessHandle.current().pid() + "_");
    }
  }
}
