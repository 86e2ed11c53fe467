package io.github.noslableak.junit;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Knows the configuration parameters that the build gave to JUnit's launcher, for a {@link
 * FreshLife}: an extension's context has each of them, but not their names.
 *
 * <p>The launcher makes it, as a service, where both are on the class path.
 */
public final class LaunchParameters implements TestExecutionListener {

  private record Launch(TestPlan plan, Map<String, String> parameters) {}

  /** Those that run now: a test may use a launcher of its own. */
  private static final Deque<Launch> RUNNING = new ConcurrentLinkedDeque<>();

  /** Returns those of the launch that began last and runs; none where none does. */
  static Map<String, String> latest() {
    Launch launch = RUNNING.peekFirst();
    return launch == null ? Map.of() : launch.parameters();
  }

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    RUNNING.addFirst(
        new Launch(
            plan,
            plan.getConfigurationParameters().keySet().stream()
                .collect(
                    Collectors.toMap(
                        Function.identity(),
                        name -> plan.getConfigurationParameters().get(name).orElse("")))));
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    RUNNING.removeIf(launch -> launch.plan() == plan);
  }
}
