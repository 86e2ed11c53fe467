package io.github.noslableak;

import io.github.noslableak.engine.Settings;
import java.lang.annotation.Annotation;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.opentest4j.TestAbortedException;

/** What JUnit is told where a test cannot be measured, or was annotated by mistake. */
final class Refusals {

  private Refusals() {}

  /** Aborts the test or fails it, as {@link Settings#UNMEASURABLE} says. */
  static RuntimeException unmeasurable(Settings settings, SlabUnmeasurableException e) {
    return switch (settings.unmeasurable()) {
      case FAIL -> e;
      case ABORT ->
          new TestAbortedException(
              e.getMessage() + "\nSet " + Settings.UNMEASURABLE + "=fail to fail here.", e);
    };
  }

  /**
   * Fails the test for what its annotation, or a setting, should not be.
   *
   * @param e says what it should be
   */
  static ExtensionConfigurationException misuse(
      Class<? extends Annotation> annotation, Exception e) {
    return new ExtensionConfigurationException(
        "@" + annotation.getSimpleName() + ": " + e.getMessage(), e);
  }
}
