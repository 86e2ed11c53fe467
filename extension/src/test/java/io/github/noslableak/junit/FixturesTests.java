package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

class FixturesTests {

  /** Runs the body again before it lets JUnit go on with the fixtures that come last. */
  abstract static class Repeating implements InvocationInterceptor {

    abstract void repeat(Fixtures fixtures, ExtensionContext context) throws Throwable;

    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> invocationContext,
        ExtensionContext context)
        throws Throwable {
      invocation.proceed();
      Asked.answer(context, "--");
      repeat(Fixtures.of(context), context);
      Asked.answer(context, "--");
    }
  }

  static final class Whole extends Repeating {

    @Override
    void repeat(Fixtures fixtures, ExtensionContext context) {
      try {
        fixtures.run();
      } catch (Throwable t) {
        Asked.answer(
            context,
            "threw "
                + Stream.concat(Stream.of(t), Stream.of(t.getSuppressed()))
                    .map(Throwable::getMessage)
                    .toList());
      }
    }
  }

  static final class InParts extends Repeating {

    @Override
    void repeat(Fixtures fixtures, ExtensionContext context) throws Throwable {
      fixtures.tearDown();
      Asked.answer(context, "after these " + fixtures.numberAfter());
      fixtures.runBody();
    }
  }

  private static void tell(TestReporter reporter, String what) {
    reporter.publishEntry("answer", what);
  }

  static class BaseTestCases {

    @BeforeEach
    void baseBefore(TestReporter reporter) {
      tell(reporter, "base before");
    }

    @AfterEach
    void baseAfter(TestReporter reporter) {
      tell(reporter, "base after");
    }
  }

  static class NestedTestCases extends BaseTestCases {

    @BeforeEach
    void before(TestReporter reporter) {
      tell(reporter, "before");
    }

    @AfterEach
    void after(TestReporter reporter) {
      tell(reporter, "after");
    }

    @Nested
    class Inner {
      private int runs;

      @BeforeEach
      void innerBefore(TestReporter reporter) {
        tell(reporter, "inner before");
      }

      @Test
      void test(TestReporter reporter) {
        runs++;
        tell(reporter, "run " + runs);
      }

      @AfterEach
      void innerAfter(TestReporter reporter) {
        tell(reporter, "inner after");
      }
    }
  }

  @ExtendWith(Whole.class)
  static class WholeTestCases extends NestedTestCases {}

  @ExtendWith(InParts.class)
  static class InPartsTestCases extends NestedTestCases {}

  /** What JUnit itself does is the measure. */
  @Test
  void a_whole_run_is_as_JUnits_own() {
    List<String> before = List.of("base before", "before", "inner before");
    List<String> after = List.of("inner after", "after", "base after");

    assertThat(Asked.answers(WholeTestCases.class, Map.of()))
        .containsExactlyElementsOf(
            Stream.of(
                    before,
                    List.of("run 1", "--"),
                    before,
                    List.of("run 2"),
                    after,
                    List.of("--"),
                    after)
                .flatMap(List::stream)
                .toList());
  }

  @Test
  void in_parts_what_comes_after_ends_one_run_and_what_comes_before_begins_the_next() {
    assertThat(Asked.answers(InPartsTestCases.class, Map.of()))
        .containsExactly(
            "base before",
            "before",
            "inner before",
            "run 1",
            "--",
            "inner after",
            "after",
            "base after",
            "after these 3",
            "base before",
            "before",
            "inner before",
            "run 2",
            "--",
            "inner after",
            "after",
            "base after");
  }

  @ExtendWith(Whole.class)
  static class FailingTestCases {
    private int runs;

    @Test
    void test() {
      runs++;
      if (runs == 2) {
        throw new IllegalStateException("body");
      }
    }

    @AfterEach
    void after(TestReporter reporter) {
      tell(reporter, "after " + runs);
      if (runs == 2) {
        runs++;
        throw new IllegalStateException("fixture");
      }
    }
  }

  @Test
  void what_comes_after_is_called_though_the_body_fails() {
    assertThat(Asked.answers(FailingTestCases.class, Map.of()))
        .containsExactly("--", "after 2", "threw [body, fixture]", "--", "after 3");
  }
}
