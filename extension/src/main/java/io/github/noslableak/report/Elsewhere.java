package io.github.noslableak.report;

import java.util.List;

/**
 * What is held outside this JVM and was not before the body was run again.
 *
 * @param processes those that hold more, the most first
 * @param inMemory files and directories on file systems that live in memory
 * @param lookedInto how many processes were looked into
 * @param hidden how many could not be
 * @param complete whether all file systems in memory could be listed
 * @param stuck of the hidden, those of which the kernel did not tell in time
 */
public record Elsewhere(
    List<HoldingProcess> processes,
    List<String> inMemory,
    int lookedInto,
    int hidden,
    boolean complete,
    List<Stuck> stuck) {

  public Elsewhere {
    processes = List.copyOf(processes);
    inMemory = List.copyOf(inMemory);
    stuck = List.copyOf(stuck);
  }

  /** Makes it where the kernel told of each process in time. */
  public Elsewhere(
      List<HoldingProcess> processes,
      List<String> inMemory,
      int lookedInto,
      int hidden,
      boolean complete) {
    this(processes, inMemory, lookedInto, hidden, complete, List.of());
  }

  /**
   * A process that is stuck in the kernel, as behind a file system whose server does not answer.
   */
  public record Stuck(String name, int processId) {}
}
