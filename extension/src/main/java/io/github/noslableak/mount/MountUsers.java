package io.github.noslableak.mount;

import io.github.noslableak.kernel.LoopDevices;
import io.github.noslableak.kernel.MountInfo;
import io.github.noslableak.proc.FdInfo;
import io.github.noslableak.proc.Looker;
import io.github.noslableak.proc.Maps;
import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.proc.ProcessStat;
import io.github.noslableak.proc.Swaps;
import io.github.noslableak.proc.UnixSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
 * @param stuck the numbers of those of which the kernel did not tell in time
 * @param inPidNamespace whether there may be processes that this one cannot see
 */
public record MountUsers(
    List<User> users,
    List<User> undelivered,
    int processes,
    int namespaces,
    int hidden,
    List<String> stuck,
    boolean inPidNamespace) {

  /**
   * Somebody who uses the mount.
   *
   * @param processId 0 for the kernel itself
   * @param name the process's name; empty for the kernel
   * @param uses what of it how
   */
  public record User(long processId, String name, List<Use> uses) {

    public User {
      uses = List.copyOf(uses);
    }
  }

  /** How something of a mount is used. */
  public enum How {
    /** A descriptor of a file. */
    OPEN,
    /** A descriptor of a socket that is bound to a name on the mount. */
    BOUND_SOCKET,
    /** A descriptor of an io_uring that has files registered. */
    RING,
    /** A descriptor of a socket with descriptors in its queue. */
    QUEUE,
    WORKING_DIRECTORY,
    ROOT_DIRECTORY,
    PROGRAM,
    MAPPED,
    /** Another mount on a directory of it. */
    MOUNT,
    LOOP_DEVICE,
    SWAP
  }

  /**
   * A use of a mount.
   *
   * @param by the number of the descriptor, or the device; empty where it is by neither
   * @param what the file's name as the kernel has it, or the socket's
   */
  public record Use(How how, String by, String what) {}

  private static final Path PROC = Path.of("/proc");

  /**
   * Of each process: with many threads that hold many descriptors it takes seconds, and nothing is
   * measured meanwhile.
   */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  public MountUsers {
    users = List.copyOf(users);
    undelivered = List.copyOf(undelivered);
    stuck = List.copyOf(stuck);
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
   * Returns the inodes of the sockets bound to a name on the mount.
   *
   * @param relative the last parts of relative names that are taken for names on the mount: which
   *     directory such a name is relative to is not told
   */
  static Set<String> boundTo(Path mount, UnixSockets sockets, Set<String> relative) {
    Set<String> inodes = new HashSet<>();
    for (UnixSockets.Socket socket : sockets.sockets()) {
      String name = socket.name();
      boolean isRelative = !name.startsWith("/") && !name.startsWith("@");
      String last = name.substring(name.lastIndexOf('/') + 1);
      if (isOn(mount, name) || (isRelative && relative.contains(last))) {
        inodes.add(socket.inode());
      }
    }
    return inodes;
  }

  /** Returns the files of the mount that are mapped. */
  static Set<String> mapped(Path mount, Maps maps) {
    return maps.files().stream()
        .filter(file -> isOn(mount, file))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns where something is mounted on directories of the mount. */
  static Set<String> mountedOn(Path mount, MountInfo info) {
    return info.mounts().stream()
        .map(MountInfo.Mount::point)
        .filter(point -> point.startsWith(mount + "/"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
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
    private final Set<String> netNamespaces = new HashSet<>();
    private final Set<String> boundSockets = new HashSet<>();
    private final Set<String> unixSockets = new HashSet<>();
    private final Set<String> mountedOn = new LinkedHashSet<>();
    private final List<User> users = new ArrayList<>();
    private final List<User> undelivered = new ArrayList<>();
    private final List<String> stuck = new ArrayList<>();
    private int processes;
    private int hidden;

    Search(Path mount) {
      this.mount = mount;
    }

    MountUsers run() throws IOException {
      List<String> numbers = ProcessScan.numbersIn(PROC);
      try (Looker looker = new Looker(LONGEST)) {
        Set<String> sockets =
            ifThere(() -> looker.look(this::socketsOnMount))
                .flatMap(found -> found)
                .orElse(Set.of());
        for (String number : numbers) {
          ask(number, () -> lookAtNamespaces(number, looker, sockets));
        }
        for (String number : numbers) {
          ask(
              number,
              () -> {
                Optional<Seen> seen = looker.look(() -> seen(number));
                seen.ifPresent(this::add);
                return seen.isPresent();
              });
        }
      }
      addKernelUser(mountedOn.stream().map(point -> new Use(How.MOUNT, "", point)));
      addKernelUser(loopDevices());
      addKernelUser(swapFiles().stream().map(file -> new Use(How.SWAP, "", file)));
      return new MountUsers(
          users,
          undelivered,
          processes,
          mountNamespaces.size(),
          hidden,
          stuck,
          ProcessScan.isInPidNamespace());
    }

    private void addKernelUser(Stream<Use> found) {
      List<Use> uses = found.toList();
      if (!uses.isEmpty()) {
        users.add(new User(0, "", uses));
      }
    }

    /** Asks what may be kept from us; answers whether the kernel told. */
    private void ask(String number, Reading<Boolean> question) {
      try {
        if (question.read()) {
          return;
        }
      } catch (IOException e) {
        // Too many are stuck for one more to be asked.
      }
      if (!stuck.contains(number)) {
        stuck.add(number);
      }
    }

    private boolean lookAtNamespaces(String number, Looker looker, Set<String> sockets)
        throws IOException {
      Path process = PROC.resolve(number);
      Optional<String> nets = link(process.resolve("ns/net"));
      if (nets.isPresent() && netNamespaces.add(nets.get())) {
        ifThere(() -> UnixSockets.of(process)).ifPresent(unix -> addSockets(unix, sockets));
      }
      Optional<String> mounts = link(process.resolve("ns/mnt"));
      if (mounts.isEmpty() || !mountNamespaces.add(mounts.get())) {
        return true;
      }
      Optional<Optional<MountInfo>> told = looker.look(() -> ifThere(() -> MountInfo.of(process)));
      told.flatMap(info -> info)
          .ifPresent(info -> mountedOn.addAll(MountUsers.mountedOn(mount, info)));
      return told.isPresent();
    }

    private void addSockets(UnixSockets unix, Set<String> relative) {
      unixSockets.addAll(unix.inodes());
      boundSockets.addAll(boundTo(mount, unix, relative));
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

    /** What one process holds of the mount, empty for both where it has ended. */
    private record Seen(boolean hidden, boolean ended, User uses, User queues) {}

    private void add(Seen seen) {
      if (seen.hidden) {
        hidden++;
      } else if (!seen.ended) {
        processes++;
      }
      if (!seen.uses.uses().isEmpty()) {
        users.add(seen.uses);
      }
      if (!seen.queues.uses().isEmpty()) {
        undelivered.add(seen.queues);
      }
    }

    private Seen seen(String number) {
      Path process = PROC.resolve(number);
      Set<Use> uses = new LinkedHashSet<>();
      Set<Use> queues = new LinkedHashSet<>();
      User nobody = new User(Long.parseLong(number), "", List.of());
      try {
        Path tasks = process.resolve("task");
        for (String task : ProcessScan.numbersIn(tasks)) {
          lookIntoTask(tasks.resolve(task), uses, queues);
        }
      } catch (AccessDeniedException e) {
        return new Seen(true, false, nobody, nobody);
      } catch (IOException e) {
        return new Seen(false, true, nobody, nobody);
      }
      addUse(uses, How.PROGRAM, process.resolve("exe"));
      ifThere(() -> Maps.of(process)).ifPresent(maps -> addMapped(maps, uses));
      String name =
          ifThere(() -> ProcessStat.ofProcess(Long.parseLong(number)))
              .map(ProcessStat::name)
              .orElse("");
      return new Seen(
          false,
          false,
          new User(Long.parseLong(number), name, List.copyOf(uses)),
          new User(Long.parseLong(number), name, List.copyOf(queues)));
    }

    /** Threads share their descriptors and directories as a rule, and need not. */
    private void lookIntoTask(Path task, Set<Use> uses, Set<Use> queues)
        throws AccessDeniedException {
      for (String descriptor : descriptorsOf(task)) {
        Optional<String> target = link(task.resolve("fd").resolve(descriptor));
        if (target.isPresent()) {
          lookAt(task, descriptor, target.get(), uses, queues);
        }
      }
      addUse(uses, How.WORKING_DIRECTORY, task.resolve("cwd"));
      addUse(uses, How.ROOT_DIRECTORY, task.resolve("root"));
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
        Path task, String descriptor, String target, Set<Use> uses, Set<Use> queues) {
      if (isOn(mount, target)) {
        uses.add(new Use(How.OPEN, descriptor, target));
      } else if (target.startsWith(SOCKET)) {
        String inode = target.substring(SOCKET.length(), target.length() - 1);
        if (boundSockets.contains(inode)) {
          uses.add(new Use(How.BOUND_SOCKET, descriptor, target));
        } else if (unixSockets.contains(inode) && fdInfo(task, descriptor).undelivered() > 0) {
          queues.add(new Use(How.QUEUE, descriptor, target));
        }
      } else if (target.equals("anon_inode:[io_uring]")
          && fdInfo(task, descriptor).registers(mount)) {
        uses.add(new Use(How.RING, descriptor, target));
      }
    }

    private static FdInfo fdInfo(Path task, String descriptor) {
      return ifThere(() -> FdInfo.of(task, descriptor)).orElseGet(() -> new FdInfo(List.of()));
    }

    private void addUse(Set<Use> uses, How how, Path link) {
      link(link)
          .filter(target -> isOn(mount, target))
          .ifPresent(target -> uses.add(new Use(how, "", target)));
    }

    private void addMapped(Maps maps, Set<Use> uses) {
      mapped(mount, maps).forEach(file -> uses.add(new Use(How.MAPPED, "", file)));
    }

    private Stream<Use> loopDevices() throws IOException {
      return LoopDevices.backingFiles().entrySet().stream()
          .filter(device -> isOn(mount, device.getValue()))
          .map(device -> new Use(How.LOOP_DEVICE, device.getKey(), device.getValue()));
    }

    private Set<String> swapFiles() {
      return ifThere(Swaps::ofThisMachine).stream()
          .flatMap(swaps -> swaps.names().stream())
          .filter(name -> name.startsWith(mount + "/"))
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Optional<String> link(Path link) {
      // Not there where a process is gone, or a kernel thread's.
      return ifThere(() -> Files.readSymbolicLink(link).toString());
    }

    /** Reads what may be gone with its process, or be kept from us. */
    private interface Reading<T> {
      T read() throws IOException;
    }

    private static <T> Optional<T> ifThere(Reading<T> reading) {
      try {
        return Optional.of(reading.read());
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }
}
