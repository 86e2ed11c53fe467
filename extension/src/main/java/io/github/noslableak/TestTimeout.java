package io.github.noslableak;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** How long a test may take: running its body again counts against that too. */
final class TestTimeout {

  private TestTimeout() {}

  /** Finds {@code @Timeout} as JUnit does: on the method, else on its class or an enclosing one. */
  static Optional<Duration> of(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Timeout.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(),
                    Timeout.class,
                    context.getEnclosingTestClasses()))
        .map(timeout -> Duration.of(timeout.value(), timeout.unit().toChronoUnit()));
  }
}
