package io.github.noslableak;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Finds what {@link PrivateMount} is on, and gives each a mount of {@link PrivateMounts}. */
final class PrivateMountExtension
    implements TestInstancePreConstructCallback,
        BeforeAllCallback,
        BeforeEachCallback,
        ParameterResolver,
        InvocationInterceptor,
        AfterEachCallback {

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
    PrivateMounts.requireRights(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IllegalAccessException {
    PrivateMounts.requireRights(context);
    inject(context, context.getRequiredTestClass(), null);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IllegalAccessException {
    PrivateMounts.requireRights(context);
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      inject(context, instance.getClass(), instance);
    }
    for (Parameter parameter : context.getRequiredTestMethod().getParameters()) {
      AnnotationSupport.findAnnotation(parameter, PrivateMount.class)
          .ifPresent(annotation -> PrivateMounts.of(context).mountOrRefuse(annotation, parameter));
    }
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
      field.set(instance, PrivateMounts.of(context).mountOrRefuse(annotation, field));
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
    return PrivateMounts.of(extensionContext)
        .mount(
            parameterContext.findAnnotation(PrivateMount.class).orElseThrow(),
            parameterContext.getParameter());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      PrivateMounts.failedInside(context);
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
      PrivateMounts.failedInside(context);
      throw t;
    }
  }
}
