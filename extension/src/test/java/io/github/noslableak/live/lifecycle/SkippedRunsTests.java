package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabInconclusiveError;
import io.github.noslableak.SlabUnmeasurableException;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.engine.TestExecutionResult;

/** Runs that other extensions keep from happening are not claimed to have been judged. */
@LiveTest
class SkippedRunsTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  /** As an extension does that runs the body somewhere else, such as in another class loader. */
  static final class Skips implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> invocationContext,
        ExtensionContext context) {
      invocation.skip();
    }
  }

  @ExtendWith(Skips.class)
  static class SkippedTestCases {
    @Test
    @NoSlabLeak(caches = "sock_inode_cache", iterations = 100)
    void body() {
      CALLS.add("body");
    }
  }

  @Test
  void a_body_that_was_skipped_is_not_judged_and_that_is_told() {
    assertThat(TestKit.run(SkippedTestCases.class))
        .failsWith(
            SlabUnmeasurableException.class,
            "NoSlabLeak could not judge SkippedTestCases.body: another extension kept its body from"
                + " running");
    assertThat(CALLS).isEmpty();
  }

  @Test
  void where_tests_are_aborted_for_that_it_is_aborted() {
    Results results = TestKit.run(SkippedTestCases.class, "noslableak.unmeasurable", "abort");
    assertThat(results.outcomes())
        .extracting(TestExecutionResult::getStatus)
        .containsExactly(TestExecutionResult.Status.ABORTED);
  }

  /** As an extension does that expects a failure. */
  static final class LetsPass implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) {
      CALLS.add("let pass");
    }
  }

  @ExtendWith(LetsPass.class)
  static class FailsAtOnceTestCases {
    @Test
    @NoSlabLeak(caches = "sock_inode_cache", iterations = 100)
    void body() {
      CALLS.add("body");
      throw new IllegalStateException("its own");
    }
  }

  @Test
  void a_failure_that_ends_the_iterations_and_was_let_pass_is_told() {
    assertThat(TestKit.run(FailsAtOnceTestCases.class))
        .failsWith(
            SlabUnmeasurableException.class,
            "NoSlabLeak could not judge FailsAtOnceTestCases.body: it failed in run 1 of 100, and"
                + " another extension let that pass");
    assertThat(CALLS).containsExactly("body", "let pass");
  }

  @ExtendWith(LetsPass.class)
  static class FailsInTheEndTestCases {
    @Test
    @NoSlabLeak(caches = "sock_inode_cache")
    void body() {
      throw new IllegalStateException("its own");
    }
  }

  @ExtendWith(LetsPass.class)
  static class LeaksAndFailsInTheEndTestCases {
    @Test
    @NoSlabLeak(caches = "sock_inode_cache")
    void body() {
      LEAKED.sockets(1);
      throw new IllegalStateException("its own");
    }
  }

  @Test
  void a_failure_that_ends_the_last_run_is_judged() {
    assertThat(TestKit.run(FailsInTheEndTestCases.class)).passes(1);
    assertThat(TestKit.run(LeaksAndFailsInTheEndTestCases.class).failures())
        .as("it is not run again, for it would fail again")
        .singleElement()
        .isInstanceOf(SlabInconclusiveError.class);
  }
}
