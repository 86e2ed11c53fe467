package io.github.noslableak.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * A test once more, from its constructor to its end, with a {@code @TempDir} and fixtures of its
 * own: for what cannot be run again where it stands, such as a factory, or a body that finds the
 * rows that it inserted before.
 *
 * <p>JUnit's launcher runs it, inside the test that is measured, and nothing measures it. It runs
 * in the same JVM: where the tests of a class share fixtures or extensions, a second life of these
 * would end what the others still use, so there is none.
 */
public final class FreshLife {

  /** Why a test can have no further life. */
  public enum Hindrance {
    /** JUnit's launcher is not on the class path. */
    NO_LAUNCHER,
    /** Its class has fixtures or extensions, which its other tests use as well. */
    SHARED_STATE
  }

  /** Nobody else knows the value, so nobody can switch measurements off by it. */
  static final String PARAMETER = "noslableak.fresh.life";

  static final String VALUE = UUID.randomUUID().toString();

  /** A life has none of its own: where its parameters get lost, it would be measured. */
  private static final AtomicBoolean RUNNING = new AtomicBoolean();

  private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";

  private final String uniqueId;
  private final boolean mayAbort;

  private FreshLife(String uniqueId, boolean mayAbort) {
    this.uniqueId = uniqueId;
    this.mayAbort = mayAbort;
  }

  /**
   * Makes the further life of a test.
   *
   * @param mayAbort whether dynamic tests of its first life were aborted, so that some may be again
   */
  public static FreshLife of(ExtensionContext context, boolean mayAbort) {
    return new FreshLife(context.getUniqueId(), mayAbort);
  }

  /** Returns whether a test that runs now is a further life of another one. */
  public static boolean isOne(ExtensionContext context) {
    return context.getConfigurationParameter(PARAMETER).filter(VALUE::equals).isPresent();
  }

  /** Returns why a test can have no further life, if it cannot. */
  public static Optional<Hindrance> hindrance(ExtensionContext context) {
    if (!isLauncherThere()) {
      return Optional.of(Hindrance.NO_LAUNCHER);
    }
    List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
    classes.add(context.getRequiredTestClass());
    boolean shared =
        RUNNING.get()
            || context.getConfigurationParameter(AUTODETECTION).filter("true"::equals).isPresent()
            || classes.stream().anyMatch(FreshLife::sharesState);
    return shared ? Optional.of(Hindrance.SHARED_STATE) : Optional.empty();
  }

  private static boolean isLauncherThere() {
    try {
      Class.forName(
          "org.junit.platform.launcher.core.LauncherFactory",
          false,
          FreshLife.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What is set up once for all tests of a class may be the same outside of it, too. */
  private static boolean sharesState(Class<?> type) {
    return hasFixtures(type, BeforeAll.class)
        || hasFixtures(type, AfterAll.class)
        || AnnotationSupport.findRepeatableAnnotations(type, ExtendWith.class).stream()
            .flatMap(extensions -> Arrays.stream(extensions.value()))
            .anyMatch(FreshLife::isOfClass)
        || hasAnnotatedStaticField(type);
  }

  private static boolean hasFixtures(Class<?> type, Class<? extends Annotation> annotation) {
    return !AnnotationSupport.findAnnotatedMethods(
            type, annotation, HierarchyTraversalMode.TOP_DOWN)
        .isEmpty();
  }

  private static boolean isOfClass(Class<?> extension) {
    return BeforeAllCallback.class.isAssignableFrom(extension)
        || AfterAllCallback.class.isAssignableFrom(extension);
  }

  private static boolean hasAnnotatedStaticField(@Nullable Class<?> type) {
    return type != null
        && (Arrays.stream(type.getDeclaredFields())
                .anyMatch(field -> Modifier.isStatic(field.getModifiers()) && isAnnotated(field))
            || hasAnnotatedStaticField(type.getSuperclass())
            || Arrays.stream(type.getInterfaces()).anyMatch(FreshLife::hasAnnotatedStaticField));
  }

  private static boolean isAnnotated(AnnotatedElement element) {
    return element.getAnnotations().length > 0;
  }

  /**
   * Runs it.
   *
   * @throws Throwable what the test failed by; or that it did not run
   */
  public void run() throws Throwable {
    RUNNING.set(true);
    try {
      Relaunch.run(uniqueId, mayAbort);
    } finally {
      RUNNING.set(false);
    }
  }
}
