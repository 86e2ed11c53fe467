package io.github.noslableak.dump;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which files of a supportconfig archive or a sos report tell something. */
final class Member {

  /** Below the one directory that an archive has. */
  private static final Pattern WANTED =
      Pattern.compile(
          "(?:\\./)?(?:[^/]+/)?("
              // sos, sos/report/plugins/memory.py, kernel.py and host.py
              + "proc/(?:slabinfo|meminfo|uptime|modules|version)"
              + "|sos_commands/memory/slabtop_-o"
              + "|sos_commands/kernel/ls_-\\w+_\\.?sys\\.kernel\\.slab"
              + "|sos_commands/(?:host/uptime|date/date|kernel/uname_-a)"
              // supportconfig: bin/supportconfig
              + "|(?:memory|proc|basic-health-check|basic-environment|modules)\\.txt"
              + ")");

  private Member() {}

  static boolean isWanted(String path) {
    return WANTED.matcher(path).matches();
  }

  /** Returns the path of a wanted file within the report that it belongs to. */
  static String of(String path) {
    Matcher wanted = WANTED.matcher(path);
    return wanted.matches() ? wanted.group(1) : path;
  }
}
