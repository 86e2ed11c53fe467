package io.github.noslableak.proc;

import io.github.noslableak.kernel.CachePressure;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.OwnDirectory;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.kernel.TraceFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that outlives this JVM by a moment, and takes back what that left in the kernel if it
 * was killed: instances of tracing, probes, mounts with their loop devices, settings.
 *
 * <p>It is a shell that waits for the end of a pipe, in a session of its own, so that what ends the
 * JVM's group does not end it. It does nothing until then, and knows by their names what is ours.
 * Where it was ended as well, as with a container, the next measurement on that machine takes back
 * all but mounts, and the next private mount these.
 */
public final class Companion {

  private static final String SCRIPT = "companion.sh";

  /** A shell takes some milliseconds; one whose file system does not answer is not waited for. */
  private static final long LONGEST_START_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static boolean attempted;

  /** Its input is the pipe: kept, whatever a JDK does with one that nobody refers to any more. */
  @SuppressWarnings("UnusedVariable")
  private static @Nullable Process process;

  private Companion() {}

  /**
   * Starts it, once in the life of this JVM, and waits until it does nothing any more. It allocates
   * in the kernel like any process: so before anything is counted.
   */
  public static synchronized void start() {
    if (attempted) {
      return;
    }
    attempted = true;
    try {
      process = started(command());
    } catch (IOException e) {
      // No shell, as in some containers: what a killed JVM leaves, the next measurement removes.
    }
  }

  private static List<String> command() throws IOException {
    ProcessId self = ProcessId.ofThisJvm();
    List<String> command = new ArrayList<>(List.of("setsid", "sh", "-c", script(), "noslableak"));
    command.addAll(
        List.of(
            Long.toString(self.pid()),
            Long.toString(self.startTicks()),
            OwnDirectory.RUN.toString(),
            CachePressure.RAISED,
            CachePressure.DEFAULT));
    return command;
  }

  private static String script() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(Companion.class.getResourceAsStream(SCRIPT), SCRIPT)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Process started(List<String> command) throws IOException {
    Process started;
    try {
      started = builder(command).start();
    } catch (IOException e) {
      // Without setsid(1) it is in the JVM's own group, and ends with that where all of it is
      // ended.
      started = builder(command.subList(1, command.size())).start();
    }
    try (InputStream ready = started.getInputStream()) {
      long start = System.nanoTime();
      while (ready.available() == 0
          && started.isAlive()
          && System.nanoTime() - start < LONGEST_START_NANOS) {
        Pause.of(BETWEEN_LOOKS_NANOS);
      }
    }
    return started;
  }

  private static ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(command)
        .directory(tracing().toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** By the number of this process: another one is asked. */
  private static Path tracing() {
    try {
      Path root = TraceFileSystem.root();
      Path self = Path.of("/proc/self");
      return root.startsWith(self)
          ? Path.of("/proc", Long.toString(ProcessHandle.current().pid()))
              .resolve(self.relativize(root))
          : root;
    } catch (KernelFileException e) {
      return Path.of("/"); // Then nothing of ours is there either.
    }
  }
}
