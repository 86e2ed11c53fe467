package io.github.noslableak.junit;

import java.lang.annotation.Annotation;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.platform.commons.PreconditionViolationException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Says of annotated tests that another engine than Jupiter runs, such as those of JUnit 4, that
 * nothing measures them: it knows no extensions, and they would pass without a word. A listener
 * fails no test, so it only speaks.
 *
 * <p>The launcher makes it, as a service, where both are on the class path.
 */
public final class OtherEngineListener implements TestExecutionListener {

  /** By its name, for the annotation's package knows this one. */
  private static final String ANNOTATION = "io.github.noslableak.NoSlabLeak";

  private static final String JUPITER = "junit-jupiter";
  private static final String VINTAGE = "junit-vintage";

  private final Consumer<String> announcements;

  /** Speaks on the standard error stream. */
  @SuppressWarnings("SystemOut") // JUnit has no channel for it.
  public OtherEngineListener() {
    this(System.err::println);
  }

  OtherEngineListener(Consumer<String> announcements) {
    this.announcements = announcements;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    String engine = engine(test);
    if (test.isTest() && !engine.equals(JUPITER)) {
      test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .filter(OtherEngineListener::isAnnotated)
          .ifPresent(
              source ->
                  announcements.accept(
                      "NoSlabLeak: "
                          + source.getClassName()
                          + "."
                          + source.getMethodName()
                          + " was not measured: it is a test of "
                          + (engine.equals(VINTAGE) ? "JUnit 4" : "the engine " + engine)
                          + ", and @NoSlabLeak is for those of JUnit Jupiter; a SlabGuard in its"
                          + " body measures it"));
    }
  }

  /** A suite is an engine, too; the last one runs the test. */
  private static String engine(TestIdentifier test) {
    return test.getUniqueIdObject().getSegments().stream()
        .filter(segment -> segment.getType().equals("engine"))
        .reduce((outer, inner) -> inner)
        .map(UniqueId.Segment::getValue)
        .orElse("");
  }

  private static boolean isAnnotated(MethodSource source) {
    try {
      return isAnnotatedInJava(source);
    } catch (PreconditionViolationException e) {
      return false; // Other engines may have methods that are none of a class.
    }
  }

  private static boolean isAnnotatedInJava(MethodSource source) {
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
