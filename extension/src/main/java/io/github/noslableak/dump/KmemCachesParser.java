package io.github.noslableak.dump;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What crash's {@code kmem -s} prints. Until 7.2.3 the cache's name stood second, since then it
 * stands last; the header tells.
 */
final class KmemCachesParser implements LineParser {

  private static final Pattern HEADER = Pattern.compile("CACHE +(NAME +)?OBJSIZE +ALLOCATED .*");

  private static final Pattern NAME_LAST =
      Pattern.compile(
          "([0-9a-f]{8,16}) +(\\d+) +(\\d+|\\?) +(\\d+|\\?) +(\\d+|\\?) +(\\d+)k +(\\S.*)");

  private static final Pattern NAME_SECOND =
      Pattern.compile(
          "([0-9a-f]{8,16}) (\\S.*?) +(\\d+) +(\\d+|\\?) +(\\d+|\\?) +(\\d+|\\?) +(\\d+)k");

  /** Of caches that it was told to leave out, and of damaged ones. */
  private static final Pattern TAGGED = Pattern.compile("[0-9a-f]{8,16} +\\[?(IGNORED|INVALID).*");

  /** A prompt, or the header of what another command printed. */
  private static final Pattern NEXT = Pattern.compile("crash>.*|[A-Z]{2,}.*| +[A-Z]{2,}.*");

  /** Before 5.9 each control group had caches of its own, named after it: dentry(88:x.scope). */
  private static final Pattern CHILD = Pattern.compile("(\\S+)\\(\\d+:.*\\)");

  private static final int KIB = 1024;

  private final Parts parts;
  private final Set<String> addresses = new HashSet<>();
  private boolean inside;
  private boolean ended;
  private boolean nameSecond;

  KmemCachesParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    Matcher header = HEADER.matcher(line);
    if (header.matches()) {
      inside = true;
      nameSecond = header.group(1) != null;
      return true;
    }
    if (!inside) {
      if (NAME_LAST.matcher(line).matches() || NAME_SECOND.matcher(line).matches()) {
        throw new DumpException(
            "a row of kmem -s " + (ended ? "after its end" : "without its header"));
      }
      return false;
    }
    if (TAGGED.matcher(line).matches()) {
      parts.note("crash left out caches that it could not read");
      return true;
    }
    Matcher row = row(line);
    if (row.matches()) {
      add(row);
      return true;
    }
    if (line.isBlank() || isMessage(line)) {
      return true;
    }
    if (NEXT.matcher(line).matches()) {
      inside = false;
      ended = true;
      return false;
    }
    throw new DumpException("no row of kmem -s");
  }

  private Matcher row(String line) {
    return (nameSecond ? NAME_SECOND : NAME_LAST).matcher(line);
  }

  /** Between the rows it prints what it could not read, and that one should wait. */
  private static boolean isMessage(String line) {
    return line.startsWith("kmem: ") || line.contains("please wait");
  }

  private void add(Matcher row) throws DumpException {
    int first = nameSecond ? 3 : 2;
    String name = row.group(nameSecond ? 2 : 7).strip();
    Matcher child = CHILD.matcher(name);
    if (child.matches()) {
      parts.note("caches of control groups are counted with those that they belong to");
      name = child.group(1);
    }
    long object = Numbers.count(row.group(first));
    OptionalLong allocated = Numbers.countOrUnknown(row.group(first + 1));
    OptionalLong total = Numbers.countOrUnknown(row.group(first + 2));
    OptionalLong slabs = Numbers.countOrUnknown(row.group(first + 3));
    long slabBytes = Numbers.count(row.group(first + 4)) * KIB;
    if (!addresses.add(row.group(1))) {
      throw new DumpException("the cache at " + row.group(1) + " is listed twice");
    }
    if (allocated.isEmpty() || total.isEmpty() || slabs.isEmpty()) {
      parts.note("crash could not read the slabs of " + name);
    } else {
      check(name, object, allocated.getAsLong(), total.getAsLong(), slabs.getAsLong(), slabBytes);
    }
    parts.cache(
        Parts.Origin.CRASH,
        new CacheUse(
            name,
            OptionalLong.of(object),
            allocated,
            total,
            slabs.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Numbers.product(slabs.getAsLong(), slabBytes))));
  }

  private static void check(
      String name, long object, long allocated, long total, long slabs, long slabBytes)
      throws DumpException {
    if (allocated > total) {
      throw new DumpException("more objects of " + name + " allocated than there is room for");
    }
    if (Numbers.product(total, object) > Numbers.product(slabs, slabBytes)) {
      throw new DumpException("the objects of " + name + " do not fit into its slabs");
    }
  }
}
