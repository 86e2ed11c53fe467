package io.github.noslableak.dump;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which files of a supportconfig archive or a sos report tell something. */
final class Member {

  /** By their paths within a report. */
  static final List<String> FILES =
      List.of(
          // sos, sos/report/plugins/memory.py, kernel.py, host.py and date.py
          "proc/slabinfo",
          "proc/meminfo",
          "proc/uptime",
          "proc/modules",
          "proc/version",
          "sos_commands/memory/slabtop_-o",
          "sos_commands/host/uptime",
          "sos_commands/date/date",
          "sos_commands/kernel/uname_-a",
          // supportconfig, bin/supportconfig
          "memory.txt",
          "proc.txt",
          "basic-health-check.txt",
          "basic-environment.txt",
          "modules.txt");

  /** Where sos keeps listings of directories of /sys. */
  static final String LISTINGS = "sos_commands/kernel";

  private static final Pattern CACHES = Pattern.compile("ls_-\\w+_\\.?sys\\.kernel\\.slab");

  private Member() {}

  /** Returns whether a file of {@link #LISTINGS} lists the caches. */
  static boolean isOfCaches(String listing) {
    return CACHES.matcher(listing).matches();
  }

  /** Returns whether a file is wanted, which in an archive lies below one directory or none. */
  static boolean isWanted(String path) {
    return within(path).isPresent();
  }

  /** Returns the path of a wanted file within the report that it belongs to. */
  static String of(String path) {
    return within(path).orElse(path);
  }

  private static Optional<String> within(String path) {
    String whole = path.startsWith("./") ? path.substring(2) : path;
    String below = whole.substring(whole.indexOf('/') + 1);
    return isOfReport(whole) ? Optional.of(whole) : Optional.of(below).filter(Member::isOfReport);
  }

  private static boolean isOfReport(String path) {
    return FILES.contains(path)
        || (path.startsWith(LISTINGS + "/") && isOfCaches(path.substring(LISTINGS.length() + 1)));
  }
}
