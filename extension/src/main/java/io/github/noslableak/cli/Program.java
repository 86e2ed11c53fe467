package io.github.noslableak.cli;

import java.io.File;
import java.io.IOException;
import java.util.List;

/** A command that is run, perhaps again and again. */
final class Program {

  /** The command ended with another exit code than 0. */
  static final class Failed extends IOException {

    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  private static final File NOTHING = new File("/dev/null");

  private final List<String> command;
  private int runs;
  private int exit;

  Program(List<String> command) {
    this.command = List.copyOf(command);
  }

  /** Returns what it is called in a report. */
  String name() {
    return String.join(" ", command);
  }

  /** Returns how often it has run. */
  int runs() {
    return runs;
  }

  /** Returns what its last run ended with. */
  int exit() {
    return exit;
  }

  /**
   * Runs it to its end.
   *
   * @throws Failed if it ends with another exit code than 0
   * @throws IOException if it cannot be started
   */
  void run() throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      exit = process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new Failed(name() + " was interrupted");
    }
    runs++;
    if (exit != 0) {
      throw new Failed(
          "%s ended with exit code %d in run %d, so what it left was not judged"
              .formatted(name(), exit, runs));
    }
  }
}
