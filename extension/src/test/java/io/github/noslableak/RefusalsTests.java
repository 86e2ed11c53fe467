package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.noslableak.engine.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.opentest4j.TestAbortedException;

class RefusalsTests {

  private final SlabUnmeasurableException noSlab = new SlabUnmeasurableException("no slab here");

  private static Settings settings(Map<String, String> values) {
    return Settings.from(name -> Optional.ofNullable(values.get(name)));
  }

  @Test
  void what_cannot_be_measured_is_aborted_and_the_message_says_how_to_fail_instead() {
    assertThat(Refusals.unmeasurable(settings(Map.of()), noSlab))
        .isExactlyInstanceOf(TestAbortedException.class)
        .hasMessage("no slab here\nSet noslableak.unmeasurable=fail to fail here.")
        .hasCause(noSlab);
  }

  @Test
  void where_that_is_to_fail_it_fails_as_it_is() {
    assertThat(Refusals.unmeasurable(settings(Map.of("noslableak.unmeasurable", "fail")), noSlab))
        .isSameAs(noSlab);
  }

  @Test
  void a_mistake_names_the_annotation() {
    IllegalArgumentException mistake = new IllegalArgumentException("mebibytes should be more");

    assertThat(Refusals.misuse(PrivateMount.class, mistake))
        .isExactlyInstanceOf(ExtensionConfigurationException.class)
        .hasMessage("@PrivateMount: mebibytes should be more")
        .hasCause(mistake);
  }

  @Test
  void a_refused_test_throws_its_reason_and_leaves_the_rest_alone() {
    TestEntry refused = new TestEntry.Refused(noSlab);

    assertThat(refused.setAside(() -> "done")).isEqualTo("done");
    assertThat(refused.modules()).isEmpty();
    assertThat(catchThrowable(refused::start)).isSameAs(noSlab);
  }
}
