package io.github.noslableak.report;

/**
 * Who runs on a processor.
 *
 * @param processId the process's number; 0 for an interrupt
 * @param self whether it is this JVM
 */
public record Task(String name, int processId, boolean self) {

  String says() {
    if (self) {
      return "this JVM";
    }
    return processId == 0 ? "an interrupt" : name + " (pid " + processId + ")";
  }
}
