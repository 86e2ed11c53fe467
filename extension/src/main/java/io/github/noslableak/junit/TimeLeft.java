package io.github.noslableak.junit;

import java.lang.reflect.Method;
import java.math.BigInteger;
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

/**
 * What JUnit's timeout leaves of the time that a test, or one of its fixtures, may take. Running a
 * body again counts against that too.
 *
 * @param timeout how long it may take in all
 * @param began when it began, by {@link System#nanoTime()}
 */
public record TimeLeft(Duration timeout, long began) {

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

  private static final Duration LONGEST = Duration.ofDays(10_000);

  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

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

  /**
   * Finds that of a test, as JUnit does: by the timeout of the method, its class or an enclosing
   * one, else by a default. There is none without a timeout.
   */
  public static Optional<TimeLeft> ofTest(ExtensionContext context, long began) {
    if (areDisabled(context)) {
      return Optional.empty();
    }
    Method test = context.getRequiredTestMethod();
    return AnnotationSupport.findAnnotation(test, Timeout.class)
        .or(
            () ->
                AnnotationSupport.findAnnotation(
                    context.getRequiredTestClass(),
                    Timeout.class,
                    context.getEnclosingTestClasses()))
        .map(TimeLeft::duration)
        .or(
            () ->
                byDefault(
                    AnnotationSupport.isAnnotated(test, Test.class) ? OF_TEST : OF_TEMPLATE,
                    context))
        .map(timeout -> new TimeLeft(timeout, began));
  }

  /**
   * Finds that of an {@code @AfterEach} method: by its own timeout or a default, for its class's is
   * not. While it runs, that of the test no longer counts.
   */
  public static Optional<TimeLeft> ofAfterEach(
      Method method, ExtensionContext context, long began) {
    if (areDisabled(context)) {
      return Optional.empty();
    }
    return AnnotationSupport.findAnnotation(method, Timeout.class)
        .map(TimeLeft::duration)
        .or(() -> byDefault(OF_AFTER_EACH, context))
        .map(timeout -> new TimeLeft(timeout, began));
  }

  /** Returns what is left now; negative where the time is over. */
  public Duration now() {
    return timeout.minusNanos(System.nanoTime() - began);
  }

  private static boolean areDisabled(ExtensionContext context) {
    return context
        .getConfigurationParameter(Timeout.TIMEOUT_MODE_PROPERTY_NAME)
        .filter("disabled"::equalsIgnoreCase)
        .isPresent();
  }

  private static Duration duration(Timeout timeout) {
    return bounded(timeout.value(), timeout.unit().toChronoUnit());
  }

  private static Optional<Duration> byDefault(List<String> names, ExtensionContext context) {
    return names.stream()
        .map(context::getConfigurationParameter)
        .flatMap(Optional::stream)
        .findFirst()
        .flatMap(TimeLeft::parse);
  }

  /** What is longer than anybody waits is no limit, and its nanoseconds would overflow. */
  private static Duration bounded(long amount, ChronoUnit unit) {
    return unit.getDuration().compareTo(LONGEST.dividedBy(Math.max(1, amount))) > 0
        ? LONGEST
        : Duration.of(amount, unit);
  }

  /** JUnit itself refuses what is malformed; a number alone is seconds. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    return matcher.matches()
        ? Optional.of(
            bounded(
                new BigInteger(matcher.group(1)).min(MOST).longValue(),
                UNITS.getOrDefault(
                    matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT),
                    ChronoUnit.SECONDS)))
        : Optional.empty();
  }
}
