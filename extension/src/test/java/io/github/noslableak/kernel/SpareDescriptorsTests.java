package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SpareDescriptorsTests {

  /** Reads {@code Max open files 20000 20000 files}. */
  private static long limit() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split(" +", -1)[3])
        .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_limit_is_lower_while_they_are_kept() throws IOException {
    long before = limit();
    SpareDescriptors spare = new SpareDescriptors();
    spare.keep();
    spare.keep();
    try {
      assertThat(limit()).isEqualTo(before - Math.min(64, before / 8));
    } finally {
      spare.release();
    }
    assertThat(limit()).isEqualTo(before);
    spare.release();
    assertThat(limit()).isEqualTo(before);
  }
}
