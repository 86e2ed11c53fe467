package io.github.noslableak.report;

import java.util.List;

/**
 * What the kernel holds for somebody, since before the body was run again.
 *
 * @param registrations what was registered with descriptors of this JVM
 * @param uses what else it has in use
 */
public record InKernel(List<Registration> registrations, List<Use> uses) {

  public InKernel {
    registrations = List.copyOf(registrations);
    uses = List.copyOf(uses);
  }

  /** Makes that of a kernel that holds nothing of the kind. */
  public static InKernel nothing() {
    return new InKernel(List.of(), List.of());
  }

  /**
   * Something that holds objects until it is ended.
   *
   * @param what a sentence without its full stop
   * @param remedy what ends it, as an imperative or a command
   */
  public record Use(String what, String remedy) {

    /** Makes that of a loop device and the file behind it. */
    public static Use ofLoop(String device, String file) {
      return new Use(device + " is still attached to " + file, "losetup -d " + device);
    }

    /** Makes that of a file or device that is swapped to. */
    public static Use ofSwap(String path) {
      return new Use("The kernel still swaps to " + path, "swapoff " + path);
    }

    /**
     * Makes that of processes that have ended and whose parent did not ask how.
     *
     * @param parent its name
     * @param children how many more there are than before
     */
    public static Use ofZombies(String parent, int processId, long children) {
      String process = parent + " (" + processId + ")";
      return new Use(
          process
              + " has "
              + Text.count(children, "ended children")
              + " more than before the body was run again, which it did not wait for (zombies)",
          "Have " + process + " wait for its children: waitpid(2).");
    }
  }
}
