package io.github.noslableak.evidence;

import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.proc.Looker;
import io.github.noslableak.proc.Maps;
import io.github.noslableak.proc.ProcessScan;
import io.github.noslableak.proc.ProcessStat;
import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each process of this machine holds at one moment: descriptors, mapped files, and the places
 * that it runs in. Two of them tell which process holds more than before.
 *
 * <p>Taking one opens directories and files under /proc for each process, which makes dentries and
 * inodes. So it belongs outside everything that is counted.
 *
 * @param processes what was seen, by process
 * @param unread the numbers of processes that could not be looked into: for want of rights or of
 *     time
 * @param stuck of these, by number and name, those of which the kernel did not tell in time
 */
public record OpenFiles(
    Map<Holder, Held> processes, Set<Integer> unread, Map<Integer, String> stuck) {

  private static final Path PROC = Path.of("/proc");

  /** A look at one process takes a millisecond, and a hundred where it holds very much. */
  private static final Duration LONGEST = Duration.ofMillis(300);

  /** Links to where a process runs, and what. */
  private static final List<String> PLACES = List.of("cwd", "root", "exe");

  /** Of one process, more targets than these are counted but not told apart. */
  private static final int MOST_TARGETS = 20_000;

  private static final String OTHERS = "others";

  /**
   * A process.
   *
   * @param startTicks when it started, in clock ticks after boot: a number alone is given again
   * @param name as /proc/&lt;pid&gt;/stat has it
   * @param own whether it is this JVM or descends from it
   */
  public record Holder(int processId, long startTicks, String name, boolean own) {

    boolean isSameAs(Holder other) {
      return processId == other.processId && startTicks == other.startTicks;
    }
  }

  /**
   * What a process holds now and did not before.
   *
   * @param started whether the process itself was not there before
   * @param growth how many more there are of each kind that has become more
   * @param added the targets that were added, with how often, by name; of all kinds
   */
  public record Growth(
      Holder holder, boolean started, Map<HeldKind, Long> growth, Map<String, Integer> added) {

    /** Returns how many more descriptors, mapped files and places there are. */
    public long total() {
      return growth.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public OpenFiles {
    processes = Map.copyOf(processes);
    unread = Set.copyOf(unread);
    stuck = Map.copyOf(stuck);
  }

  /** Makes one of which each process told what it holds, or kept it back. */
  public OpenFiles(Map<Holder, Held> processes, Set<Integer> unread) {
    this(processes, unread, Map.of());
  }

  /**
   * Looks into all processes, this JVM and its descendants first, kernel threads left out.
   *
   * @param limit how long it may take; processes that are left then are {@link #unread}
   * @throws java.io.UncheckedIOException if this JVM's own descriptors cannot be listed
   * @throws IOException if there is no list of processes
   */
  public static OpenFiles scan(Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    Map<Integer, ProcessStat> all = ProcessScan.processes();
    Map<ProcessStat, Whose> owners = new LinkedHashMap<>();
    all.values().stream()
        .filter(process -> !process.kernelThread())
        .forEach(process -> owners.put(process, ProcessScan.kind(process, all)));
    List<ProcessStat> order =
        owners.keySet().stream()
            .sorted(
                Comparator.comparing((ProcessStat process) -> owners.get(process))
                    .thenComparing(ProcessStat::pid))
            .toList();
    Map<Holder, Held> processes = new HashMap<>();
    Set<Integer> unread = new HashSet<>();
    Map<Integer, String> stuck = new HashMap<>();
    try (Looker looker = new Looker(LONGEST)) {
      for (ProcessStat process : order) {
        if (System.nanoTime() > end) {
          unread.add(process.pid());
          continue;
        }
        boolean own = owners.get(process) == Whose.OWN;
        try {
          Optional<Held> held = looker.look(() -> look(process.pid(), end));
          if (held.isPresent()) {
            processes.put(
                new Holder(process.pid(), process.startTicks(), process.name(), own), held.get());
          } else {
            unread.add(process.pid());
            stuck.put(process.pid(), process.name());
          }
        } catch (IOException e) {
          if (Files.exists(PROC.resolve(Integer.toString(process.pid())))) {
            unread.add(process.pid());
          }
        }
      }
    }
    return new OpenFiles(processes, unread, stuck);
  }

  private static Held look(int process, long end) throws IOException {
    Path directory = PROC.resolve(Integer.toString(process));
    Counts counts = new Counts();
    if (process == ProcessHandle.current().pid()) {
      // Not the descriptor that lists them.
      Descriptors.ofThisJvm().targets().values().forEach(counts::descriptor);
    } else {
      descriptors(directory.resolve("fd"), counts, end);
    }
    for (String place : PLACES) {
      target(directory.resolve(place), target -> counts.add(HeldKind.PLACE, target));
    }
    Maps.of(directory).files().forEach(file -> counts.add(HeldKind.MAPPED, file));
    return new Held(counts.targets);
  }

  private static void descriptors(Path directory, Counts counts, long end) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        target(entry, counts::descriptor);
        if (System.nanoTime() > end) {
          throw new IOException("no time for all of " + directory);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** What is told a target. */
  private interface Telling {
    void of(String target);
  }

  private static void target(Path link, Telling telling) throws IOException {
    try {
      telling.of(Files.readSymbolicLink(link).toString());
    } catch (NoSuchFileException e) {
      // It was closed since, or the process has ended: a zombie has no place.
    }
  }

  /** Adds up what one process holds. */
  private static final class Counts {
    private final Map<HeldKind, Map<String, Integer>> targets = new EnumMap<>(HeldKind.class);
    private int different;

    void descriptor(String target) {
      add(HeldKind.of(Descriptors.Kind.of(target)), target);
    }

    void add(HeldKind kind, String target) {
      Map<String, Integer> counts = targets.computeIfAbsent(kind, added -> new HashMap<>());
      boolean isNew = !counts.containsKey(target);
      if (isNew && different == MOST_TARGETS) {
        counts.merge(OTHERS, 1, Integer::sum);
        return;
      }
      different += isNew ? 1 : 0;
      counts.merge(target, 1, Integer::sum);
    }
  }

  /**
   * Returns which processes hold more of some kind than before, largest growth first. A process
   * that could not be looked into before is left out: what it held then is not known.
   *
   * @param kinds what counts
   */
  public List<Growth> since(OpenFiles earlier, Set<HeldKind> kinds) {
    List<Growth> growths = new ArrayList<>();
    processes.forEach(
        (holder, held) -> {
          List<Held> before =
              earlier.processes.entrySet().stream()
                  .filter(entry -> entry.getKey().isSameAs(holder))
                  .map(Map.Entry::getValue)
                  .toList();
          if (before.isEmpty() && earlier.unread.contains(holder.processId)) {
            return;
          }
          Growth growth =
              growth(
                  holder,
                  before.isEmpty(),
                  before.isEmpty() ? new Held(Map.of()) : before.get(0),
                  held,
                  kinds);
          if (!growth.growth().isEmpty()) {
            growths.add(growth);
          }
        });
    growths.sort(
        Comparator.comparing(Growth::total)
            .reversed()
            .thenComparing(growth -> growth.holder().processId()));
    return growths;
  }

  private static Growth growth(
      Holder holder, boolean started, Held before, Held now, Set<HeldKind> kinds) {
    Map<HeldKind, Long> more = new EnumMap<>(HeldKind.class);
    Map<String, Integer> added = new TreeMap<>();
    for (HeldKind kind : kinds) {
      long growth = now.count(kind) - before.count(kind);
      if (growth > 0) {
        more.put(kind, growth);
        now.of(kind)
            .forEach(
                (target, count) -> {
                  int further = count - before.of(kind).getOrDefault(target, 0);
                  if (further > 0) {
                    added.merge(target, further, Integer::sum);
                  }
                });
      }
    }
    return new Growth(holder, started, more, added);
  }
}
