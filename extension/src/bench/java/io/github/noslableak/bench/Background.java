package io.github.noslableak.bench;

import io.github.noslableak.testkit.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
    List<Child> processes = new ArrayList<>();
    for (int pause : pauses) {
      processes.add(Child.jvm(List.of(), Load.class, String.valueOf(pause)));
    }
    if (!processes.isEmpty()) {
      TimeUnit.SECONDS.sleep(2);
    }
    return new Running(processes);
  }

  /** What was started. */
  record Running(List<Child> processes) implements AutoCloseable {

    /** Fails where one has ended by itself: what was measured beside it was not under load. */
    @Override
    public void close() {
      boolean loaded = processes.stream().allMatch(Child::isAlive);
      String said = processes.stream().map(Child::said).collect(Collectors.joining());
      processes.forEach(Child::close);
      if (!loaded) {
        throw new IllegalStateException("the load has ended by itself: " + said);
      }
    }
  }
}
