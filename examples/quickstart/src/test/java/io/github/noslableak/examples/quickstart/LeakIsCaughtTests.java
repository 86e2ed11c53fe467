package io.github.noslableak.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.noslableak.SlabLeakError;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Keeps the leaking example honest: it must fail, and for its leak. */
class LeakIsCaughtTests {

  @Test
  void the_leaking_test_fails_with_the_leak() {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(LeakyServerTests.class))
                .build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    assumeTrue(summary.getTestsAbortedCount() == 0, "slab objects cannot be counted here");
    assertEquals(1, summary.getTestsFailedCount());
    SlabLeakError error =
        assertInstanceOf(SlabLeakError.class, summary.getFailures().get(0).getException());
    assertEquals(1, error.growth().of("sock_inode_cache"));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith("LeakyServerTests.reports_a_port_that_is_taken leaked 1 "),
        error.getMessage());
  }
}
