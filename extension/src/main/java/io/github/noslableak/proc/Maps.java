package io.github.noslableak.proc;

import io.github.noslableak.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that a process has mapped, from /proc/&lt;pid&gt;/maps (proc(5)).
 *
 * @param files their names, each as often as it is mapped
 */
public record Maps(List<String> files) {

  public Maps {
    files = List.copyOf(files);
  }

  /** Reads those of a process, by its directory under /proc. */
  public static Maps of(Path process) throws IOException {
    return parse(ProcFile.lines(process.resolve("maps")));
  }

  /**
   * Parses the lines; what has no inode is no file.
   *
   * <pre>{@code
   * 00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus-daemon
   * 35b1a21000-35b1a22000 rw-p 00000000 00:00 0
   * 7fff6d5dc000-7fff6d5de000 r-xp 00000000 00:00 0   [vdso]
   * 7f2c1a000000-7f2c1a021000 r--p 00000000 00:2a 12  /run/noslableak/mounts/1-2-3/a (deleted)
   * }</pre>
   */
  public static Maps parse(List<String> lines) {
    return new Maps(
        lines.stream()
            .map(line -> line.split(" +", 6))
            .filter(fields -> fields.length == 6 && !fields[4].equals("0"))
            .map(fields -> fields[5])
            .toList());
  }
}
