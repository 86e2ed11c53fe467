package io.github.noslableak.examples.web.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Compresses through the program gzip. */
public final class Gzip {

  /** A compressor. */
  public Gzip() {}

  /**
   * Compresses bytes that fit into a pipe.
   *
   * @param content up to 64 KiB
   * @return what gzip wrote
   * @throws IOException if there is no gzip, or if it fails
   */
  public byte[] compress(byte[] content) throws IOException {
    Process gzip = new ProcessBuilder("gzip", "-c").redirectErrorStream(true).start();
    try (OutputStream input = gzip.getOutputStream()) {
      input.write(content);
    }
    byte[] output = gzip.getInputStream().readAllBytes();
    end(gzip);
    return output;
  }

  /**
   * Compresses a file in its place.
   *
   * @param file the file, replaced by one with the ending .gz
   * @throws IOException if there is no gzip, or if it fails
   */
  public void compress(Path file) throws IOException {
    end(new ProcessBuilder(List.of("gzip", "-f", file.toString())).inheritIO().start());
  }

  private static void end(Process process) throws IOException {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("gzip ended with " + status);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
