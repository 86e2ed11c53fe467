package io.github.noslableak.dump;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Modules of /proc/modules, and links of a listing of /sys/kernel/slab. */
final class KernelParser implements LineParser {

  /** The letters are of kernel/panic.c: O for out of tree, P for proprietary. */
  private static final Pattern MODULE =
      Pattern.compile(
          "(\\w+) \\d+ -?\\d+ \\S+ (?:Live|Loading|Unloading) 0x[0-9a-f]+(?: \\(([A-Z]+)\\))?");

  /** A merged cache's name links to the directory that all of its names share. */
  private static final Pattern LINK = Pattern.compile("l[rwx]{9}.* (\\S+) -> (?:\\S*/)?(:\\S+)");

  private final Parts parts;

  KernelParser(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean take(String line) throws DumpException {
    Matcher module = MODULE.matcher(line);
    if (module.matches()) {
      String taints = module.group(2);
      if (taints != null && (taints.contains("O") || taints.contains("P"))) {
        parts.foreignModule(module.group(1));
      }
      return true;
    }
    Matcher link = LINK.matcher(line);
    if (link.matches()) {
      parts.link(link.group(1), link.group(2));
      return true;
    }
    return false;
  }
}
