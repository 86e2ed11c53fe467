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
    private static final Host HOST = ask();
  }

  private static Host ask() {
    HardwareAbstractionLayer hardware = Asked.HARDWARE;
    return new Host(
        hardware.getMemory().getTotal(),
        hardware.getProcessor().getLogicalProcessorCount(),
        hardware.getVirtualization());
  }
}
