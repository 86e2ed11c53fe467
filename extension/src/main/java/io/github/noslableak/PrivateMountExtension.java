package io.github.noslableak;

import io.github.noslableak.engine.Following;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.mount.PrivateFileSystem;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.opentest4j.TestAbortedException;

/**
 * Mounts for {@link PrivateMount} and keeps each mount in the store of the context that it belongs
 * to, which unmounts it when it ends.
 *
 * <p>A mount is made when it is asked for and not at the first callback. So it comes into the store
 * after the bracket of {@link NoSlabLeak}, in whichever order both annotations are found, and is
 * unmounted before the bracket counts for the last time.
 */
final class PrivateMountExtension
    implements TestInstancePreConstructCallback,
        BeforeAllCallback,
        BeforeEachCallback,
        ParameterResolver,
        InvocationInterceptor,
        AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(PrivateMountExtension.class);

  /** With the context's id: a nested context sees the stores of those around it. */
  private record MountOf(AnnotatedElement declaration, String contextId) {}

  private record FailureIn(String contextId) {}

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(
      ExtensionContext rootContext) {
    return ExtensionContextScope.TEST_METHOD;
  }

  // Rights are asked for here and not where a parameter is resolved, for from there JUnit takes an
  // aborted test for a failed one.

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factoryContext, ExtensionContext context) {
    requireRights(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IllegalAccessException {
    requireRights(context);
    inject(context, context.getRequiredTestClass(), null);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IllegalAccessException {
    requireRights(context);
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      inject(context, instance.getClass(), instance);
    }
    for (Parameter parameter : context.getRequiredTestMethod().getParameters()) {
      AnnotationSupport.findAnnotation(parameter, PrivateMount.class)
          .ifPresent(annotation -> mountOrRefuse(annotation, parameter, context));
    }
  }

  private static void requireRights(ExtensionContext context) {
    Optional<Obstacle> obstacle = PrivateFileSystem.obstacle();
    if (obstacle.isPresent()) {
      throw refusal(
          context,
          new SlabUnmeasurableException(
              "NoSlabLeak cannot mount here, so leaked references would go unseen:\n  "
                  + obstacle.get().sentence()));
    }
  }

  private static RuntimeException refusal(ExtensionContext context, SlabUnmeasurableException e) {
    return switch (settings(context).unmeasurable()) {
      case FAIL -> e;
      case ABORT ->
          new TestAbortedException(
              e.getMessage() + "\nSet " + Settings.UNMEASURABLE + "=fail to fail here.", e);
    };
  }

  private static Settings settings(ExtensionContext context) {
    try {
      return Settings.from(context::getConfigurationParameter);
    } catch (IllegalArgumentException e) {
      throw misuse(e);
    }
  }

  private static ExtensionConfigurationException misuse(IllegalArgumentException e) {
    return new ExtensionConfigurationException("@PrivateMount: " + e.getMessage(), e);
  }

  /** Sets the fields of an instance or, without one, the static fields of a class. */
  private static void inject(ExtensionContext context, Class<?> type, @Nullable Object instance)
      throws IllegalAccessException {
    List<Field> fields =
        AnnotationSupport.findAnnotatedFields(
            type,
            PrivateMount.class,
            field -> Modifier.isStatic(field.getModifiers()) == (instance == null),
            HierarchyTraversalMode.TOP_DOWN);
    for (Field field : fields) {
      if (field.getType() != Path.class || Modifier.isFinal(field.getModifiers())) {
        throw new ExtensionConfigurationException(
            "@PrivateMount should be on a Path that is not final, but is on the field " + field);
      }
      PrivateMount annotation =
          AnnotationSupport.findAnnotation(field, PrivateMount.class).orElseThrow();
      field.setAccessible(true);
      field.set(instance, mountOrRefuse(annotation, field, context));
    }
  }

  @Override
  public boolean supportsParameter(
      ParameterContext parameterContext, ExtensionContext extensionContext) {
    if (!parameterContext.isAnnotated(PrivateMount.class)) {
      return false;
    }
    Parameter parameter = parameterContext.getParameter();
    if (parameter.getType() != Path.class) {
      throw new ParameterResolutionException(
          "@PrivateMount should be on a Path, but is on the parameter " + parameter);
    }
    return true;
  }

  @Override
  public Path resolveParameter(
      ParameterContext parameterContext, ExtensionContext extensionContext) {
    return mount(
        parameterContext.findAnnotation(PrivateMount.class).orElseThrow(),
        parameterContext.getParameter(),
        extensionContext);
  }

  private static Path mountOrRefuse(
      PrivateMount annotation, AnnotatedElement declaration, ExtensionContext context) {
    try {
      return mount(annotation, declaration, context);
    } catch (SlabUnmeasurableException e) {
      throw refusal(context, e);
    }
  }

  /** Returns the mount of a declaration: the same one where a body is run again. */
  private static Path mount(
      PrivateMount annotation, AnnotatedElement declaration, ExtensionContext context) {
    Object failed =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(new FailureIn(context.getUniqueId()), id -> new AtomicBoolean());
    try {
      return context
          .getStore(NAMESPACE)
          .getOrComputeIfAbsent(
              new MountOf(declaration, context.getUniqueId()),
              id -> open(annotation, context, (AtomicBoolean) failed),
              TestMount.class)
          .directory();
    } catch (IllegalArgumentException e) {
      throw misuse(e);
    }
  }

  /** Under {@link NoSlabLeak}, the mount is there while its bracket counts, and is no leak. */
  private static TestMount open(
      PrivateMount annotation, ExtensionContext context, AtomicBoolean failed) {
    Optional<TestBracket> bracket = NoSlabLeakExtension.find(context);
    Optional<List<String>> modules =
        bracket.isPresent()
            ? bracket.get().modules()
            : settings(context).following() == Following.NEVER
                ? Optional.empty()
                : Optional.of(List.of());
    return bracket.isPresent()
        ? bracket.get().lend(() -> TestMount.open(annotation, context, failed, modules))
        : TestMount.open(annotation, context, failed, modules);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      tellFailureAround(context);
    }
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
      tellFailureAround(context);
      throw t;
    }
  }

  /** A context does not learn of the failures in those inside it. */
  private static void tellFailureAround(ExtensionContext failedContext) {
    for (Optional<ExtensionContext> at = failedContext.getParent();
        at.isPresent();
        at = at.get().getParent()) {
      AtomicBoolean failed =
          at.get()
              .getStore(NAMESPACE)
              .get(new FailureIn(at.get().getUniqueId()), AtomicBoolean.class);
      if (failed != null) {
        failed.set(true);
      }
    }
  }
}
