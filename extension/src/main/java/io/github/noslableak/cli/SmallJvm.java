package io.github.noslableak.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads what strangers wrote in a JVM that cannot take much memory, however much of it this machine
 * has and whatever they wrote: a jar cannot say that of itself.
 */
final class SmallJvm {

  /** Heap; all together it stays below 256 MiB. Unpacking xz -9 takes 65 MiB of it. */
  private static final int HEAP_MIB = 112;

  private static final int INTERRUPTED = 130;

  private SmallJvm() {}

  /** Returns whether these arguments are better run in one. */
  static boolean isWanted(String[] arguments) {
    return arguments.length > 0
        && arguments[0].equals("analyze")
        && Runtime.getRuntime().maxMemory() > (HEAP_MIB + 16L) << 20;
  }

  /**
   * Runs this program in one, and ends it with this JVM.
   *
   * @return its exit code
   */
  static int run(String[] arguments) throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + HEAP_MIB + "m",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
    Collections.addAll(command, arguments);
    Process process = new ProcessBuilder(command).inheritIO().start();
    Thread end = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(end);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }

  /** It tells what it saw when it is asked to end. */
  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }
}
