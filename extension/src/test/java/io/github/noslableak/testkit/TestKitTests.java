package io.github.noslableak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;

/** What the tests' own kit gives and asserts; its leaks are tested beside the running kernel. */
class TestKitTests {

  private static final List<Optional<String>> LINGERS = new ArrayList<>();

  @BeforeEach
  void forget() {
    LINGERS.clear();
  }

  static final class NotesTheLinger implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      LINGERS.add(context.getConfigurationParameter("noslableak.linger"));
    }
  }

  @ExtendWith(NotesTheLinger.class)
  static class PassingTestCases {
    @Test
    void one() {}

    @Test
    void two(TestReporter reporter) {
      reporter.publishEntry("another", "entry");
      reporter.publishEntry("noslableak", "the report");
    }
  }

  @MeantToFail
  static class MixedTestCases {
    @Test
    void passing() {}

    @Test
    void failing() {
      throw new IllegalArgumentException("its own");
    }

    @Test
    void aborted() {
      Assumptions.abort("its own");
    }

    @Test
    @Disabled("its own")
    void disabled() {}
  }

  @MeantToFail
  static class FactoryTestCases {
    @TestFactory
    Stream<DynamicTest> failing() {
      throw new IllegalStateException();
    }
  }

  static class OverloadedTestCases {
    void body() {}

    void body(int number) {}
  }

  @Test
  void should_run_a_class() {
    Results results = TestKit.run(PassingTestCases.class);

    assertThat(results).passes(2);
    assertThat(results.failed()).isEmpty();
    assertThat(results.reports()).containsExactly("the report");
    assertThat(results.report()).isEqualTo("the report");
    assertThat(results.said()).isEqualTo("the report");
    assertThat(LINGERS).containsExactly(Optional.of("300 ms"), Optional.of("300 ms"));
  }

  @Test
  void should_run_one_method_with_parameters() {
    assertThat(TestKit.runMethod(PassingTestCases.class, "one", "noslableak.linger", "1 s"))
        .passes(1);
    assertThat(LINGERS).containsExactly(Optional.of("1 s"));
  }

  @Test
  void should_refuse_what_cannot_be_run() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestKit.runMethod(PassingTestCases.class, "three"))
        .withMessage("0 methods of " + PassingTestCases.class.getName() + " are named three");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestKit.runMethod(OverloadedTestCases.class, "body"))
        .withMessageStartingWith("2 methods of ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestKit.run(PassingTestCases.class, "noslableak.linger"))
        .withMessage("no value for noslableak.linger: names and values by turns");
    assertThat(LINGERS).isEmpty();
  }

  @Test
  void should_tell_how_each_test_ended() {
    Results results = TestKit.run(MixedTestCases.class);

    assertThat(results.outcomes())
        .extracting(TestExecutionResult::getStatus)
        .containsExactlyInAnyOrder(
            TestExecutionResult.Status.SUCCESSFUL,
            TestExecutionResult.Status.FAILED,
            TestExecutionResult.Status.ABORTED);
    assertThat(results.messages()).containsExactly("its own");
    assertThat(results.failed())
        .extracting(Results.Failure::displayName)
        .containsExactly("failing()");
    assertThat(results).failsWith(IllegalArgumentException.class, "its own");
    assertThatThrownBy(results::report)
        .isInstanceOf(AssertionError.class)
        .hasMessage("nothing was reported; [its own]");
  }

  @Test
  void should_tell_what_failed_beside_the_tests() {
    Results results = TestKit.run(FactoryTestCases.class);

    assertThat(results.failures()).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(results.messages()).containsExactly("");
    assertThat(results.outcomes()).isEmpty();
    assertThatThrownBy(() -> assertThat(results).passes(0)).isInstanceOf(AssertionError.class);
  }

  @Test
  void should_show_what_failed_where_all_should_pass() {
    Results results = TestKit.run(MixedTestCases.class);

    assertThatThrownBy(() -> assertThat(results).passes(1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("what failed")
        .hasMessageContaining("java.lang.IllegalArgumentException: its own")
        .hasMessageContaining("TestKitTests$MixedTestCases.failing");
  }

  @Test
  void should_insist_on_the_number_that_passed() {
    Results results = TestKit.run(PassingTestCases.class);

    assertThatThrownBy(() -> assertThat(results).passes(3))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("tests that passed");
  }

  @Test
  void should_show_what_was_reported_where_a_leak_was_not_seen() {
    Results results = TestKit.run(PassingTestCases.class);

    assertThatThrownBy(() -> assertThat(results).leaks("dentry", 1, "one()"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the report");
  }

  @Test
  void should_insist_on_the_type_and_the_message_of_a_failure() {
    Results results = TestKit.run(MixedTestCases.class);

    assertThatThrownBy(() -> assertThat(results).failsWith(IllegalStateException.class, "its own"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () -> assertThat(results).failsWith(IllegalArgumentException.class, "another"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void should_take_nothing_but_a_leak_for_a_leak() {
    Results results = TestKit.run(MixedTestCases.class);

    assertThatThrownBy(() -> assertThat(results).leaks("dentry", 1, "failing()"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("SlabLeakError");
    assertThatThrownBy(() -> assertThat(results).leaks("dentry", 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("failing()")
        .hasMessageContaining("its own");
    assertThatThrownBy(results::leak)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not one leak: ");
  }
}
