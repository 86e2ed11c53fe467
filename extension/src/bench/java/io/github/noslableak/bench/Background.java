package io.github.noslableak.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What else happens on the machine while tests are measured. */
enum Background {
  /** Nothing that we start. */
  IDLE,
  /** A process that works for a moment four times a second. */
  LIGHT(250),
  /** A process that works for a moment fifty times a second. */
  LOAD(20),
  /** Two processes that hardly rest: both processors are busy. */
  HEAVY(5, 5);

  private final int[] pauses;

  Background(int... pauses) {
    this.pauses = pauses;
  }

  /** Starts it; closing ends it. */
  Running start() throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int pause : pauses) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Load.class.getName(),
                  String.valueOf(pause))
              .inheritIO()
              .start());
    }
    if (!processes.isEmpty()) {
      TimeUnit.SECONDS.sleep(2);
    }
    return new Running(processes);
  }

  /** What was started. */
  record Running(List<Process> processes) implements AutoCloseable {

    @Override
    public void close() throws InterruptedException {
      for (Process process : processes) {
        process.destroy();
        process.waitFor();
      }
    }
  }
}
