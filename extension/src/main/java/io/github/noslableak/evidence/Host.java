package io.github.noslableak.evidence;

import java.util.Optional;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

/**
 * What kind of machine this is, for reports. Asking costs hundreds of milliseconds, so only a
 * failure asks.
 *
 * @param memoryBytes size of the physical memory, in bytes
 * @param processors logical processors
 * @param virtualization the hypervisor or container, as far as it can be told; empty on bare metal
 */
public record Host(long memoryBytes, int processors, Optional<String> virtualization) {

  /** Of SLF4J from 2.0.10 on: how much it says of itself. */
  private static final String SLF4J_VERBOSITY = "slf4j.internal.verbosity";

  /** Returns this machine. The first call asks it. */
  public static Host current() {
    return Asked.HOST;
  }

  /** Returns the memory that is available now, in bytes. */
  public static long availableMemoryBytes() {
    return Asked.HARDWARE.getMemory().getAvailable();
  }

  private static final class Asked {
    private static final HardwareAbstractionLayer HARDWARE = hardware();
    private static final Host HOST = ask();
  }

  /**
   * Oshi logs through SLF4J, which prints three lines of warning where a build has no logging
   * behind it: of something that nobody asked for. A build that uses SLF4J itself has heard them
   * before this, or has logging.
   */
  private static HardwareAbstractionLayer hardware() {
    String asked = System.getProperty(SLF4J_VERBOSITY);
    if (asked == null) {
      System.setProperty(SLF4J_VERBOSITY, "ERROR");
    }
    try {
      return new SystemInfo().getHardware();
    } finally {
      if (asked == null) {
        System.clearProperty(SLF4J_VERBOSITY);
      }
    }
  }

  private static Host ask() {
    HardwareAbstractionLayer hardware = Asked.HARDWARE;
    return new Host(
        hardware.getMemory().getTotal(),
        hardware.getProcessor().getLogicalProcessorCount(),
        hardware.getVirtualization());
  }
}
