package io.github.noslableak.report;

import java.util.List;

/**
 * A process that holds more than before the body was run again.
 *
 * @param relation what it is to this JVM
 * @param total how many more descriptors, mapped files and places it holds
 * @param added what they refer to
 */
public record HoldingProcess(
    String name, int processId, Relation relation, long total, List<String> added) {

  public HoldingProcess {
    added = List.copyOf(added);
  }
}
