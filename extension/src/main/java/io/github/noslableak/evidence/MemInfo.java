package io.github.noslableak.evidence;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.util.List;

/**
 * The slab figures of {@code /proc/meminfo}, in kB (1,024 bytes). They describe the machine in a
 * report and never decide a verdict: SReclaimable counts leaked dentries that nothing can reclaim.
 */
public record MemInfo(long slab, long reclaimable, long unreclaimable) {

  /**
   * Parses lines such as {@code Slab: 51234 kB}.
   *
   * @throws MalformedKernelDataException if one of the three lines is missing, doubled or no number
   */
  public static MemInfo parse(List<String> lines) {
    return new MemInfo(
        kilobytes(lines, "Slab:"),
        kilobytes(lines, "SReclaimable:"),
        kilobytes(lines, "SUnreclaim:"));
  }

  private static long kilobytes(List<String> lines, String key) {
    List<String> found = lines.stream().filter(line -> line.startsWith(key)).toList();
    if (found.size() != 1) {
      throw new MalformedKernelDataException(
          "meminfo has " + found.size() + " lines \"" + key + "\", expected one");
    }
    String value = found.get(0).substring(key.length()).strip();
    if (!value.matches("\\d{1,18} kB")) {
      throw new MalformedKernelDataException(
          "meminfo's " + key + " should be a number of kB, but is \"" + value + "\"");
    }
    return Long.parseLong(value.substring(0, value.length() - 3));
  }
}
