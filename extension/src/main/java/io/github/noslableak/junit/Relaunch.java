package io.github.noslableak.junit;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one test by JUnit's launcher; only loaded where that is on the class path. */
final class Relaunch {

  private Relaunch() {}

  /**
   * Runs a test, all dynamic ones of a factory, without telling any listener of the build.
   *
   * @param mayAbort whether one that is aborted is a dynamic test less, and no failure
   * @throws Throwable what it failed by first; or that none ran
   */
  static void run(String uniqueId, boolean mayAbort) throws Throwable {
    Map<String, String> parameters = new HashMap<>(LaunchParameters.latest());
    // In this thread: it is this one that the test's own timeout and our watchdog interrupt.
    parameters.put("junit.jupiter.execution.parallel.enabled", "false");
    parameters.put(FreshLife.PARAMETER, FreshLife.VALUE);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectUniqueId(uniqueId))
            .configurationParameters(parameters)
            .build();
    LauncherConfig quiet =
        LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build();
    Result result = new Result(mayAbort);
    LauncherFactory.create(quiet).execute(request, result);
    result.check();
  }

  /** What became of it. */
  private static final class Result implements TestExecutionListener {

    private final boolean mayAbort;
    private @Nullable Throwable failure;
    private int tests;

    Result(boolean mayAbort) {
      this.mayAbort = mayAbort;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      fail(new IllegalStateException("it was skipped: " + reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest() && result.getStatus() == Status.SUCCESSFUL) {
        tests++;
      }
      // What was aborted did not do what is in question.
      if (result.getStatus() == Status.FAILED
          || (result.getStatus() == Status.ABORTED && !mayAbort)) {
        fail(
            result
                .getThrowable()
                .orElseGet(
                    () ->
                        new IllegalStateException(
                            test.getDisplayName()
                                + " was "
                                + result.getStatus().name().toLowerCase(Locale.ROOT))));
      }
    }

    private void fail(Throwable throwable) {
      if (failure == null) {
        failure = throwable;
      }
    }

    private void check() throws Throwable {
      if (failure != null) {
        throw failure;
      }
      if (tests == 0) {
        throw new IllegalStateException("no test of it passed");
      }
    }
  }
}
