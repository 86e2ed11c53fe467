package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

class VintageListenerTests {

  private final List<String> said = new ArrayList<>();
  private final VintageListener listener = new VintageListener(said::add);

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

  private void start(String engine, Class<?> type, String method) throws NoSuchMethodException {
    listener.executionStarted(
        TestIdentifier.from(
            new AbstractTestDescriptor(
                UniqueId.forEngine(engine).append("test", method),
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
  void others_are_not() throws Exception {
    start("junit-vintage", OldTestCases.class, "not_annotated");
    start("junit-jupiter", OldTestCases.class, "annotated");

    assertThat(said).isEmpty();
  }

  @Test
  void the_launcher_finds_it() {
    assertThat(ServiceLoader.load(TestExecutionListener.class))
        .hasAtLeastOneElementOfType(VintageListener.class);
  }
}
