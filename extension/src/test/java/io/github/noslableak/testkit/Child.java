package io.github.noslableak.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A child process that says lines and is killed with the test, by try-with-resources or by {@link
 * Leaks#keep}.
 *
 * <p>What it says, on both outputs, goes to a file that has no name any more: no thread reads it
 * while kernel objects are counted, no pipe fills, and what its own children say when it has ended
 * is not lost.
 */
public final class Child implements AutoCloseable {

  /** Two minutes: another build on this machine may be measuring, and it waits for its turn. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String command;
  private final Process process;
  private final FileChannel said;
  private final Duration patience;
  private int awaited;

  /**
   * How it ended.
   *
   * @param status its exit status; of a signal, 128 more than its number
   * @param output all that it said
   */
  public record Ended(int status, String output) {}

  private Child(ProcessBuilder builder, Duration patience) throws IOException {
    this.command = String.join(" ", builder.command());
    this.patience = patience;
    Path file = Files.createTempFile("noslableak-child", null);
    try {
      this.process = builder.redirectErrorStream(true).redirectOutput(file.toFile()).start();
      this.said = FileChannel.open(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Starts it. */
  public static Child start(String... command) throws IOException {
    return start(new ProcessBuilder(command));
  }

  /** Starts it with a directory or an environment of its own. */
  public static Child start(ProcessBuilder builder) throws IOException {
    return start(builder, PATIENCE);
  }

  static Child start(ProcessBuilder builder, Duration patience) throws IOException {
    return new Child(builder, patience);
  }

  /**
   * Starts a JVM with the class path of this one.
   *
   * @param prefix a command that prepares its surroundings and takes the rest as arguments
   */
  public static Child jvm(List<String> prefix, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        main.getName());
    Collections.addAll(command, arguments);
    return start(new ProcessBuilder(command));
  }

  /**
   * Runs a command to its end.
   *
   * @return what it said
   * @throws AssertionError if it fails
   */
  public static String run(String... command) throws IOException, InterruptedException {
    try (Child child = start(command)) {
      Ended ended = child.awaitEnd();
      if (ended.status() != 0) {
        throw new AssertionError(
            child.command + " ended with status " + ended.status() + ": " + ended.output());
      }
      return ended.output();
    }
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns whether it is still there. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it says that line, and passes over others. */
  public void awaitLine(String line) throws InterruptedException {
    awaitLine("\"" + line + "\"", line::equals);
  }

  /**
   * Waits until it says a line that begins like that, and passes over others.
   *
   * @return the whole line
   */
  public String awaitLineStartingWith(String prefix) throws InterruptedException {
    return awaitLine("\"" + prefix + "...\"", line -> line.startsWith(prefix));
  }

  private String awaitLine(String what, Predicate<String> expected) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      boolean ended = !process.isAlive();
      List<String> lines = linesSaid();
      while (awaited < lines.size()) {
        String line = lines.get(awaited++);
        if (expected.test(line)) {
          return line;
        }
      }
      if (ended) {
        throw new AssertionError(
            "%s ended with status %d and did not say %s. It said: %s"
                .formatted(command, process.exitValue(), what, said()));
      }
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%s did not say %s within %s s. It said: %s"
                .formatted(command, what, seconds(), said()));
      }
      Thread.sleep(10);
    }
  }

  /** Gives it a line to read. */
  public void say(String line) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((line + "\n").getBytes(UTF_8));
    input.flush();
  }

  /** Waits until it ends by itself. */
  public Ended awaitEnd() throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "%s did not end within %s s. It said: %s".formatted(command, seconds(), said()));
    }
    return new Ended(process.exitValue(), said());
  }

  private double seconds() {
    return patience.toMillis() / 1000.0;
  }

  /** Asks it to end, by SIGTERM, and waits until it has. */
  public Ended terminate() throws InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  /** Kills it, by SIGKILL, and waits until it is gone. */
  public Ended kill() throws InterruptedException {
    process.destroyForcibly();
    return awaitEnd();
  }

  /** Returns all that it has said. */
  public String said() {
    try {
      ByteBuffer bytes = ByteBuffer.allocate((int) said.size());
      while (bytes.hasRemaining() && said.read(bytes, bytes.position()) > 0) {
        // More of it.
      }
      return UTF_8.decode(bytes.flip()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without a line that it has not ended yet. */
  private List<String> linesSaid() {
    String all = said();
    return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
  }

  /** Kills a process that is no child of this JVM. */
  public static void kill(ProcessHandle stranger) {
    stranger.destroyForcibly();
    awaitExit(stranger);
  }

  /** Whoever adopted it may never reap it. */
  private static void awaitExit(ProcessHandle stranger) {
    stranger.onExit().completeOnTimeout(stranger, 10, TimeUnit.SECONDS).join();
  }

  /** Kills it and what it started, if they are still there. */
  @Override
  public void close() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    started.forEach(Child::awaitExit);
    try {
      process.getOutputStream().close();
      process.getInputStream().close();
      said.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
