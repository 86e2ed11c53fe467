package io.github.noslableak.examples.web.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.noslableak.NoSlabLeak;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child process, over pipes and on a file. */
@NoSlabLeak
class GzipTests {

  @Test
  void should_compress_through_pipes() throws IOException {
    byte[] compressed = new Gzip().compress("two litres".getBytes(UTF_8));

    try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(content.readAllBytes()).asString(UTF_8).isEqualTo("two litres");
    }
  }

  @Test
  void should_compress_a_file(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("note"), "two litres");

    new Gzip().compress(file);

    assertThat(directory.resolve("note.gz")).exists();
    assertThat(file).doesNotExist();
  }

  @Test
  void should_fail_on_what_is_not_there(@TempDir Path directory) {
    assertThatIOException()
        .isThrownBy(() -> new Gzip().compress(directory.resolve("note")))
        .withMessage("gzip ended with 1");
  }
}
