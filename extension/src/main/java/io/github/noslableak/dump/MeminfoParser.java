package io.github.noslableak.dump;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows of /proc/meminfo, of which few are needed. */
final class MeminfoParser implements LineParser {

  private static final Pattern ROW = Pattern.compile("([A-Z]\\w*):\\s+(\\d+) kB\\s*");

  private static final Set<String> NEEDED =
      Set.of("MemTotal", "MemFree", "MemAvailable", "Slab", "SReclaimable", "SUnreclaim");

  private static final int KIB = 1024;

  private final Parts parts;
  private final Map<String, Long> bytes = new HashMap<>();

  MeminfoParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    int colon = line.indexOf(':');
    if (colon < 0 || !NEEDED.contains(line.substring(0, colon))) {
      return false;
    }
    Matcher row = ROW.matcher(line);
    if (!row.matches()) {
      throw new DumpException("no row of meminfo");
    }
    long told = Numbers.product(Numbers.count(row.group(2)), KIB);
    if (row.group(1).equals("MemTotal") && !bytes.isEmpty()) {
      tell();
      parts.note("of several meminfo the first was read");
    }
    if (bytes.put(row.group(1), told) != null) {
      throw new DumpException("meminfo says " + row.group(1) + " twice");
    }
    return true;
  }

  @Override
  public void end() throws DumpException {
    tell();
  }

  private void tell() throws DumpException {
    Long total = bytes.get("MemTotal");
    Long free = bytes.get("MemFree");
    Long slab = bytes.get("Slab");
    boolean any = !bytes.isEmpty();
    OptionalLong available = optional("MemAvailable");
    OptionalLong reclaimable = optional("SReclaimable");
    OptionalLong unreclaimable = optional("SUnreclaim");
    bytes.clear();
    if (!any) {
      return;
    }
    if (total == null && free == null) {
      parts.note("meminfo is there in part only, and was left out");
      return;
    }
    if (total == null || free == null || slab == null) {
      throw new DumpException("meminfo is cut off: MemTotal, MemFree or Slab is missing");
    }
    if (total == 0 || free > total || slab > total || available.orElse(0) > total) {
      throw new DumpException("more memory in meminfo than there is");
    }
    if (reclaimable.isPresent()
        && unreclaimable.isPresent()
        && differs(slab, reclaimable.getAsLong() + unreclaimable.getAsLong())) {
      throw new DumpException("Slab of meminfo is not SReclaimable and SUnreclaim together");
    }
    parts.memory(new Memory(total, free, available, slab, reclaimable));
  }

  /** Before 4.20 the three were read one after the other. */
  private static boolean differs(long slab, long sum) {
    return Math.abs(slab - sum) > Math.max(1 << 20, slab / 50);
  }

  private OptionalLong optional(String name) {
    Long told = bytes.get(name);
    return told == null ? OptionalLong.empty() : OptionalLong.of(told);
  }
}
