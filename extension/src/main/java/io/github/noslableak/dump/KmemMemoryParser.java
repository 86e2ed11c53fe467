package io.github.noslableak.dump;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What crash's {@code kmem -i} prints. The size of a page is what agrees with its totals. */
final class KmemMemoryParser implements LineParser {

  private static final Pattern HEADER = Pattern.compile(" +PAGES +TOTAL +PERCENTAGE");

  private static final Pattern ROW =
      Pattern.compile(
          " *([A-Z]+(?: [A-Z]+)?) +(\\d+) +(?:([\\d.]+) (GB|MB|KB)|0) +(?:----|-?\\d+% of TOTAL .+)");

  private static final Set<String> NEEDED = Set.of("TOTAL MEM", "FREE", "SLAB");
  private static final Map<String, Double> UNITS = Map.of("KB", 0x1p10, "MB", 0x1p20, "GB", 0x1p30);

  private static final long SMALLEST_PAGE = 4 << 10;
  private static final long BIGGEST_PAGE = 64 << 10;

  private final Parts parts;
  private final Map<String, Long> pages = new HashMap<>();
  private boolean inside;
  private boolean told;
  private long pageBytes;

  KmemMemoryParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    if (HEADER.matcher(line).matches()) {
      if (told) {
        parts.note("of several kmem -i the first was read");
      }
      inside = true;
      return true;
    }
    Matcher row = ROW.matcher(line);
    if (!inside || told || !row.matches()) {
      if (inside && !told && NEEDED.stream().anyMatch(line.strip()::startsWith)) {
        throw new DumpException("no row of kmem -i");
      }
      return inside && row.matches();
    }
    String name = row.group(1);
    if (NEEDED.contains(name)) {
      long count = Numbers.count(row.group(2));
      if (row.group(3) != null) {
        agree(
            name, count, Double.parseDouble(row.group(3)) * UNITS.getOrDefault(row.group(4), 1.0));
      }
      if (pages.put(name, count) != null) {
        throw new DumpException("kmem -i says " + name + " twice");
      }
      if (pages.keySet().containsAll(NEEDED)) {
        tell();
      }
    }
    return true;
  }

  /** The total is written with one decimal of its unit. */
  private void agree(String name, long count, double total) throws DumpException {
    for (long size = SMALLEST_PAGE; size <= BIGGEST_PAGE; size *= 2) {
      double bytes = (double) count * size;
      boolean fits = Math.abs(bytes - total) <= Math.max(0.06 * unit(total), 0.001 * total);
      if (fits && (pageBytes == 0 || pageBytes == size)) {
        pageBytes = size;
        return;
      }
    }
    throw new DumpException("pages and total of " + name + " do not agree");
  }

  private static double unit(double bytes) {
    return bytes >= 0x1p30 ? 0x1p30 : bytes >= 0x1p20 ? 0x1p20 : 0x1p10;
  }

  private void tell() throws DumpException {
    told = true;
    long total = bytes("TOTAL MEM");
    long free = bytes("FREE");
    long slab = bytes("SLAB");
    if (total == 0 || free > total || slab > total) {
      throw new DumpException("more memory in kmem -i than there is");
    }
    parts.memory(new Memory(total, free, OptionalLong.empty(), slab, OptionalLong.empty()));
  }

  private long bytes(String name) throws DumpException {
    return Numbers.product(pages.getOrDefault(name, 0L), pageBytes);
  }

  @Override
  public void end() throws DumpException {
    if (inside && !told) {
      throw new DumpException("kmem -i is cut off: TOTAL MEM, FREE or SLAB is missing");
    }
  }
}
