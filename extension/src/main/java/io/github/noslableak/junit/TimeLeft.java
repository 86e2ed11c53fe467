package io.github.noslableak.junit;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** How long a test may take: running its body again counts against that too. */
public final class TimeLeft {

  /** JUnit's default timeouts of a test, the nearest first; see {@link Timeout}. */
  private static final List<String> OF_TEST =
      List.of(
          Timeout.DEFAULT_TEST_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_TESTABLE_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_TIMEOUT_PROPERTY_NAME);

  private static final List<String> OF_TEMPLATE =
      List.of(
          Timeout.DEFAULT_TEST_TEMPLATE_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_TESTABLE_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_TIMEOUT_PROPERTY_NAME);

  private static final List<String> OF_AFTER_EACH =
      List.of(
          Timeout.DEFAULT_AFTER_EACH_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_LIFECYCLE_METHOD_TIMEOUT_PROPERTY_NAME,
          Timeout.DEFAULT_TIMEOUT_PROPERTY_NAME);

  private static final Pattern DURATION =
      Pattern.compile(
          "([1-9]\\d*) ?(ns|\u03bcs|ms|s|m|h|d)?", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ns",
          ChronoUnit.NANOS,
          "\u03bcs",
          ChronoUnit.MICROS,
          "ms",
          ChronoUnit.MILLIS,
          "s",
          ChronoUnit.SECONDS,
          "m",
          ChronoUnit.MINUTES,
          "h",
          ChronoUnit.HOURS,
          "d",
          ChronoUnit.DAYS);

  private TimeLeft() {}

  /**
   * Finds the timeout of a test as JUnit does: on the method, its class or an enclosing one, else a
   * default.
   */
  public static Optional<Duration> ofTest(ExtensionContext context) {
    if (areDisabled(context)) {
      return Optional.empty();
    }
    boolean isTemplate =
        !AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), Test.class);
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Timeout.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(),
                    Timeout.class,
                    context.getEnclosingTestClasses()))
        .map(TimeLeft::duration)
        .or(() -> byDefault(isTemplate ? OF_TEMPLATE : OF_TEST, context));
  }

  /** Finds that of an {@code @AfterEach} method: its own or a default, for its class's is not. */
  public static Optional<Duration> ofAfterEach(Method method, ExtensionContext context) {
    if (areDisabled(context)) {
      return Optional.empty();
    }
    return AnnotationSupport.findAnnotation(method, Timeout.class)
        .map(TimeLeft::duration)
        .or(() -> byDefault(OF_AFTER_EACH, context));
  }

  private static boolean areDisabled(ExtensionContext context) {
    return context
        .getConfigurationParameter(Timeout.TIMEOUT_MODE_PROPERTY_NAME)
        .filter("disabled"::equalsIgnoreCase)
        .isPresent();
  }

  private static Duration duration(Timeout timeout) {
    return Duration.of(timeout.value(), timeout.unit().toChronoUnit());
  }

  private static Optional<Duration> byDefault(List<String> names, ExtensionContext context) {
    return names.stream()
        .map(context::getConfigurationParameter)
        .flatMap(Optional::stream)
        .findFirst()
        .flatMap(TimeLeft::parse);
  }

  /** JUnit itself refuses what is malformed; a number alone is seconds. */
  private static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    return matcher.matches()
        ? Optional.of(
            Duration.of(
                Long.parseLong(matcher.group(1)),
                UNITS.getOrDefault(
                    matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT),
                    ChronoUnit.SECONDS)))
        : Optional.empty();
  }
}
