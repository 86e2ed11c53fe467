package io.github.noslableak.trace.ref;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A module of the kernel, from /proc/modules.
 *
 * <pre>{@code
 * virtio_ring 49152 3 virtio_blk,virtio_pci,virtio, Live 0xffffffffc0370000
 * leaky 16384 0 - Live 0xffffffffc037d000 (OE)
 * }</pre>
 *
 * @param address where its code starts; 0 where the kernel hides it (kptr_restrict)
 * @param bytes of code and data together, so that another module's code may follow earlier: since
 *     6.4 the two are apart
 */
record KernelModule(String name, long address, long bytes) {

  private static final Pattern LINE =
      Pattern.compile("(\\S+) (\\d+) \\S+ \\S+ \\S+ 0x([0-9a-f]{1,16})(?: .*)?");

  static List<KernelModule> parse(List<String> lines) {
    return lines.stream().map(KernelModule::parse).toList();
  }

  private static KernelModule parse(String line) {
    Matcher fields = LINE.matcher(line);
    if (!fields.matches()) {
      throw new MalformedKernelDataException("a line of /proc/modules is \"" + line + "\"");
    }
    return new KernelModule(
        fields.group(1),
        Long.parseUnsignedLong(fields.group(3), 16),
        Long.parseLong(fields.group(2)));
  }

  /**
   * Returns a filter that an address within the modules passes, and one between them: the kernel
   * itself is elsewhere.
   *
   * @param field the event's field that holds the address
   * @param modules one at least
   */
  static String filter(String field, Collection<KernelModule> modules) {
    // Kernel addresses have the highest bit set: their order as signed numbers is the same.
    long first = modules.stream().mapToLong(KernelModule::address).min().orElseThrow();
    long end = modules.stream().mapToLong(module -> module.address + module.bytes).max().orElse(0);
    return "%s >= 0x%x && %s < 0x%x".formatted(field, first, field, end);
  }
}
