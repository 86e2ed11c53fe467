package io.github.noslableak.proc;

import io.github.noslableak.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The files and partitions that the kernel swaps to, from /proc/swaps (proc(5)).
 *
 * @param names their paths
 */
public record Swaps(List<String> names) {

  public Swaps {
    names = List.copyOf(names);
  }

  public static Swaps ofThisMachine() throws IOException {
    return parse(ProcFile.lines(Path.of("/proc/swaps")));
  }

  /**
   * Parses the lines, the first of which names the fields.
   *
   * <pre>{@code
   * Filename        Type      Size     Used  Priority
   * /var/swap       file      1048572  0     -2
   * }</pre>
   */
  public static Swaps parse(List<String> lines) {
    return new Swaps(
        lines.stream()
            .skip(1)
            .map(line -> line.split("\\s", 2)[0])
            .filter(name -> !name.isEmpty())
            .map(ProcFile::unescaped)
            .toList());
  }
}
