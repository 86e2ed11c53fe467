package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.evidence.FilesInMemory;
import io.github.noslableak.testkit.Leaks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names of what is left in memory. */
@LiveTest
class FilesInMemoryScanTests {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @RegisterExtension final Leaks leaks = new Leaks();

  @Test
  void files_left_in_dev_shm_are_named() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "noslableak");
    leaks.undo(() -> Files.delete(directory));
    List<Path> left = List.of(directory.resolve("1"), directory.resolve("2"));
    FilesInMemory before = FilesInMemory.scan(LIMIT);
    for (Path file : left) {
      Files.createFile(file);
      leaks.undo(() -> Files.delete(file));
    }
    FilesInMemory after = FilesInMemory.scan(LIMIT);

    assertThat(before.complete()).isTrue();
    assertThat(after.complete()).isTrue();
    assertThat(after.since(before)).filteredOn(file -> file.startsWith(directory)).isEqualTo(left);
    assertThat(before.since(after)).noneMatch(file -> file.startsWith(directory));
  }

  @Test
  void other_file_systems_are_left_alone() throws Exception {
    assertThat(FilesInMemory.scan(LIMIT).names())
        .map(Path::toString)
        .noneMatch(file -> file.startsWith("/proc/") || file.startsWith("/dev/pts/"));
  }

  @Test
  void a_scan_without_time_says_so() throws Exception {
    FilesInMemory hasty = FilesInMemory.scan(Duration.ZERO);

    assertThat(hasty.complete()).isFalse();
    assertThat(hasty.names()).isEmpty();
  }
}
