package io.github.noslableak;

import io.github.noslableak.junit.Abort;
import io.github.noslableak.junit.FreshLife;
import io.github.noslableak.junit.TestKind;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Measures a test, as the outermost thing of its life. It holds nothing itself: what is known of a
 * test stands in the store of its context, as a {@link TestEntry} under its unique id.
 *
 * <p>It opens at the first callback that sees the test's own context: before the constructor, or at
 * the conditions where the instance is shared. It closes with that context's store, whose first
 * entry it is and which is emptied in reverse order: after {@code @AfterEach}, after the callbacks
 * of other extensions and after {@code @TempDir} was deleted.
 */
final class NoSlabLeakExtension
    implements TestInstancePreConstructCallback,
        ExecutionCondition,
        BeforeEachCallback,
        AfterTestExecutionCallback,
        InvocationInterceptor {

  private static final Namespace NAMESPACE = Namespace.create(NoSlabLeakExtension.class);

  private static final ConditionEvaluationResult ENABLED =
      ConditionEvaluationResult.enabled("@NoSlabLeak does not disable tests");

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(
      ExtensionContext rootContext) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factoryContext, ExtensionContext context) {
    open(context);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    open(context);
    return ENABLED;
  }

  /**
   * Starts what was opened. Of a shared instance nothing is where the user switched off all
   * conditions; what other extensions have opened by now is then closed after the measurement.
   */
  @Override
  public void beforeEach(ExtensionContext context) {
    open(context);
    find(context).ifPresent(TestEntry::start);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    measured(context).ifPresent(MeasuredTest::bodyOver);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    long began = System.nanoTime();
    invocation.proceed();
    measured(context).ifPresent(test -> test.fixtureDone(invocationContext.getExecutable(), began));
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation,
      DynamicTestInvocationContext invocationContext,
      ExtensionContext context)
      throws Throwable {
    try {
      invocation.proceed();
    } catch (Throwable t) {
      // The factory's own context does not learn of it, and a failed body is not judged. One that
      // was aborted is one dynamic test less; the others are judged all the same.
      measured(context)
          .ifPresent(Abort.isOne(t) ? MeasuredTest::aborted : MeasuredTest::bodyFailed);
      throw t;
    }
  }

  private static void run(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
    Optional<MeasuredTest> measured = measured(context);
    if (measured.isEmpty()) {
      invocation.proceed();
    } else {
      measured.get().run(invocation);
    }
  }

  private static void open(ExtensionContext context) {
    if (TestKind.of(context) == TestKind.OTHER || FreshLife.isOne(context)) {
      return;
    }
    annotation(context)
        .ifPresent(
            annotation ->
                context
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                        context.getUniqueId(),
                        id -> TestEntry.open(annotation, context),
                        TestEntry.class));
  }

  private static Optional<MeasuredTest> measured(ExtensionContext context) {
    return find(context).filter(MeasuredTest.class::isInstance).map(MeasuredTest.class::cast);
  }

  /** Finds the entry of this context or, for a dynamic test, of its factory. */
  static Optional<TestEntry> find(ExtensionContext context) {
    for (Optional<ExtensionContext> at = Optional.of(context);
        at.isPresent();
        at = at.get().getParent()) {
      TestEntry entry = at.get().getStore(NAMESPACE).get(at.get().getUniqueId(), TestEntry.class);
      if (entry != null) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  private static Optional<NoSlabLeak> annotation(ExtensionContext context) {
    Optional<NoSlabLeak> own =
        AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), NoSlabLeak.class);
    List<Class<?>> enclosing = context.getEnclosingTestClasses();
    return own.isPresent()
        ? own
        : AnnotationSupport.findAnnotation(
            context.getRequiredTestClass(), NoSlabLeak.class, enclosing);
  }
}
