package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockHolderTests {

  private static final LockHolder HOLDER =
      new LockHolder(4711, Instant.parse("2026-11-25T12:00:01Z"), "RelayTests.copies [1] a b");

  @Test
  void it_is_read_as_it_was_written(@TempDir Path dir) throws Exception {
    try (FileChannel file = MachineLock.openOwn(dir.resolve("lock"))) {
      new LockHolder(1, Instant.EPOCH, "one with a longer name than that of the other").write(file);
      HOLDER.write(file);

      assertThat(dir.resolve("lock"))
          .hasContent("4711 2026-11-25T12:00:01Z RelayTests.copies [1] a b");
      assertThat(LockHolder.read(file)).contains(HOLDER);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4711", "4711 soon RelayTests", "pid 2026-11-25T12:00:01Z name"})
  void what_another_version_writes_names_nobody(String content) {
    assertThat(LockHolder.parse(content)).isEmpty();
  }

  @Test
  void a_name_of_several_lines_takes_one() {
    assertThat(LockHolder.now(new Measurer("a\n b", false)).name()).isEqualTo("a b");
  }

  @Test
  void it_is_described_for_whoever_waits() {
    assertThat(HOLDER.described(ZoneOffset.ofHours(1)))
        .isEqualTo("RelayTests.copies [1] a b of process 4711, which has measured since 13:00:01");
  }
}
