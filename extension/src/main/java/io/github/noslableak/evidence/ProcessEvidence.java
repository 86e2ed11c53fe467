package io.github.noslableak.evidence;

import io.github.noslableak.evidence.OpenFiles.Kind;
import io.github.noslableak.report.Holders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What other processes hold, and what lies on file systems in memory. */
final class ProcessEvidence implements EvidenceSource {

  private static final Pattern LIBRARY = Pattern.compile(".*\\.so(\\.[\\d.]+)?");

  /** For each of the two: on a machine with very many processes something is left out. */
  private static final Duration LIMIT = Duration.ofMillis(500);

  /** What the processes of this machine hold, and its file systems in memory, at one moment. */
  record Holdings(OpenFiles processes, FilesInMemory files) {}

  private final Function<Duration, Optional<Holdings>> look;
  private Optional<Holdings> before = Optional.empty();
  private Optional<Holdings> now = Optional.empty();

  ProcessEvidence() {
    this(ProcessEvidence::holdings);
  }

  /**
   * Makes one that asks another.
   *
   * @param look looks at all of it, and takes no longer than this for each of the two; nothing
   *     where this machine does not let it be looked at
   */
  ProcessEvidence(Function<Duration, Optional<Holdings>> look) {
    this.look = look;
  }

  private static Optional<Holdings> holdings(Duration most) {
    try {
      return Optional.of(new Holdings(OpenFiles.scan(most), FilesInMemory.scan(most)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // Whatever is wrong with evidence, the verdict stands without it.
    }
  }

  @Override
  public void suspicion(Duration most) {
    before = look.apply(most.compareTo(LIMIT) < 0 ? most : LIMIT);
  }

  @Override
  public void lookAgain(Grown grown) {
    if (grown.hasRounds() && before.isPresent()) {
      now = look.apply(LIMIT);
    }
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    before
        .flatMap(earlier -> now.map(later -> since(earlier, later, grown.fewestLeft())))
        .ifPresent(facts::add);
  }

  /**
   * Says what there is more than before. This JVM's own descriptors are told elsewhere.
   *
   * @param least how many more somebody must hold to be named: everybody opens files for reasons of
   *     their own
   */
  static Holders.Elsewhere since(Holdings earlier, Holdings now, long least) {
    long self = ProcessHandle.current().pid();
    List<Holders.Holder> holders =
        Stream.concat(
                now.processes.since(earlier.processes, EnumSet.allOf(Kind.class)).stream()
                    .filter(growth -> growth.holder().processId() != self)
                    // Of what started since, all that it holds is more than before.
                    .filter(growth -> growth.holder().own() || !growth.started()),
                now.processes.since(earlier.processes, EnumSet.of(Kind.MAPPED, Kind.PLACE)).stream()
                    .filter(growth -> growth.holder().processId() == self)
                    .filter(
                        growth ->
                            !growth.added().keySet().stream().allMatch(ProcessEvidence::isLibrary)))
            .filter(growth -> growth.total() >= least)
            .map(growth -> holder(growth, growth.holder().processId() == self))
            .toList();
    List<String> left = now.files.since(earlier.files).stream().map(Path::toString).toList();
    Set<Integer> hidden = new HashSet<>(now.processes.unread());
    hidden.addAll(earlier.processes.unread());
    return new Holders.Elsewhere(
        holders,
        left.size() >= least ? left : List.of(),
        now.processes.processes().size(),
        hidden.size(),
        now.files.complete() && earlier.files.complete(),
        stuck(earlier.processes, now.processes));
  }

  private static List<Holders.Stuck> stuck(OpenFiles earlier, OpenFiles now) {
    Map<Integer, String> stuck = new TreeMap<>(earlier.stuck());
    stuck.putAll(now.stuck());
    return stuck.entrySet().stream()
        .map(process -> new Holders.Stuck(process.getValue(), process.getKey()))
        .toList();
  }

  /** A JVM maps libraries when it first needs them, and keeps them. */
  static boolean isLibrary(String file) {
    return LIBRARY.matcher(file).matches();
  }

  private static Holders.Holder holder(OpenFiles.Growth growth, boolean self) {
    Holders.Relation others =
        growth.holder().own() ? Holders.Relation.CHILD : Holders.Relation.NONE;
    return new Holders.Holder(
        growth.holder().name(),
        growth.holder().processId(),
        self ? Holders.Relation.SELF : others,
        growth.total(),
        growth.added().entrySet().stream()
            .flatMap(added -> Collections.nCopies(added.getValue(), added.getKey()).stream())
            .toList());
  }
}
