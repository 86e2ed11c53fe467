package io.github.noslableak.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.MediaType;

/** How what was found in a test reaches whoever reads its outcome. */
public final class PublishedReport {

  private static final String ENTRY = "noslableak";

  private PublishedReport() {}

  /**
   * Publishes a report for reporters that keep entries and files. Surefire does not, so an error
   * stands alone.
   *
   * @param asFile whether as a file too
   * @return the file, by its path from where the build runs
   */
  public static Optional<Path> publish(ExtensionContext context, String report, boolean asFile) {
    context.publishReportEntry(ENTRY, report);
    if (!asFile) {
      return Optional.empty();
    }
    AtomicReference<Path> written = new AtomicReference<>();
    context.publishFile(
        ENTRY + ".txt",
        MediaType.TEXT_PLAIN_UTF_8,
        file -> {
          Files.writeString(file, report);
          written.set(fromHere(file.toAbsolutePath()));
        });
    return Optional.ofNullable(written.get());
  }

  private static Path fromHere(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  /** Returns the error without its trace, which would show JUnit's store, not the leak. */
  public static <E extends Error> E withoutStack(E error) {
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }
}
