package io.github.noslableak.live.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Puts a {@code @TempDir} on /dev/shm, where entries are pinned and no dropping of caches hides a
 * wrong order.
 */
final class SharedMemory implements TempDirFactory {

  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext) throws Exception {
    return Files.createTempDirectory(Path.of("/dev/shm"), "noslableak");
  }

  /** Makes so many files in it. */
  static void fill(Path dir, int files) {
    IntStream.range(0, files)
        .forEach(
            i -> {
              try {
                Files.writeString(dir.resolve("file-" + i), "x");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
