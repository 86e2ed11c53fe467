package io.github.noslableak.proc;

import io.github.noslableak.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel tells of one descriptor, from /proc/&lt;pid&gt;/fdinfo/&lt;fd&gt; (proc(5)).
 *
 * @param lines as they are: each kind of file has fields of its own
 */
public record FdInfo(List<String> lines) {

  public FdInfo {
    lines = List.copyOf(lines);
  }

  /** Reads that of a descriptor of a task, by the task's directory under /proc. */
  public static FdInfo of(Path task, String descriptor) throws IOException {
    return new FdInfo(ProcFile.lines(task.resolve("fdinfo").resolve(descriptor)));
  }

  /**
   * Returns how many descriptors are in a socket's receive queue. The kernel says so since 5.6.
   *
   * <pre>{@code
   * pos:    0
   * flags:  02
   * scm_fds: 1
   * }</pre>
   */
  public long undelivered() {
    return lines.stream()
        .filter(line -> line.startsWith("scm_fds:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(count -> count.matches("\\d{1,9}"))
        .mapToLong(Long::parseLong)
        .sum();
  }

  /**
   * Returns how many files are registered with an io_uring. Of a slot that is empty, some kernels
   * tell nothing and others that.
   *
   * <pre>{@code
   * UserFiles:      3
   *     0: /etc/hostname
   *     1: <none>
   * UserBufs:       0
   * }</pre>
   */
  public long registeredFiles() {
    return lines.stream()
        .dropWhile(line -> !line.startsWith("UserFiles:"))
        .skip(1)
        .takeWhile(line -> line.matches("\\s*\\d+: .*"))
        .filter(line -> !line.endsWith(": <none>"))
        .count();
  }

  /**
   * Returns whether an io_uring has a file below this directory registered.
   *
   * <pre>{@code
   * UserFiles:      1
   *     0: /run/noslableak/mounts/1-2-3/a
   * }</pre>
   */
  public boolean registers(Path directory) {
    return lines.stream().anyMatch(line -> line.contains(" " + directory + "/"));
  }
}
