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

/** One search. Processes come and go meanwhile: what has gone is passed over. */
final class MountUserSearch {

  private static final Path PROC = Path.of("/proc");

  /**
   * Of each process: with many threads that hold many descriptors it takes seconds, and nothing is
   * measured meanwhile.
   */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final String SOCKET = "socket:[";

  private final Path mount;
  private final Set<String> mountNamespaces = new HashSet<>();
  private final Set<String> netNamespaces = new HashSet<>();
  private final Set<String> boundSockets = new HashSet<>();
  private final Set<String> unixSockets = new HashSet<>();
  private final Set<String> mountedOn = new LinkedHashSet<>();
  private final List<MountUsers.User> users = new ArrayList<>();
  private final List<MountUsers.User> undelivered = new ArrayList<>();
  private final List<String> stuck = new ArrayList<>();
  private int processes;
  private int hidden;

  MountUserSearch(Path mount) {
    this.mount = mount;
  }

  MountUsers run() throws IOException {
    List<String> numbers = ProcessScan.numbersIn(PROC);
    try (Looker looker = new Looker(LONGEST)) {
      Set<String> sockets =
          ifThere(() -> looker.look(this::socketsOnMount)).flatMap(found -> found).orElse(Set.of());
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
    addKernelUser(mountedOn.stream().map(point -> new Use(Use.How.MOUNT, "", point)));
    addKernelUser(loopDevices());
    addKernelUser(swapFiles().stream().map(file -> new Use(Use.How.SWAP, "", file)));
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
      users.add(new MountUsers.User(0, "", uses));
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
    boundSockets.addAll(MountUsers.boundTo(mount, unix, relative));
  }

  /** The names of files that are sockets, or whatever else is neither file, directory nor link. */
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
  private record Seen(
      boolean hidden, boolean ended, MountUsers.User uses, MountUsers.User queues) {}

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
    MountUsers.User nobody = new MountUsers.User(Long.parseLong(number), "", List.of());
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
    addUse(uses, Use.How.PROGRAM, process.resolve("exe"));
    ifThere(() -> Maps.of(process)).ifPresent(maps -> addMapped(maps, uses));
    String name =
        ifThere(() -> ProcessStat.ofProcess(Long.parseLong(number)))
            .map(ProcessStat::name)
            .orElse("");
    return new Seen(
        false,
        false,
        new MountUsers.User(Long.parseLong(number), name, List.copyOf(uses)),
        new MountUsers.User(Long.parseLong(number), name, List.copyOf(queues)));
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
    addUse(uses, Use.How.WORKING_DIRECTORY, task.resolve("cwd"));
    addUse(uses, Use.How.ROOT_DIRECTORY, task.resolve("root"));
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

  private void lookAt(Path task, String descriptor, String target, Set<Use> uses, Set<Use> queues) {
    if (MountUsers.isOn(mount, target)) {
      uses.add(new Use(Use.How.OPEN, descriptor, target));
    } else if (target.startsWith(SOCKET)) {
      String inode = target.substring(SOCKET.length(), target.length() - 1);
      if (boundSockets.contains(inode)) {
        uses.add(new Use(Use.How.BOUND_SOCKET, descriptor, target));
      } else if (unixSockets.contains(inode) && fdInfo(task, descriptor).undelivered() > 0) {
        queues.add(new Use(Use.How.QUEUE, descriptor, target));
      }
    } else if (target.equals("anon_inode:[io_uring]")
        && fdInfo(task, descriptor).registers(mount)) {
      uses.add(new Use(Use.How.RING, descriptor, target));
    }
  }

  private static FdInfo fdInfo(Path task, String descriptor) {
    return ifThere(() -> FdInfo.of(task, descriptor)).orElseGet(() -> new FdInfo(List.of()));
  }

  private void addUse(Set<Use> uses, Use.How how, Path link) {
    link(link)
        .filter(target -> MountUsers.isOn(mount, target))
        .ifPresent(target -> uses.add(new Use(how, "", target)));
  }

  private void addMapped(Maps maps, Set<Use> uses) {
    MountUsers.mapped(mount, maps).forEach(file -> uses.add(new Use(Use.How.MAPPED, "", file)));
  }

  private Stream<Use> loopDevices() throws IOException {
    return LoopDevices.backingFiles().entrySet().stream()
        .filter(device -> MountUsers.isOn(mount, device.getValue()))
        .map(device -> new Use(Use.How.LOOP_DEVICE, device.getKey(), device.getValue()));
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
