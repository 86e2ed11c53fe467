package io.github.noslableak.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTests {

  @Test
  @NoSlabLeak
  void copies_a_file(@TempDir Path dir) throws IOException {
    Path source = Files.writeString(dir.resolve("source"), "content");
    Path copy = Files.copy(source, dir.resolve("copy"));
    assertEquals("content", Files.readString(copy));
  }
}
