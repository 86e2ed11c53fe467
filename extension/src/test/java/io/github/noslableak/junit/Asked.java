package io.github.noslableak.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Asks, by an extension of test cases, what is true inside a run of JUnit. */
final class Asked {

  private static final String ANSWER = "answer";

  private Asked() {}

  /** Runs test cases and returns what was answered in them, in order. */
  static List<String> answers(Class<?> testCases, Map<String, String> parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(testCases))
        .configurationParameters(parameters)
        .execute()
        .allEvents()
        .reportingEntryPublished()
        .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs().get(ANSWER))
        .toList();
  }

  /** Gives an answer. */
  static void answer(ExtensionContext context, Object answer) {
    context.publishReportEntry(ANSWER, answer.toString());
  }
}
