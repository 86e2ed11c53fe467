package io.github.noslableak.examples.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory, for temporary data of bounded size. Mounting takes root.
 *
 * <p>Closing unmounts it, whereby everything in it is gone.
 */
public final class ScratchVolume implements AutoCloseable {

  private final Path path;
  private final Mistakes mistakes;
  private boolean mounted = true;

  private ScratchVolume(Path path, Mistakes mistakes) {
    this.path = path;
    this.mistakes = mistakes;
  }

  /**
   * Mounts a volume at a new directory.
   *
   * @param parent where the directory is made
   * @param size how much it holds, as tmpfs(5) understands it: {@code 64k}, {@code 10m}, {@code 5%}
   * @throws IOException if it cannot be mounted; the directory is gone then
   */
  public static ScratchVolume mount(Path parent, String size) throws IOException {
    return mount(parent, size, Mistakes.none());
  }

  static ScratchVolume mount(Path parent, String size, Mistakes mistakes) throws IOException {
    if (size.isEmpty() || size.indexOf(',') >= 0) {
      throw new IllegalArgumentException("not a size: \"" + size + "\"");
    }
    Path path = Files.createTempDirectory(parent, "scratch-");
    try {
      run(
          "mount",
          "-t",
          "tmpfs",
          "-o",
          "nosuid,nodev,mode=700,size=" + size,
          "scratch",
          path.toString());
      return new ScratchVolume(path, mistakes);
    } catch (IOException | RuntimeException e) {
      Files.delete(path);
      throw e;
    }
  }

  /** Returns the directory at which it is mounted. */
  public Path path() {
    return path;
  }

  /**
   * Unmounts it and removes its directory.
   *
   * @throws IOException if a file in it is still open; closing again tries again
   */
  @Override
  public synchronized void close() throws IOException {
    if (mounted) {
      mistakes.unless(Mistake.MOUNT_LEFT_BEHIND, this::unmount);
      mounted = false;
    }
  }

  private void unmount() throws IOException {
    run("umount", path.toString());
    Files.delete(path);
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(List.of(command) + " ended with status " + status + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + List.of(command));
    }
  }
}
