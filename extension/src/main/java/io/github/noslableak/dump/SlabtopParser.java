package io.github.noslableak.dump;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code slabtop -o} prints. It rounds the size of an object to hundredths of a KiB, so the
 * memory of a cache is that of its slabs.
 */
final class SlabtopParser implements LineParser {

  private static final Pattern HEADER =
      Pattern.compile("\\s*OBJS +ACTIVE +USE +OBJ SIZE +SLABS +OBJ/SLAB +CACHE SIZE +NAME\\s*");

  private static final Pattern ROW =
      Pattern.compile(" *(\\d+) +(\\d+) +\\d+% +\\d+\\.\\d+K +(\\d+) +\\d+ +(\\d+)K +(\\S+) *");

  private static final int KIB = 1024;

  private final Parts parts;
  private boolean inside;
  private boolean seen;

  SlabtopParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    if (HEADER.matcher(line).matches()) {
      if (seen) {
        throw new DumpException("slabtop of a second moment; give each a file of its own");
      }
      seen = true;
      inside = true;
      parts.note("slabtop writes rounded sizes, so a cache's memory is that of its slabs");
      return true;
    }
    if (!inside) {
      return false;
    }
    if (line.isBlank()) {
      inside = false;
      return false;
    }
    Matcher row = ROW.matcher(line);
    if (!row.matches()) {
      throw new DumpException("no row of slabtop");
    }
    long slots = Numbers.count(row.group(1));
    long objects = Numbers.count(row.group(2));
    if (objects > slots) {
      throw new DumpException("more objects of " + row.group(5) + " in use than there is room for");
    }
    parts.cache(
        Parts.Origin.SLABTOP,
        new CacheUse(
            row.group(5),
            OptionalLong.empty(),
            OptionalLong.of(objects),
            OptionalLong.of(slots),
            OptionalLong.of(Numbers.product(Numbers.count(row.group(4)), KIB))));
    return true;
  }
}
