package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTests {

  @Test
  void what_has_passed_is_not_left() {
    long now = System.nanoTime();

    assertThat(new TimeLeft(Duration.ofMinutes(1), now).now())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofMinutes(1));
    assertThat(new TimeLeft(Duration.ofMinutes(1), now - TimeUnit.SECONDS.toNanos(45)).now())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofSeconds(15));
    assertThat(new TimeLeft(Duration.ofMinutes(1), now - TimeUnit.SECONDS.toNanos(75)).now())
        .isLessThanOrEqualTo(Duration.ofSeconds(-15));
  }

  @Test
  void a_timeout_longer_than_anybody_waits_is_no_limit_and_does_not_overflow() {
    for (String endless :
        List.of("9223372036854775807 d", "9223372036854775807", "1" + "0".repeat(30))) {
      assertThat(TimeLeft.parse(endless))
          .hasValueSatisfying(
              longest -> {
                assertThat(longest).isEqualTo(Duration.ofDays(10_000));
                assertThat(new TimeLeft(longest, System.nanoTime()).now().toNanos()).isPositive();
              });
    }
    assertThat(TimeLeft.parse("3 min")).isEmpty();
    assertThat(TimeLeft.parse("3 m")).hasValue(Duration.ofMinutes(3));
  }

  // Whose timeout it is

  static final class Asking implements AfterTestExecutionCallback, InvocationInterceptor {

    @Override
    public void afterTestExecution(ExtensionContext context) {
      answer(context, context.getRequiredTestMethod(), TimeLeft.ofTest(context, 0));
    }

    @Override
    public void interceptAfterEachMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> invocationContext,
        ExtensionContext context)
        throws Throwable {
      invocation.proceed();
      Method fixture = invocationContext.getExecutable();
      answer(context, fixture, TimeLeft.ofAfterEach(fixture, context, 0));
    }

    private static void answer(ExtensionContext context, Method method, Optional<TimeLeft> left) {
      Asked.answer(
          context,
          method.getName() + " " + left.map(time -> time.timeout().toString()).orElse("none"));
    }
  }

  @ExtendWith(Asking.class)
  static class WithoutTestCases {

    @Test
    void test() {}

    @AfterEach
    void after() {}
  }

  @ExtendWith(Asking.class)
  static class TemplateTestCases {

    @RepeatedTest(1)
    void template() {}
  }

  @ExtendWith(Asking.class)
  @Timeout(70)
  static class AnnotatedTestCases {

    @Test
    void byClass() {}

    @AfterEach
    void after() {}

    @Nested
    class Inner {

      @Test
      void byEnclosing() {}

      @Test
      @Timeout(value = 80_000, unit = TimeUnit.MILLISECONDS)
      void byMethod() {}

      @Test
      @Timeout(Long.MAX_VALUE)
      void endless() {}

      @AfterEach
      @Timeout(value = 2, unit = TimeUnit.MINUTES)
      void ownAfter() {}
    }
  }

  @Test
  void without_a_timeout_there_is_none() {
    assertThat(Asked.answers(WithoutTestCases.class, Map.of()))
        .containsExactly("test none", "after none");
  }

  @Test
  void the_nearest_annotation_counts_and_that_of_a_class_is_not_its_fixtures() {
    assertThat(Asked.answers(AnnotatedTestCases.class, Map.of()))
        .containsExactlyInAnyOrder(
            "byClass PT1M10S",
            "after none",
            "byEnclosing PT1M10S",
            "ownAfter PT2M",
            "after none",
            "byMethod PT1M20S",
            "ownAfter PT2M",
            "after none",
            "endless PT240000H",
            "ownAfter PT2M",
            "after none");
  }

  @Test
  void where_JUnit_disables_timeouts_there_is_none() {
    assertThat(
            Asked.answers(
                AnnotatedTestCases.class,
                Map.of(
                    "junit.jupiter.execution.timeout.mode",
                    "disabled",
                    "junit.jupiter.execution.timeout.default",
                    "90 s")))
        .isNotEmpty()
        .allMatch(answer -> answer.endsWith(" none"));
  }

  @ParameterizedTest
  @CsvSource({
    "default, 'test PT1M40S', 'after PT1M40S'",
    "testable.method.default, 'test PT1M40S', 'after none'",
    "test.method.default, 'test PT1M40S', 'after none'",
    "testtemplate.method.default, 'test none', 'after none'",
    "lifecycle.method.default, 'test none', 'after PT1M40S'",
    "aftereach.method.default, 'test none', 'after PT1M40S'",
    "beforeeach.method.default, 'test none', 'after none'"
  })
  void a_default_is_for_some_methods(String name, String test, String after) {
    assertThat(
            Asked.answers(
                WithoutTestCases.class, Map.of("junit.jupiter.execution.timeout." + name, "100 s")))
        .containsExactly(test, after);
  }

  @Test
  void a_template_has_its_own_default() {
    assertThat(
            Asked.answers(
                TemplateTestCases.class,
                Map.of(
                    "junit.jupiter.execution.timeout.test.method.default", "100 s",
                    "junit.jupiter.execution.timeout.testtemplate.method.default", "110 s")))
        .containsExactly("template PT1M50S");
  }

  @Test
  void the_nearest_default_counts() {
    assertThat(
            Asked.answers(
                WithoutTestCases.class,
                Map.of(
                    "junit.jupiter.execution.timeout.default", "100 s",
                    "junit.jupiter.execution.timeout.testable.method.default", "110 s",
                    "junit.jupiter.execution.timeout.test.method.default", "120 s",
                    "junit.jupiter.execution.timeout.lifecycle.method.default", "130 s",
                    "junit.jupiter.execution.timeout.aftereach.method.default", "140 s")))
        .containsExactly("test PT2M", "after PT2M20S");
  }

  @ParameterizedTest
  @CsvSource({
    "90, PT1M30S",
    "90 s, PT1M30S",
    "90S, PT1M30S",
    "90000 ms, PT1M30S",
    "2m, PT2M",
    "3 h, PT3H",
    "1 d, PT24H",
    "90000000000 ns, PT1M30S",
    "90000000 \u03bcs, PT1M30S"
  })
  void a_default_is_read_as_JUnit_reads_it(String value, String expected) {
    assertThat(
            Asked.answers(
                WithoutTestCases.class, Map.of("junit.jupiter.execution.timeout.default", value)))
        .containsExactly("test " + expected, "after " + expected);
  }
}
