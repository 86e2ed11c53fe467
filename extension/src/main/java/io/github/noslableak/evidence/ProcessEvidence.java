package io.github.noslableak.evidence;

import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.report.Elsewhere;
import io.github.noslableak.report.HoldingProcess;
import io.github.noslableak.report.LeftBehind;
import io.github.noslableak.report.Relation;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What other processes hold, and what lies on file systems in memory. */
final class ProcessEvidence implements EvidenceSource {

  private static final Pattern LIBRARY = Pattern.compile(".*\\.so(\\.[\\d.]+)?");

  /** What any program maps or runs, and its pipes to this JVM, tell no process from another. */
  private static final Pattern ANYBODYS =
      Pattern.compile(
          LIBRARY.pattern() + "|/usr/.*|/bin/.*|/lib.*|pipe:.*|anon_inode:.*|/dev/null");

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
        .flatMap(earlier -> now.map(later -> since(earlier, later, grown, facts.leftBehind())))
        .ifPresent(facts::add);
  }

  /**
   * Says what there is more than before. This JVM's own descriptors are told elsewhere.
   *
   * <p>Everybody opens files for reasons of their own. So to be named, one must hold as many more
   * as the rounds left; but of processes that the test started each holds a part. Where each
   * allocation was followed, and it is known what is left, one that neither the test started nor
   * allocated any of it must hold the very objects, which may have been passed on to it: the very
   * open files where some are left, and else what a path leads to.
   */
  static Elsewhere since(Holdings earlier, Holdings now, Grown grown, LeftBehind left) {
    long self = ProcessHandle.current().pid();
    long least = grown.fewestLeft();
    Optional<Set<Integer>> allocators = grown.allocators();
    Set<String> targets =
        left.objects().stream()
            .map(object -> Descriptors.undeleted(object.target()))
            .collect(Collectors.toSet());
    // What no open file holds, none that somebody opened meanwhile explains; nor, unless what is
    // left could not be read, do files that are not known to be of it.
    boolean known =
        allocators.isPresent()
            && (!targets.isEmpty() || !grown.mayBeHeldByFiles() || left.unread().isEmpty());
    List<HoldingProcess> holders =
        Stream.concat(
                now.processes.since(earlier.processes, EnumSet.allOf(HeldKind.class)).stream()
                    .filter(growth -> growth.holder().processId() != self)
                    .filter(
                        growth ->
                            isOfTest(growth, allocators)
                                || (isPassedOn(growth, known, targets)
                                    && isOpener(growth, left.openers()))),
                now
                    .processes
                    .since(earlier.processes, EnumSet.of(HeldKind.MAPPED, HeldKind.PLACE))
                    .stream()
                    .filter(growth -> growth.holder().processId() == self)
                    .filter(
                        growth ->
                            !growth.added().keySet().stream().allMatch(ProcessEvidence::isLibrary)))
            .filter(
                growth ->
                    growth.total() >= least || (growth.started() && isOfTest(growth, allocators)))
            .map(growth -> holder(growth, relation(growth, self, grown.descendants()), targets))
            .toList();
    List<String> inMemory = now.files.since(earlier.files).stream().map(Path::toString).toList();
    Set<Integer> hidden = new HashSet<>(now.processes.unread());
    hidden.addAll(earlier.processes.unread());
    return new Elsewhere(
        holders,
        inMemory.size() >= least ? inMemory : List.of(),
        now.processes.processes().size(),
        hidden.size(),
        now.files.complete() && earlier.files.complete(),
        stuck(earlier.processes, now.processes));
  }

  private static List<Elsewhere.Stuck> stuck(OpenFiles earlier, OpenFiles now) {
    Map<Integer, String> stuck = new TreeMap<>(earlier.stuck());
    stuck.putAll(now.stuck());
    return stuck.entrySet().stream()
        .map(process -> new Elsewhere.Stuck(process.getValue(), process.getKey()))
        .toList();
  }

  /** A JVM maps libraries when it first needs them, and keeps them. */
  static boolean isLibrary(String file) {
    return LIBRARY.matcher(file).matches();
  }

  /** Init may have adopted it: the ledger saw whom it descends from. */
  private static boolean isOfTest(OpenFiles.Growth growth, Optional<Set<Integer>> allocators) {
    return growth.holder().own()
        || allocators.filter(all -> all.contains(growth.holder().processId())).isPresent();
  }

  /** Of what started since, all that it holds is more than before. */
  private static boolean isPassedOn(
      OpenFiles.Growth growth, boolean followed, Set<String> targets) {
    return followed
        ? growth.added().keySet().stream()
            .anyMatch(target -> targets.contains(Descriptors.undeleted(target)))
        : !growth.started();
  }

  /**
   * It may have opened the same path for itself; what it maps, or where it is, is no descriptor.
   */
  private static boolean isOpener(OpenFiles.Growth growth, Optional<Set<Integer>> openers) {
    boolean byDescriptors =
        growth.started()
            || growth.growth().keySet().stream()
                .noneMatch(kind -> kind == HeldKind.MAPPED || kind == HeldKind.PLACE);
    return !byDescriptors
        || openers.isEmpty()
        || openers.get().contains(growth.holder().processId());
  }

  /** A daemon that the test names allocates on its account, and was not started by it. */
  private static Relation relation(OpenFiles.Growth growth, long self, Set<Integer> descendants) {
    if (growth.holder().processId() == self) {
      return Relation.SELF;
    }
    if (!growth.holder().own() && !descendants.contains(growth.holder().processId())) {
      return Relation.NONE;
    }
    return growth.started() ? Relation.STARTED : Relation.CHILD;
  }

  /** Of what a process holds since it was started, what leaked matters. */
  private static HoldingProcess holder(
      OpenFiles.Growth growth, Relation relation, Set<String> targets) {
    return new HoldingProcess(
        growth.holder().name(),
        growth.holder().processId(),
        relation,
        growth.total(),
        growth.added().entrySet().stream()
            .filter(
                added ->
                    relation != Relation.STARTED
                        || (targets.contains(Descriptors.undeleted(added.getKey()))
                            && !ANYBODYS.matcher(added.getKey()).matches()))
            .flatMap(added -> Collections.nCopies(added.getValue(), added.getKey()).stream())
            .toList());
  }
}
