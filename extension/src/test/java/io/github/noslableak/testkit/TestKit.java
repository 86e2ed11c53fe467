package io.github.noslableak.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.noslableak.junit.FreshLife;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * Runs test cases with JUnit Jupiter, as a build would, and gives what became of them.
 *
 * <pre>{@code
 * assertThat(TestKit.run(LeakingTestCases.class)).leaks("sock_inode_cache", 2.0, "body()");
 * }</pre>
 *
 * What test cases leak never goes away by itself, so they run with a linger of 300 ms; where
 * objects cannot be counted they fail.
 */
public final class TestKit {

  private static final String RUNNING = "noslableak.testkit";

  private TestKit() {}

  /** Tells whether a test is run by this kit, for {@link MeantToFail}. */
  static boolean isRunning(ExtensionContext context) {
    return context.getConfigurationParameter(RUNNING).isPresent() || FreshLife.isOne(context);
  }

  /**
   * Runs a class.
   *
   * @param parameters configuration parameters, names and values by turns
   */
  public static Results run(Class<?> testCases, String... parameters) {
    return run(selectClass(testCases), parameters);
  }

  /**
   * Runs the only method of that name.
   *
   * @param parameters configuration parameters, names and values by turns
   */
  public static Results runMethod(Class<?> testCases, String name, String... parameters) {
    List<Method> methods =
        Stream.of(testCases.getDeclaredMethods())
            .filter(method -> method.getName().equals(name))
            .toList();
    if (methods.size() != 1) {
      throw new IllegalArgumentException(
          methods.size() + " methods of " + testCases.getName() + " are named " + name);
    }
    return run(selectMethod(testCases, methods.get(0)), parameters);
  }

  private static Results run(DiscoverySelector selector, String... parameters) {
    if (parameters.length % 2 != 0) {
      throw new IllegalArgumentException(
          "no value for " + parameters[parameters.length - 1] + ": names and values by turns");
    }
    EngineTestKit.Builder builder =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selector)
            .configurationParameter(RUNNING, "true")
            .configurationParameter("noslableak.linger", "300 ms")
            .configurationParameter("noslableak.unmeasurable", "fail");
    for (int i = 0; i < parameters.length; i += 2) {
      builder.configurationParameter(parameters[i], parameters[i + 1]);
    }
    return new Results(builder.execute());
  }
}
