package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.noslableak.SlabLeakError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * A test that was run by itself, beside what the module counted meanwhile.
 *
 * @param failure what it failed with, empty if it passed
 * @param hooked closes that the module hooked
 * @param leaked references on paths that the module leaked
 * @param pinned references on the roots of volumes that the module leaked
 * @param dropped records that the module leaked
 * @param took from its start to its verdict
 */
record HookedRun(
    Optional<Throwable> failure,
    long hooked,
    long leaked,
    long pinned,
    long dropped,
    Duration took) {

  /** What README says of how fast leaks are found is taken from this file. */
  private static final Path DETECTIONS = Path.of("detections.tsv");

  static HookedRun of(Class<?> testCases, String test) {
    long hooked = HookModule.hooked();
    long leaked = HookModule.leaked();
    long pinned = HookModule.pinned();
    long dropped = HookModule.dropped();
    long start = System.nanoTime();
    List<TestExecutionResult> results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(testCases, test))
            .configurationParameter("noslableak.unmeasurable", "fail")
            .execute()
            .testEvents()
            .finished()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .toList();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(results).hasSize(1);
    HookedRun run =
        new HookedRun(
            results.get(0).getThrowable(),
            HookModule.hooked() - hooked,
            HookModule.leaked() - leaked,
            HookModule.pinned() - pinned,
            HookModule.dropped() - dropped,
            took);
    run.note(testCases.getSimpleName() + "." + test);
    return run;
  }

  /** Returns the leak that the test failed with. */
  SlabLeakError leak() {
    assertThat(failure).isPresent();
    assertThat(failure.get()).isInstanceOf(SlabLeakError.class);
    return (SlabLeakError) failure.get();
  }

  private void note(String test) {
    String line =
        String.format(
            Locale.ROOT,
            "%s\t%d\t%d\t%.1f\t%s%n",
            test,
            hooked,
            leaked + pinned + dropped,
            took.toMillis() / 1000.0,
            failure.map(thrown -> thrown.getClass().getSimpleName()).orElse("passed"));
    try {
      if (!Files.exists(DETECTIONS)) {
        Files.writeString(DETECTIONS, "test\tcloses\tleaked\tseconds\toutcome\n");
      }
      Files.writeString(DETECTIONS, line, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
