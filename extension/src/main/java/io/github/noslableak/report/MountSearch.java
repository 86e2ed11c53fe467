package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where users were searched for.
 *
 * @param processes how many processes were looked into
 * @param namespaces in how many mount namespaces they are
 * @param hidden how many processes could not be looked into
 * @param stuck the numbers of those of which the kernel did not tell in time
 * @param inPidNamespace whether there may be processes that cannot be seen from here
 */
public record MountSearch(
    int processes, int namespaces, int hidden, List<String> stuck, boolean inPidNamespace) {

  public MountSearch {
    stuck = List.copyOf(stuck);
  }

  boolean isComplete() {
    return hidden == 0 && stuck.isEmpty() && !inPidNamespace;
  }

  String untold() {
    return "The kernel did not tell in time what "
        + (stuck.size() == 1 ? "process " : "processes ")
        + String.join(", ", stuck)
        + (stuck.size() == 1 ? " holds" : " hold")
        + ": stuck behind a file system that does not answer?";
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Looked at "
            + Text.number(processes)
            + (processes == 1 ? " process in " : " processes in ")
            + Text.count(namespaces, "mount namespaces")
            + ": descriptors, working and root directories, programs, mapped files and bound"
            + " sockets; and at other mounts on it, loop devices and swap files.");
    if (hidden > 0) {
      lines.add(
          Text.number(hidden)
              + (hidden == 1 ? " process" : " processes")
              + " could not be looked into for lack of rights.");
    }
    if (!stuck.isEmpty()) {
      lines.add(untold());
    }
    if (inPidNamespace) {
      lines.add(
          "Processes outside this container cannot be seen from here; one of them may hold it.");
    }
    return lines;
  }
}
