package io.github.noslableak.proc;

import io.github.noslableak.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Unix sockets of a process's network namespace, from /proc/&lt;pid&gt;/net/unix (unix(7)).
 *
 * @param sockets bound and unbound ones
 */
public record UnixSockets(List<Socket> sockets) {

  /**
   * One socket.
   *
   * @param inode its number, as links to it name it: {@code socket:[11677954]}
   * @param name the name it is bound to, with an {@code @} before an abstract one; empty if it is
   *     bound to none
   */
  public record Socket(String inode, String name) {}

  public UnixSockets {
    sockets = List.copyOf(sockets);
  }

  /** Reads those that a process sees, by its directory under /proc. */
  public static UnixSockets of(Path process) throws IOException {
    return parse(ProcFile.lines(process.resolve("net/unix")));
  }

  /**
   * Parses the lines, the first of which names the fields.
   *
   * <pre>{@code
   * Num       RefCount Protocol Flags    Type St Inode Path
   * 000000004b2703d2: 00000002 00000000 00010000 0001 01 11677954 /run/dbus/system_bus_socket
   * }</pre>
   */
  public static UnixSockets parse(List<String> lines) {
    return new UnixSockets(
        lines.stream()
            .skip(1)
            .map(line -> line.strip().split(" +", 8))
            .filter(fields -> fields.length >= 7)
            .map(fields -> new Socket(fields[6], fields.length == 8 ? fields[7] : ""))
            .toList());
  }

  /** Returns the inodes of all of them. */
  public Set<String> inodes() {
    return sockets.stream().map(Socket::inode).collect(Collectors.toSet());
  }
}
