package io.github.noslableak.examples.web.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that is left running. Run by {@link PlantedLeaksTests} alone. */
@Tag("leaking")
@NoSlabLeak
class ProcessLeakTestCases {

  @Test
  void starts_a_process() throws IOException {
    Process process = new ProcessBuilder("sleep", "600").start();
    Kept.forever(() -> process.destroyForcibly().waitFor());
    assertThat(process.isAlive()).isTrue();
  }
}
