package io.github.noslableak.mount;

import io.github.noslableak.proc.ProcessScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who uses a mount, as far as the kernel tells.
 *
 * <p>What is used is told by name, as the kernel writes it for this process. A copy of the mount in
 * another mount namespace has the same name there. Where mounts propagate, such a copy keeps this
 * one busy too; a copy that is only there does not (measured on 6.18), and is no user.
 *
 * @param users who keeps it busy
 * @param undelivered sockets with descriptors in their queues, which may be of files of the mount:
 *     the kernel does not tell
 * @param processes how many processes were looked into
 * @param namespaces in how many mount namespaces they are
 * @param hidden how many processes could not be looked into for lack of rights
 * @param inPidNamespace whether there may be processes that this one cannot see
 */
public record MountUsers(
    List<User> users,
    List<User> undelivered,
    int processes,
    int namespaces,
    int hidden,
    boolean inPidNamespace) {

  /**
   * Somebody who uses the mount.
   *
   * @param processId 0 for the kernel itself
   * @param name the process's name, or what of the kernel it is
   * @param uses what of it how, such as "descriptor 45: /run/noslableak/mounts/1-2-3/a"
   */
  public record User(long processId, String name, List<String> uses) {

    public User {
      uses = List.copyOf(uses);
    }
  }

  private static final Path PROC = Path.of("/proc");
  private static final Path BLOCK_DEVICES = Path.of("/sys/block");

  public MountUsers {
    users = List.copyOf(users);
    undelivered = List.copyOf(undelivered);
  }

  /**
   * Searches all processes, and the kernel's own users of files.
   *
   * @param mount the mount point
   * @throws UncheckedIOException if processes cannot be listed
   */
  public static MountUsers of(Path mount) {
    try {
      return new Search(mount).run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot search for users of " + mount, e);
    }
  }

  /**
   * Returns the inodes of the sockets bound to a name on the mount, from /proc/net/unix (unix(7)).
   *
   * <pre>{@code
   * Num       RefCount Protocol Flags    Type St Inode Path
   * 000000004b2703d2: 00000002 00000000 00010000 0001 01 11677954 /run/dbus/system_bus_socket
   * }</pre>
   *
   * @param relative the last parts of relative names that are taken for names on the mount: which
   *     directory such a name is relative to is not told
   */
  static Set<String> boundTo(Path mount, List<String> unix, Set<String> relative) {
    Set<String> inodes = new HashSet<>();
    for (String line : unix) {
      String[] fields = line.strip().split(" +", 8);
      if (fields.length == 8) {
        String name = fields[7];
        boolean isRelative = !name.startsWith("/") && !name.startsWith("@");
        String last = name.substring(name.lastIndexOf('/') + 1);
        if (isOn(mount, name) || (isRelative && relative.contains(last))) {
          inodes.add(fields[6]);
        }
      }
    }
    return inodes;
  }

  /** Returns the inodes of all sockets in a /proc/net/unix: bound and unbound ones. */
  static Set<String> inodes(List<String> unix) {
    Set<String> inodes = new HashSet<>();
    for (String line : unix) {
      String[] fields = line.strip().split(" +", 8);
      if (fields.length >= 7) {
        inodes.add(fields[6]);
      }
    }
    return inodes;
  }

  /**
   * Returns the files of the mount that are mapped, from /proc/&lt;pid&gt;/maps (proc(5)).
   *
   * <pre>{@code
   * 7f2c1a000000-7f2c1a021000 r--p 00000000 00:2a 12    /run/noslableak/mounts/1-2-3/a (deleted)
   * }</pre>
   */
  static Set<String> mapped(Path mount, List<String> maps) {
    Set<String> files = new LinkedHashSet<>();
    for (String line : maps) {
      int name = line.indexOf('/');
      if (name >= 0 && isOn(mount, line.substring(name))) {
        files.add(line.substring(name));
      }
    }
    return files;
  }

  /**
   * Returns what is mounted on directories of the mount, from /proc/&lt;pid&gt;/mountinfo
   * (proc(5)).
   *
   * <pre>{@code
   * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
   * }</pre>
   */
  static Set<String> mountedOn(Path mount, List<String> mountinfo) {
    Set<String> mounted = new LinkedHashSet<>();
    for (String line : mountinfo) {
      String[] fields = line.split(" ", -1);
      if (fields.length > 4 && fields[4].startsWith(mount + "/")) {
        mounted.add(fields[4]);
      }
    }
    return mounted;
  }

  /**
   * Returns how many descriptors are in a socket's receive queue, from /proc/&lt;pid&gt;/fdinfo,
   * which says so since Linux 5.6.
   *
   * <pre>{@code
   * pos:    0
   * flags:  02
   * scm_fds: 1
   * }</pre>
   */
  static long undelivered(List<String> fdinfo) {
    return fdinfo.stream()
        .filter(line -> line.startsWith("scm_fds:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(count -> count.matches("\\d{1,9}"))
        .mapToLong(Long::parseLong)
        .sum();
  }

  static boolean isOn(Path mount, String name) {
    // The root of the mount too: "/m", "/m (deleted)" and "/m/a", but not "/m2".
    return name.equals(mount.toString())
        || name.startsWith(mount + "/")
        || name.startsWith(mount + " ");
  }

  /** One search. Processes come and go meanwhile: what has gone is passed over. */
  private static final class Search {

    private static final String SOCKET = "socket:[";

    private final Path mount;
    private final Set<String> mountNamespaces = new HashSet<>();
    private final Set<String> boundSockets = new HashSet<>();
    private final Set<String> unixSockets = new HashSet<>();
    private final Set<String> mountedOn = new LinkedHashSet<>();
    private final List<User> users = new ArrayList<>();
    private final List<User> undelivered = new ArrayList<>();
    private int processes;
    private int hidden;

    Search(Path mount) {
      this.mount = mount;
    }

    MountUsers run() throws IOException {
      List<String> numbers = ProcessScan.numbersIn(PROC);
      lookAtNamespaces(numbers);
      numbers.forEach(this::lookInto);
      addKernelUser("another mount", mountedOn);
      addKernelUser("a loop device", loopDevices());
      addKernelUser("a swap file", swapFiles());
      return new MountUsers(
          users,
          undelivered,
          processes,
          mountNamespaces.size(),
          hidden,
          ProcessScan.isInPidNamespace());
    }

    private void addKernelUser(String what, Set<String> uses) {
      if (!uses.isEmpty()) {
        users.add(new User(0, what, List.copyOf(uses)));
      }
    }

    private void lookAtNamespaces(List<String> numbers) {
      Set<String> netNamespaces = new HashSet<>();
      Set<String> sockets = socketsOnMount();
      for (String number : numbers) {
        Path process = PROC.resolve(number);
        Optional<String> mounts = link(process.resolve("ns/mnt"));
        if (mounts.isPresent() && mountNamespaces.add(mounts.get())) {
          mountedOn.addAll(mountedOn(mount, lines(process.resolve("mountinfo"))));
        }
        Optional<String> nets = link(process.resolve("ns/net"));
        if (nets.isPresent() && netNamespaces.add(nets.get())) {
          List<String> unix = lines(process.resolve("net/unix"));
          unixSockets.addAll(inodes(unix));
          boundSockets.addAll(boundTo(mount, unix, sockets));
        }
      }
    }

    /**
     * The names of files that are sockets, or whatever else is neither file, directory nor link.
     */
    private Set<String> socketsOnMount() {
      Set<String> names = new HashSet<>();
      try (Stream<Path> files =
          Files.find(mount, Integer.MAX_VALUE, (file, attributes) -> attributes.isOther())) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      } catch (IOException | UncheckedIOException e) {
        // Only names bound relative to a directory are then not recognised.
      }
      return names;
    }

    private void lookInto(String number) {
      Path process = PROC.resolve(number);
      Set<String> uses = new LinkedHashSet<>();
      Set<String> queues = new LinkedHashSet<>();
      try {
        Path tasks = process.resolve("task");
        for (String task : ProcessScan.numbersIn(tasks)) {
          lookIntoTask(tasks.resolve(task), uses, queues);
        }
      } catch (AccessDeniedException e) {
        hidden++;
        return;
      } catch (IOException e) {
        return; // It has ended.
      }
      processes++;
      addUse(uses, "program", process.resolve("exe"));
      mapped(mount, lines(process.resolve("maps"))).forEach(file -> uses.add("mapped: " + file));
      String name = String.join("", lines(process.resolve("comm")));
      if (!uses.isEmpty()) {
        users.add(new User(Long.parseLong(number), name, List.copyOf(uses)));
      }
      if (!queues.isEmpty()) {
        undelivered.add(new User(Long.parseLong(number), name, List.copyOf(queues)));
      }
    }

    /** Threads share their descriptors and directories as a rule, and need not. */
    private void lookIntoTask(Path task, Set<String> uses, Set<String> queues)
        throws AccessDeniedException {
      for (String descriptor : descriptorsOf(task)) {
        Optional<String> target = link(task.resolve("fd").resolve(descriptor));
        if (target.isPresent()) {
          lookAt(task, descriptor, target.get(), uses, queues);
        }
      }
      addUse(uses, "working directory", task.resolve("cwd"));
      addUse(uses, "root directory", task.resolve("root"));
    }

    private static List<String> descriptorsOf(Path task) throws AccessDeniedException {
      try {
        return ProcessScan.numbersIn(task.resolve("fd"));
      } catch (AccessDeniedException e) {
        throw e;
      } catch (IOException e) {
        return List.of(); // The thread has ended; its process may live.
      }
    }

    private void lookAt(
        Path task, String descriptor, String target, Set<String> uses, Set<String> queues) {
      if (isOn(mount, target)) {
        uses.add("descriptor " + descriptor + ": " + target);
      } else if (target.startsWith(SOCKET)) {
        String inode = target.substring(SOCKET.length(), target.length() - 1);
        if (boundSockets.contains(inode)) {
          uses.add("descriptor " + descriptor + ": a socket bound to a name on it");
        } else if (unixSockets.contains(inode)
            && undelivered(lines(task.resolve("fdinfo").resolve(descriptor))) > 0) {
          queues.add("descriptor " + descriptor + ": " + target);
        }
      } else if (target.equals("anon_inode:[io_uring]")
          && lines(task.resolve("fdinfo").resolve(descriptor)).stream()
              .anyMatch(line -> line.contains(" " + mount + "/"))) {
        uses.add("descriptor " + descriptor + ": an io_uring with files of it registered");
      }
    }

    private void addUse(Set<String> uses, String what, Path link) {
      link(link)
          .filter(target -> isOn(mount, target))
          .ifPresent(target -> uses.add(what + ": " + target));
    }

    private Set<String> loopDevices() throws IOException {
      Set<String> devices = new LinkedHashSet<>();
      if (Files.isDirectory(BLOCK_DEVICES)) {
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(BLOCK_DEVICES, "loop*")) {
          for (Path loop : loops) {
            lines(loop.resolve("loop/backing_file")).stream()
                .filter(file -> isOn(mount, file))
                .forEach(file -> devices.add("/dev/" + loop.getFileName() + ": " + file));
          }
        }
      }
      return devices;
    }

    private Set<String> swapFiles() {
      Set<String> files = new LinkedHashSet<>();
      lines(PROC.resolve("swaps")).stream()
          .filter(line -> line.startsWith(mount + "/"))
          .forEach(line -> files.add(line.substring(0, line.indexOf(' '))));
      return files;
    }

    private static Optional<String> link(Path link) {
      try {
        return Optional.of(Files.readSymbolicLink(link).toString());
      } catch (IOException e) {
        return Optional.empty(); // Gone, or a kernel thread's, which has none.
      }
    }

    private static List<String> lines(Path file) {
      try {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        return List.of();
      }
    }
  }
}
