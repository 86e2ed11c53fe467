package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.noslableak.junit.FreshLife.Hindrance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A test's further life, and what it knows of the build. */
class FreshLifeTests {

  /** What each run of a test found. */
  private static final List<String> FOUND = new ArrayList<>();

  private static final List<Optional<Hindrance>> HINDRANCES = new ArrayList<>();

  private static final String SETTING = "noslableak.example";

  @BeforeEach
  void forget() {
    FOUND.clear();
    HINDRANCES.clear();
  }

  /** Gives the test that it stands before a further life. */
  static class LivesAgain implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
      FOUND.add(
          (FreshLife.isOne(context) ? "again " : "first ")
              + context.getConfigurationParameter(SETTING).orElse("none"));
      HINDRANCES.add(FreshLife.hindrance(context));
      if (!FreshLife.isOne(context)) {
        try {
          FreshLife.of(context, false).run();
        } catch (Throwable t) {
          FOUND.add(t.toString());
        }
      }
    }
  }

  @ExtendWith(LivesAgain.class)
  static class PlainTestCases {
    @Test
    void passes() {}
  }

  @ExtendWith(LivesAgain.class)
  static class FailingTestCases {
    @Test
    void fails_in_its_further_life() {
      if (FOUND.size() == 2) {
        throw new IllegalStateException("there already");
      }
    }
  }

  @ExtendWith(LivesAgain.class)
  static class StaticFixtureTestCases {
    @BeforeAll
    static void server() {}

    @Test
    void passes() {}
  }

  @ExtendWith(LivesAgain.class)
  static class StaticFieldTestCases {
    @TempDir static Path dir;

    @Test
    void passes() {}
  }

  @ExtendWith(LivesAgain.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCases {
    @BeforeAll
    void server() {}

    @Test
    void passes() {}
  }

  static class OfAllTests implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {}
  }

  @ExtendWith({LivesAgain.class, OfAllTests.class})
  static class ExtendedTestCases {
    @Test
    void passes() {}
  }

  interface HasServer {
    @RegisterExtension OfAllTests SERVER = new OfAllTests();
  }

  @ExtendWith(LivesAgain.class)
  static class InterfaceTestCases implements HasServer {
    @Test
    void passes() {}
  }

  @Test
  void extensions_of_all_tests_are_not_called_twice() {
    launch(ExtendedTestCases.class);
    launch(InterfaceTestCases.class);

    assertThat(HINDRANCES.get(0)).hasValue(Hindrance.SHARED_STATE);
    assertThat(HINDRANCES.get(2)).hasValue(Hindrance.SHARED_STATE);
  }

  private static void launch(Class<?> testCases) {
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(testCases))
                .configurationParameters(Map.of(SETTING, "of the build"))
                .build());
  }

  @Test
  void a_further_life_has_the_parameters_of_the_build() {
    launch(PlainTestCases.class);

    assertThat(FOUND).containsExactly("first of the build", "again of the build");
    assertThat(HINDRANCES.get(0)).isEmpty();
    assertThat(HINDRANCES.get(1)).as("a life has none").hasValue(Hindrance.SHARED_STATE);
    assertThat(LaunchParameters.latest()).doesNotContainKey(SETTING);
  }

  @Test
  void a_failure_is_that_of_the_test() {
    launch(FailingTestCases.class);

    assertThat(FOUND)
        .containsExactly(
            "first of the build",
            "again of the build",
            "java.lang.IllegalStateException: there already");
  }

  @Test
  void shared_fixtures_are_not_set_up_twice() {
    launch(StaticFixtureTestCases.class);
    launch(StaticFieldTestCases.class);
    launch(PerClassTestCases.class);

    assertThat(HINDRANCES.get(0)).hasValue(Hindrance.SHARED_STATE);
    assertThat(HINDRANCES.get(2)).hasValue(Hindrance.SHARED_STATE);
    assertThat(HINDRANCES.get(4)).hasValue(Hindrance.SHARED_STATE);
  }

  @Test
  void what_is_not_there_cannot_live() {
    assertThatThrownBy(
            () ->
                Relaunch.run(
                    "[engine:junit-jupiter]/[class:" + String.class.getName() + "]", false))
        .isInstanceOf(Exception.class);
  }
}
