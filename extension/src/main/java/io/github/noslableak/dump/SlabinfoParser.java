package io.github.noslableak.dump;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of /proc/slabinfo, version 2, of SLUB and SLAB. They are known by their form, because some
 * archives leave lines out that begin with a hash, which is the header's.
 *
 * <p>Once there was one, every line is to be such a row until an empty line or one of another kind.
 */
final class SlabinfoParser implements LineParser {

  private static final Pattern ROW =
      Pattern.compile(
          "(\\S+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) +(\\d+) : tunables +\\d+ +\\d+ +\\d+"
              + " : slabdata +(\\d+) +(\\d+) +\\d+( : globalstat .*)?");

  private static final Pattern VERSION = Pattern.compile("slabinfo - version: (\\S+).*");

  /** Counts that wrapped below zero are written as they are, unsigned; see mm/slub.c. */
  private static final int WRAPPED_DIGITS = 19;

  private final Parts parts;
  private final Set<String> rows = new HashSet<>();
  private boolean inside;

  SlabinfoParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    Matcher version = VERSION.matcher(line);
    if (version.matches()) {
      if (!version.group(1).startsWith("2.")) {
        throw new DumpException("slabinfo of version " + version.group(1) + " is not known here");
      }
      inside = true;
      return true;
    }
    Matcher row = ROW.matcher(line);
    if (row.matches()) {
      inside = true;
      // Caches may have one name, but hardly the same numbers, unless they are empty.
      if (!rows.add(line) && Numbers.count(row.group(3)) > 0) {
        throw new DumpException("a row that stands twice");
      }
      add(row);
      return true;
    }
    if (inside && line.startsWith("# name")) {
      return true;
    }
    if (inside && (line.isBlank() || line.startsWith("#"))) {
      inside = false;
      return false;
    }
    if (inside || line.contains(" : tunables ") || line.contains(" : slabdata ")) {
      throw new DumpException("no row of slabinfo");
    }
    return false;
  }

  private void add(Matcher row) throws DumpException {
    String name = row.group(1);
    long total = Numbers.count(row.group(3));
    long slot = Numbers.count(row.group(4));
    long active = row.group(2).length() >= WRAPPED_DIGITS ? 0 : Numbers.count(row.group(2));
    long slabs = Numbers.count(row.group(8));
    if (active > total || (total > 0 && slot == 0)) {
      throw new DumpException("more objects of " + name + " in use than there is room for");
    }
    if (Numbers.count(row.group(7)) > slabs) {
      throw new DumpException("more slabs of " + name + " in use than there are");
    }
    parts.cache(
        Parts.Origin.SLABINFO,
        new CacheUse(
            name,
            OptionalLong.of(slot),
            OptionalLong.of(active),
            OptionalLong.of(total),
            OptionalLong.of(Numbers.product(total, slot))));
  }
}
