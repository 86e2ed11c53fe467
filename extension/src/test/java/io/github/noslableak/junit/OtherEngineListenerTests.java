package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.noslableak.NoSlabLeak;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class OtherEngineListenerTests {

  private final List<String> said = new ArrayList<>();
  private final OtherEngineListener listener = new OtherEngineListener(said::add);

  static class OldTestCases {
    @NoSlabLeak
    void annotated() {}

    void not_annotated() {}
  }

  @Retention(RetentionPolicy.RUNTIME)
  @NoSlabLeak
  @interface Nightly {}

  @Nightly
  static class AnnotatedTestCases {
    void inside() {}
  }

  static class PropertyTestCases {
    @NoSlabLeak
    @Property(tries = 3)
    void annotated(@ForAll int number) {
      assertThat(number).isBetween(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  }

  private void start(String engine, Class<?> type, String method) throws NoSuchMethodException {
    start(UniqueId.forEngine(engine), type, method);
  }

  private void start(UniqueId engine, Class<?> type, String method) throws NoSuchMethodException {
    listener.executionStarted(
        TestIdentifier.from(
            new AbstractTestDescriptor(
                engine.append("test", method),
                method,
                MethodSource.from(type, type.getDeclaredMethod(method))) {
              @Override
              public TestDescriptor.Type getType() {
                return TestDescriptor.Type.TEST;
              }
            }));
  }

  @Test
  void an_annotated_test_of_JUnit_4_is_told_of() throws Exception {
    start("junit-vintage", OldTestCases.class, "annotated");

    assertThat(said)
        .containsExactly(
            "NoSlabLeak: "
                + OldTestCases.class.getName()
                + ".annotated was not measured: it is a test of JUnit 4, and @NoSlabLeak is for"
                + " those of JUnit Jupiter; a SlabGuard in its body measures it");
  }

  @Test
  void so_is_one_of_an_annotated_class_also_by_an_annotation_of_ones_own() throws Exception {
    start("junit-vintage", AnnotatedTestCases.class, "inside");

    assertThat(said).hasSize(1);
  }

  @Test
  void a_property_that_jqwik_runs_is_told_of_once() {
    LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(PropertyTestCases.class))
                .filters(EngineFilter.includeEngines("jqwik"))
                .build(),
            listener);

    assertThat(said)
        .singleElement(as(STRING))
        .contains("PropertyTestCases.annotated was not measured: it is a test of the engine jqwik");
  }

  @Test
  void one_of_a_suite_is_the_engines_that_the_suite_asks() throws Exception {
    UniqueId suite = UniqueId.forEngine("junit-platform-suite").append("suite", "All");
    start(suite.append("engine", "junit-jupiter"), OldTestCases.class, "annotated");
    assertThat(said).isEmpty();

    start(suite.append("engine", "junit-vintage"), OldTestCases.class, "annotated");
    assertThat(said).singleElement(as(STRING)).contains("it is a test of JUnit 4");
  }

  @Test
  void a_method_of_no_class_is_none() {
    listener.executionStarted(
        TestIdentifier.from(
            new AbstractTestDescriptor(
                UniqueId.forEngine("cucumber").append("test", "step"),
                "step",
                MethodSource.from("no.such.Type", "step")) {
              @Override
              public TestDescriptor.Type getType() {
                return TestDescriptor.Type.TEST;
              }
            }));

    assertThat(said).isEmpty();
  }

  @Test
  void others_are_not() throws Exception {
    start("junit-vintage", OldTestCases.class, "not_annotated");
    start("junit-jupiter", OldTestCases.class, "annotated");

    assertThat(said).isEmpty();
  }

  @Test
  void the_launcher_finds_it() {
    assertThat(ServiceLoader.load(TestExecutionListener.class))
        .hasAtLeastOneElementOfType(OtherEngineListener.class);
  }
}
