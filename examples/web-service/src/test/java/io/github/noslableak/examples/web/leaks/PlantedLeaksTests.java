package io.github.noslableak.examples.web.leaks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import io.github.noslableak.SlabLeakError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** Each of the usual leaks fails its test, and the failure names what leaked. */
class PlantedLeaksTests {

  /** What no garbage collection closes, though the files are deleted when the test is over. */
  private static final Set<PlantedLeak> KEPT =
      EnumSet.of(PlantedLeak.DIRECTORY_STREAM, PlantedLeak.MAPPED_FILE);

  @AfterEach
  void release() throws Exception {
    Kept.release();
  }

  @ParameterizedTest
  @EnumSource
  void should_be_reported(PlantedLeak leak) {
    Optional<Throwable> thrown = run(leak).getThrowable();
    if (thrown.orElse(null) instanceof TestAbortedException unmeasurable) {
      throw unmeasurable;
    }
    assertThat(thrown)
        .as(() -> thrown.map(Throwable::toString).orElse("passed"))
        .containsInstanceOf(SlabLeakError.class);
    SlabLeakError error = (SlabLeakError) thrown.orElseThrow();
    // Not the growth in objects: its counter also shows what other processes give back meanwhile.
    assertThat(error.growth().perIteration(leak.cache)).as(error.getMessage()).isPositive();
    assertThat(error)
        .hasMessageStartingWith(leak.testClass.getSimpleName() + "." + leak.method + " leaked ")
        .hasMessageContaining(" " + leak.cache);
    if (KEPT.contains(leak)) {
      assertThat(error).message().doesNotContain("garbage collection");
    }
  }

  private static TestExecutionResult run(PlantedLeak leak) {
    List<TestExecutionResult> results = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            request().selectors(selectMethod(leak.testClass, leak.method)).build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier id, TestExecutionResult result) {
                if (id.isTest()) {
                  results.add(result);
                }
              }
            });
    assertThat(results).hasSize(1);
    return results.get(0);
  }
}
