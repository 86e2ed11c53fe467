package io.github.noslableak.junit;

import java.lang.annotation.Annotation;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Says of annotated tests of JUnit 4 that nothing measures them: the Vintage engine knows no
 * extensions, and they would pass without a word. A listener fails no test, so it only speaks.
 *
 * <p>The launcher makes it, as a service, where both are on the class path.
 */
public final class VintageListener implements TestExecutionListener {

  /** By its name, for the annotation's package knows this one. */
  private static final String ANNOTATION = "io.github.noslableak.NoSlabLeak";

  private final Consumer<String> announcements;

  /** Speaks on the standard error stream. */
  @SuppressWarnings("SystemOut") // JUnit has no channel for it.
  public VintageListener() {
    this(System.err::println);
  }

  VintageListener(Consumer<String> announcements) {
    this.announcements = announcements;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.isTest()
        && test.getUniqueIdObject().getEngineId().filter("junit-vintage"::equals).isPresent()) {
      test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .filter(VintageListener::isAnnotated)
          .ifPresent(
              source ->
                  announcements.accept(
                      "NoSlabLeak: "
                          + source.getClassName()
                          + "."
                          + source.getMethodName()
                          + " was not measured: it is a test of JUnit 4, and @NoSlabLeak is for"
                          + " those of JUnit Jupiter; a SlabGuard in its body measures it"));
    }
  }

  private static boolean isAnnotated(MethodSource source) {
    Optional<Class<? extends Annotation>> annotation = annotation(source.getJavaClass());
    return annotation.isPresent()
        && (AnnotationSupport.isAnnotated(source.getJavaMethod(), annotation.get())
            || AnnotationSupport.isAnnotated(source.getJavaClass(), annotation.get()));
  }

  private static Optional<Class<? extends Annotation>> annotation(Class<?> test) {
    try {
      return Optional.of(
          Class.forName(ANNOTATION, false, test.getClassLoader()).asSubclass(Annotation.class));
    } catch (ClassNotFoundException e) {
      return Optional.empty(); // Then it is on no test either.
    }
  }
}
