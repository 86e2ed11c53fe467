package io.github.noslableak.evidence;

import java.util.Optional;
import java.util.function.Supplier;
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
    private static final HardwareAbstractionLayer HARDWARE = new SystemInfo().getHardware();
    private static final Host HOST = quietly(Asked::ask);

    private static Host ask() {
      return new Host(
          HARDWARE.getMemory().getTotal(),
          HARDWARE.getProcessor().getLogicalProcessorCount(),
          HARDWARE.getVirtualization());
    }
  }

  /**
   * Oshi logs through SLF4J, which prints three lines of warning where a build has no logging
   * behind it: of something that nobody asked for. A build that uses SLF4J itself has heard them
   * before this, or has logging.
   */
  private static <T> T quietly(Supplier<T> asked) {
    String before = System.getProperty(SLF4J_VERBOSITY);
    if (before == null) {
      System.setProperty(SLF4J_VERBOSITY, "ERROR");
    }
    try {
      return asked.get();
    } finally {
      if (before == null) {
        System.clearProperty(SLF4J_VERBOSITY);
      }
    }
  }
}
