package io.github.noslableak.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody who uses the mount.
 *
 * @param processId 0 for the kernel itself
 * @param name the process's name; empty for the kernel
 * @param isThisJvm whether it is this JVM
 * @param uses what of it how
 */
public record MountUser(long processId, String name, boolean isThisJvm, List<Use> uses) {

  public MountUser {
    uses = List.copyOf(uses);
  }

  List<String> lines() {
    return Text.under(
        who() + ":", Text.counted(uses.stream().map(Use::text).toList(), MountReport.LONGEST_LIST));
  }

  private String who() {
    return processId == 0
        ? uses.stream().map(Use::kernelUser).distinct().collect(Collectors.joining(", "))
        : "process " + processId + " (" + name + ")" + (isThisJvm ? ", this JVM" : "");
  }

  /**
   * A use of a mount.
   *
   * @param by the number of the descriptor, or the device; empty where it is by neither
   * @param what the file's name, or the socket's
   */
  public record Use(How how, String by, String what) {

    private String text() {
      return switch (how) {
        case OPEN, QUEUE -> "descriptor " + by + ": " + what;
        case BOUND_SOCKET -> "descriptor " + by + ": a socket bound to a name on it";
        case RING -> "descriptor " + by + ": an io_uring with files of it registered";
        case WORKING_DIRECTORY -> "working directory: " + what;
        case ROOT_DIRECTORY -> "root directory: " + what;
        case PROGRAM -> "program: " + what;
        case MAPPED -> "mapped: " + what;
        case LOOP_DEVICE -> by + ": " + what;
        case MOUNT, SWAP -> what;
      };
    }

    private String kernelUser() {
      return switch (how) {
        case MOUNT -> "another mount";
        case LOOP_DEVICE -> "a loop device";
        case SWAP -> "a swap file";
        default -> "the kernel";
      };
    }
  }

  /** How something of a mount is used. */
  public enum How {
    OPEN,
    BOUND_SOCKET,
    RING,
    QUEUE,
    WORKING_DIRECTORY,
    ROOT_DIRECTORY,
    PROGRAM,
    MAPPED,
    MOUNT,
    LOOP_DEVICE,
    SWAP
  }
}
