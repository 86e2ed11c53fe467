package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the variables of the kernel and of its modules lie. */
public final class KernelData {

  private static final Path MODULES = Path.of("/sys/module");

  private static final List<String> SECTIONS =
      List.of(".data", ".bss", ".data..read_mostly", ".data..ro_after_init");

  private static final Pattern OF_KERNEL =
      Pattern.compile("\\s*([0-9a-f]+)-([0-9a-f]+) : Kernel (?:data|bss)");

  private KernelData() {}

  /**
   * A stretch of memory.
   *
   * @param start its first byte
   * @param end behind its last one
   */
  public record Stretch(long start, long end) {}

  /**
   * Returns where the kernel's own variables lie in physical memory, from /proc/iomem; none where
   * that keeps it back.
   */
  public static List<Stretch> ofKernel() throws IOException {
    List<Stretch> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/iomem"))) {
      Matcher stretch = OF_KERNEL.matcher(line);
      if (stretch.matches()) {
        long start = Long.parseUnsignedLong(stretch.group(1), 16);
        long end = Long.parseUnsignedLong(stretch.group(2), 16) + 1;
        if (start != 0) {
          found.add(new Stretch(start, end));
        }
      }
    }
    return found;
  }

  /** Returns where the sections of modules' variables begin, with the modules' names. */
  public static Map<Long, String> ofModules() throws IOException {
    Map<Long, String> found = new TreeMap<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(MODULES)) {
      for (Path module : modules) {
        for (String section : SECTIONS) {
          Path file = module.resolve("sections").resolve(section);
          if (Files.isReadable(file)) {
            String address = Files.readString(file).strip().replaceFirst("^0x", "");
            long start = Long.parseUnsignedLong(address, 16);
            if (start != 0) {
              found.put(start, String.valueOf(module.getFileName()));
            }
          }
        }
      }
    }
    return found;
  }
}
