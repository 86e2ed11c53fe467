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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the processes of this machine hold, and what lies on its file systems in memory, at one
 * moment. It is looked at only where there is a suspicion.
 */
public record Holdings(OpenFiles processes, FilesInMemory files) {

  private static final Pattern LIBRARY = Pattern.compile(".*\\.so(\\.[\\d.]+)?");

  /** For each of the two: on a machine with very many processes something is left out. */
  private static final Duration LIMIT = Duration.ofMillis(500);

  /**
   * Looks at all of it; nothing where this machine does not let it be looked at.
   *
   * @param most how long each of the two may take
   */
  public static Optional<Holdings> now(Duration most) {
    Duration limit = most.compareTo(LIMIT) < 0 ? most : LIMIT;
    try {
      return Optional.of(new Holdings(OpenFiles.scan(limit), FilesInMemory.scan(limit)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // Whatever is wrong with evidence, the verdict stands without it.
    }
  }

  public static Optional<Holdings> now() {
    return now(LIMIT);
  }

  /**
   * Says what there is more than before. This JVM's own descriptors are told elsewhere.
   *
   * @param least how many more somebody must hold to be named: everybody opens files for reasons of
   *     their own
   */
  public Holders.Elsewhere since(Holdings earlier, long least) {
    long self = ProcessHandle.current().pid();
    List<Holders.Holder> holders =
        Stream.concat(
                processes.since(earlier.processes, EnumSet.allOf(Kind.class)).stream()
                    .filter(growth -> growth.holder().processId() != self)
                    // Of what started since, all that it holds is more than before.
                    .filter(growth -> growth.holder().own() || !growth.started()),
                processes.since(earlier.processes, EnumSet.of(Kind.MAPPED, Kind.PLACE)).stream()
                    .filter(growth -> growth.holder().processId() == self)
                    .filter(
                        growth -> !growth.added().keySet().stream().allMatch(Holdings::isLibrary)))
            .filter(growth -> growth.total() >= least)
            .map(growth -> holder(growth, growth.holder().processId() == self))
            .toList();
    List<String> left = files.since(earlier.files).stream().map(Path::toString).toList();
    Set<Integer> hidden = new HashSet<>(processes.unread());
    hidden.addAll(earlier.processes.unread());
    return new Holders.Elsewhere(
        holders,
        left.size() >= least ? left : List.of(),
        processes.processes().size(),
        hidden.size(),
        files.complete() && earlier.files.complete());
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
