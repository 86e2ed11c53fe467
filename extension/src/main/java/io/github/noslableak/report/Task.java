package io.github.noslableak.report;

/**
 * Who runs on a processor.
 *
 * @param processId the process's number; 0 for an interrupt, and for what works for no process,
 *     such as the slab allocator
 * @param self whether it is this JVM
 */
public record Task(String name, int processId, boolean self) {

  String says() {
    if (self) {
      return "this JVM";
    }
    if (processId > 0) {
      return name + " (pid " + processId + ")";
    }
    return name.equals("interrupt") ? "an interrupt" : name;
  }
}
