package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;

class TestKindTests {

  static final class Telling implements ExecutionCondition, InvocationInterceptor {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      Asked.answer(context, context.getDisplayName() + ": " + TestKind.of(context));
      return ConditionEvaluationResult.enabled("only asked");
    }

    @Override
    public void interceptDynamicTest(
        Invocation<Void> invocation,
        DynamicTestInvocationContext invocationContext,
        ExtensionContext context)
        throws Throwable {
      Asked.answer(context, context.getDisplayName() + ": " + TestKind.of(context));
      invocation.proceed();
    }
  }

  @ExtendWith(Telling.class)
  @DisplayName("class")
  static class EachKindTestCases {

    @Test
    void plain() {}

    @RepeatedTest(1)
    void repeated() {}

    @TestFactory
    Stream<DynamicTest> factory() {
      return Stream.of(DynamicTest.dynamicTest("dynamic", () -> {}));
    }
  }

  @Test
  void tests_invocations_and_factories_are_told_from_what_is_around_and_inside_them() {
    assertThat(Asked.answers(EachKindTestCases.class, Map.of()))
        .containsExactlyInAnyOrder(
            "class: OTHER",
            "plain(): TEST",
            "repeated(): OTHER",
            "repetition 1 of 1: TEST",
            "factory(): FACTORY",
            "dynamic: OTHER");
  }
}
