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

  /**
   * Where the modules' variables are.
   *
   * @param starts where sections of them begin, with the modules' names
   * @param complete whether that is known of all modules
   */
  public record OfModules(Map<Long, String> starts, boolean complete) {}

  /** Returns where the sections of modules' variables begin, as far as the kernel tells it. */
  public static OfModules ofModules() throws IOException {
    Map<Long, String> found = new TreeMap<>();
    boolean complete = true;
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(MODULES)) {
      for (Path module : modules) {
        Path sections = module.resolve("sections");
        // What is built into the kernel has none.
        complete &= Files.isDirectory(sections) || !Files.exists(module.resolve("initstate"));
        for (String section : SECTIONS) {
          Path file = sections.resolve(section);
          if (Files.exists(file)) {
            String address = Files.readString(file).strip().replaceFirst("^0x", "");
            long start = Long.parseUnsignedLong(address, 16);
            complete &= start != 0; // That is what kernel.kptr_restrict makes of it.
            if (start != 0) {
              found.put(start, String.valueOf(module.getFileName()));
            }
          }
        }
      }
    }
    return new OfModules(found, complete);
  }
}
