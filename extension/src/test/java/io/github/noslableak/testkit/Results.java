package io.github.noslableak.testkit;

import io.github.noslableak.SlabLeakError;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.AssertProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * What became of test cases. AssertJ's {@code assertThat} gives a {@link ResultsAssert} for it.
 *
 * @param events all that JUnit's test kit recorded
 */
public record Results(EngineExecutionResults events) implements AssertProvider<ResultsAssert> {

  /** What failed, a test, a factory or a class, and with what. */
  public record Failure(String displayName, Throwable thrown) {

    /** Returns the message, empty if there is none. */
    public String message() {
      return thrown.getMessage() == null ? "" : thrown.getMessage();
    }
  }

  /** Returns the events of tests, without those of classes and factories. */
  public Events tests() {
    return events.testEvents();
  }

  /** Returns whatever failed, in the order in which it ended. */
  public List<Failure> failed() {
    return events.allEvents().failed().stream()
        .map(
            event ->
                new Failure(
                    event.getTestDescriptor().getDisplayName(),
                    result(event).getThrowable().orElseThrow()))
        .toList();
  }

  /** Returns what it failed with. */
  public List<Throwable> failures() {
    return failed().stream().map(Failure::thrown).toList();
  }

  /** Returns the messages of what it failed with. */
  public List<String> messages() {
    return failed().stream().map(Failure::message).toList();
  }

  /** Returns how each test ended that began. */
  public List<TestExecutionResult> outcomes() {
    return tests().finished().stream().map(Results::result).toList();
  }

  /** Returns the leak that is the only failure. */
  public SlabLeakError leak() {
    List<Throwable> failures = failures();
    if (failures.size() == 1 && failures.get(0) instanceof SlabLeakError leak) {
      return leak;
    }
    throw new AssertionError("not one leak: " + failures);
  }

  /** Returns the reports of the measured tests, as reporters get them. */
  public List<String> reports() {
    return events.allEvents().reportingEntryPublished().stream()
        .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
        .filter(pairs -> pairs.containsKey("noslableak"))
        .map(pairs -> pairs.get("noslableak"))
        .toList();
  }

  /** Returns the last of them. */
  public String report() {
    List<String> reports = reports();
    if (reports.isEmpty()) {
      throw new AssertionError("nothing was reported; " + messages());
    }
    return reports.get(reports.size() - 1);
  }

  /**
   * Returns all that was said, messages and reports. Who allocated what is in it: whatever
   * disturbed a count is named there, also that of a leak that was not seen.
   */
  public String said() {
    return Stream.concat(messages().stream(), reports().stream())
        .collect(Collectors.joining("\n---\n"));
  }

  /** For AssertJ. */
  @Override
  public ResultsAssert assertThat() {
    return new ResultsAssert(this);
  }

  private static TestExecutionResult result(Event event) {
    return event.getRequiredPayload(TestExecutionResult.class);
  }
}
