package io.github.noslableak;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.MediaType;

/** How what was found in a test reaches whoever reads its outcome. */
final class PublishedReport {

  private static final String ENTRY = "noslableak";

  private PublishedReport() {}

  /**
   * Publishes the report and throws what was found.
   *
   * @throws SlabLeakError if it is a leak
   * @throws SlabInconclusiveError if it decides nothing, and that is to fail
   */
  static void conclude(SlabGrowth growth, ExtensionContext context) {
    List<RuntimeException> notPublished = new ArrayList<>();
    try {
      publish(growth, context);
    } catch (RuntimeException e) {
      notPublished.add(e); // A reporter that takes nothing fails no test.
    }
    try {
      growth.throwFinding();
    } catch (SlabLeakError | SlabInconclusiveError e) {
      notPublished.forEach(e::addSuppressed);
      throw withoutStack(e);
    }
  }

  /** For reporters that keep entries and files; Surefire does not, so the error stands alone. */
  private static void publish(SlabGrowth growth, ExtensionContext context) {
    context.publishReportEntry(ENTRY, growth.report());
    if (growth.isFinding()) {
      context.publishFile(
          ENTRY + ".txt",
          MediaType.TEXT_PLAIN_UTF_8,
          file -> Files.writeString(file, growth.report()));
    }
  }

  /** Returns the error without where it was thrown: JUnit's clean-up says nothing. */
  static <E extends Error> E withoutStack(E error) {
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }
}
