package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectIteration;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.noslableak.SlabLeakError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * A test that was run by itself, beside what the module counted meanwhile. The extension runs the
 * body of a test under suspicion again and again; the module's counts are those of all runs.
 *
 * @param failure what it failed with, empty if it passed
 * @param bodies how often the body ran
 * @param hooked closes that the module hooked; the extension's own files are among them
 * @param leaked references on paths that the module leaked
 * @param pinned references on the roots of volumes that the module leaked
 * @param dropped records that the module leaked
 * @param took from its start to its verdict
 */
record HookedRun(
    Optional<Throwable> failure,
    int bodies,
    long hooked,
    long leaked,
    long pinned,
    long dropped,
    Duration took) {

  /** One line a run: how many bodies, closes and seconds it took to find how many leaks. */
  private static final Path DETECTIONS = Path.of("detections.tsv");

  private static final Path REPORTS = Path.of("reports");

  private static int bodiesSoFar;

  /** To be called by each body. */
  static void body() {
    bodiesSoFar++;
  }

  /** The linger of most runs: half a second, so that forty leaking tests take no minutes. */
  static final String SHORT = "500 ms";

  /** Runs a test. */
  static HookedRun of(Class<?> testCases, String test) {
    return of(selectMethod(testCases, method(testCases, test)), name(testCases, test), SHORT);
  }

  /** Runs a test of each path for one path alone. */
  static HookedRun of(Class<?> testCases, String test, IoPath path, String linger) {
    int iteration = List.of(IoPath.values()).indexOf(path);
    return of(
        selectIteration(selectMethod(testCases, method(testCases, test)), iteration),
        name(testCases, test) + "-" + path,
        linger);
  }

  private static Method method(Class<?> testCases, String test) {
    return Stream.of(testCases.getDeclaredMethods())
        .filter(candidate -> candidate.getName().equals(test))
        .findFirst()
        .orElseThrow();
  }

  private static String name(Class<?> testCases, String test) {
    return testCases.getSimpleName() + "." + test;
  }

  private static HookedRun of(DiscoverySelector selector, String name, String linger) {
    int bodies = bodiesSoFar;
    long hooked = HookModule.hooked();
    long leaked = HookModule.leaked();
    long pinned = HookModule.pinned();
    long dropped = HookModule.dropped();
    long start = System.nanoTime();
    List<TestExecutionResult> results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selector)
            .configurationParameter("noslableak.linger", linger)
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
            bodiesSoFar - bodies,
            HookModule.hooked() - hooked,
            HookModule.leaked() - leaked,
            HookModule.pinned() - pinned,
            HookModule.dropped() - dropped,
            took);
    run.note(name, linger);
    return run;
  }

  /** Returns the leak that the test failed with. */
  SlabLeakError leak() {
    assertThat(failure).isPresent();
    assertThat(failure.get()).isInstanceOf(SlabLeakError.class);
    return (SlabLeakError) failure.get();
  }

  private void note(String test, String linger) {
    String line =
        String.format(
            Locale.ROOT,
            "%s\t%d\t%d\t%d\t%s\t%.1f\t%s%n",
            test,
            bodies,
            hooked,
            leaked + pinned + dropped,
            linger,
            took.toMillis() / 1000.0,
            failure.map(thrown -> thrown.getClass().getSimpleName()).orElse("passed"));
    try {
      if (!Files.exists(DETECTIONS)) {
        Files.writeString(DETECTIONS, "test\tbodies\tcloses\tleaked\tlinger\tseconds\toutcome\n");
      }
      Files.writeString(DETECTIONS, line, StandardOpenOption.APPEND);
      if (failure.isPresent()) {
        Files.createDirectories(REPORTS);
        Files.writeString(
            REPORTS.resolve(test + ".txt"), String.valueOf(failure.get().getMessage()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
