package io.github.noslableak;

import io.github.noslableak.report.Holders;
import io.github.noslableak.trace.FilesInMemory;
import io.github.noslableak.trace.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the processes of this machine hold, and what lies on its file systems in memory, at one
 * moment. It is looked at only where there is a suspicion.
 */
record Holdings(OpenFiles processes, FilesInMemory files) {

  /** For each of the two: on a machine with very many processes something is left out. */
  private static final Duration LIMIT = Duration.ofMillis(500);

  /** Looks at all of it; nothing where this machine does not let it be looked at. */
  static Optional<Holdings> now() {
    try {
      return Optional.of(new Holdings(OpenFiles.scan(LIMIT), FilesInMemory.scan(LIMIT)));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // Evidence only: the report stands without it.
    }
  }

  /**
   * Says what there is more than before. This JVM's own descriptors are told elsewhere.
   *
   * @param least how many more a process must hold to be named that does not descend from this JVM:
   *     others open files for reasons of their own
   */
  Holders.Elsewhere since(Holdings earlier, long least) {
    List<Holders.Holder> holders =
        processes.since(earlier.processes).stream()
            .filter(growth -> growth.holder().processId() != ProcessHandle.current().pid())
            .filter(growth -> growth.holder().own() || growth.total() >= least)
            .map(
                growth ->
                    new Holders.Holder(
                        growth.holder().name(),
                        growth.holder().processId(),
                        growth.holder().own(),
                        growth.total(),
                        growth.added().entrySet().stream()
                            .flatMap(
                                added ->
                                    Collections.nCopies(added.getValue(), added.getKey()).stream())
                            .toList()))
            .toList();
    return new Holders.Elsewhere(
        holders,
        files.since(earlier.files).stream().map(Path::toString).toList(),
        processes.processes().size(),
        processes.unread().size());
  }
}
