package io.github.noslableak.report;

import java.util.List;

/**
 * What the kernel holds for somebody, since before the body was run again.
 *
 * @param registrations what was registered with descriptors of this JVM
 * @param loops loop devices that were attached
 */
public record InKernel(List<Registration> registrations, List<Loop> loops) {

  public InKernel {
    registrations = List.copyOf(registrations);
    loops = List.copyOf(loops);
  }

  /** Makes that of a kernel that holds nothing of the kind. */
  public static InKernel nothing() {
    return new InKernel(List.of(), List.of());
  }

  /**
   * A loop device.
   *
   * @param device its path
   * @param file the file behind it
   */
  public record Loop(String device, String file) {}
}
