package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The loop devices of this machine. */
public final class LoopDevices {

  private static final Path BLOCK_DEVICES = Path.of("/sys/block");

  private LoopDevices() {}

  /**
   * Returns the files under all loop devices, by device, from
   * /sys/block/loop&lt;number&gt;/loop/backing_file.
   */
  public static Map<String, String> backingFiles() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    if (Files.isDirectory(BLOCK_DEVICES)) {
      try (DirectoryStream<Path> loops = Files.newDirectoryStream(BLOCK_DEVICES, "loop*")) {
        for (Path loop : loops) {
          backingFile(loop).ifPresent(file -> files.put("/dev/" + loop.getFileName(), file));
        }
      }
    }
    return files;
  }

  private static Optional<String> backingFile(Path loop) {
    try {
      return Files.readAllLines(loop.resolve("loop/backing_file"), StandardCharsets.ISO_8859_1)
          .stream()
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // It has none now.
    }
  }
}
