package io.github.noslableak.junit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * A test once more, from its constructor to its end, with a {@code @TempDir} and fixtures of its
 * own: for what cannot be run again where it stands, such as a factory, or a body that finds the
 * rows that it inserted before.
 *
 * <p>JUnit's launcher runs it, inside the test that is measured, and nothing measures it. It runs
 * in the same JVM: where classes share state through {@code static} fixtures, a second life would
 * end what the others still use, so there is none.
 */
public final class FreshLife {

  /** Why a test can have no further life. */
  public enum Hindrance {
    /** JUnit's launcher is not on the class path. */
    NO_LAUNCHER,
    /** Its class has static fixtures, which its other tests use as well. */
    SHARED_STATE
  }

  /** Nobody else knows the value, so nobody can switch measurements off by it. */
  static final String PARAMETER = "noslableak.fresh.life";

  static final String VALUE = UUID.randomUUID().toString();

  private final String uniqueId;

  private FreshLife(String uniqueId) {
    this.uniqueId = uniqueId;
  }

  /** Makes the further life of a test. */
  public static FreshLife of(ExtensionContext context) {
    return new FreshLife(context.getUniqueId());
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
    return classes.stream().anyMatch(FreshLife::sharesState)
        ? Optional.of(Hindrance.SHARED_STATE)
        : Optional.empty();
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

  /** What is annotated and static is set up and torn down once for all tests of a class. */
  private static boolean sharesState(Class<?> type) {
    boolean methods =
        List.of(BeforeAll.class, AfterAll.class).stream()
            .flatMap(
                annotation ->
                    AnnotationSupport.findAnnotatedMethods(
                        type, annotation, HierarchyTraversalMode.TOP_DOWN)
                        .stream())
            .anyMatch(method -> Modifier.isStatic(method.getModifiers()));
    boolean fields = false;
    for (Class<?> at = type; at != null && !fields; at = at.getSuperclass()) {
      fields =
          Arrays.stream(at.getDeclaredFields())
              .anyMatch(field -> Modifier.isStatic(field.getModifiers()) && isAnnotated(field));
    }
    return methods || fields;
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
    Relaunch.run(uniqueId);
  }
}
