package io.github.noslableak.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * The body of a test and the {@code @BeforeEach} and {@code @AfterEach} methods around it, to be
 * run again on the same instance and with their parameters resolved.
 *
 * <p>JUnit itself refuses to proceed twice. The callbacks of other extensions do not come again.
 */
public final class Fixtures {

  private record Fixture(Method method, Object target) {}

  /** What is to be done with what the body returned. */
  private interface Rest {
    void run(@Nullable Object returned) throws Throwable;
  }

  private interface Step {
    void run() throws Throwable;
  }

  private final ExtensionContext context;
  private final Rest rest;
  private final List<Fixture> before;
  private final List<Fixture> after;

  private Fixtures(ExtensionContext context, Rest rest, List<Fixture> before, List<Fixture> after) {
    this.context = context;
    this.rest = rest;
    this.before = before;
    this.after = after;
  }

  /**
   * Finds them in JUnit's order: those of outer instances first before a test, and last after it.
   *
   * @param context that of a test whose instance is there
   */
  public static Fixtures of(ExtensionContext context) {
    return of(context, returned -> {});
  }

  /**
   * Finds those of a factory, of whose body its dynamic tests are a part.
   *
   * @param mayAbort whether dynamic tests may be aborted, as some were before
   */
  public static Fixtures ofFactory(ExtensionContext context, boolean mayAbort) {
    return of(context, new DynamicTests(mayAbort)::run);
  }

  private static Fixtures of(ExtensionContext context, Rest rest) {
    List<Object> outerFirst = context.getRequiredTestInstances().getAllInstances();
    List<Object> outerLast = new ArrayList<>(outerFirst);
    Collections.reverse(outerLast);
    return new Fixtures(
        context,
        rest,
        find(BeforeEach.class, outerFirst, HierarchyTraversalMode.TOP_DOWN),
        find(AfterEach.class, outerLast, HierarchyTraversalMode.BOTTOM_UP));
  }

  private static List<Fixture> find(
      Class<? extends Annotation> type, List<Object> instances, HierarchyTraversalMode order) {
    List<Fixture> found = new ArrayList<>();
    for (Object instance : instances) {
      for (Method method :
          AnnotationSupport.findAnnotatedMethods(instance.getClass(), type, order)) {
        found.add(new Fixture(method, instance));
      }
    }
    return found;
  }

  /** Returns how many methods come after the body. */
  public int numberAfter() {
    return after.size();
  }

  /**
   * Calls what comes before the body, and the body.
   *
   * @throws Throwable what one of them fails by
   */
  public void runBody() throws Throwable {
    call(before);
    rest.run(
        invoke(new Fixture(context.getRequiredTestMethod(), context.getRequiredTestInstance())));
  }

  /** Calls what comes after the body. */
  public void tearDown() {
    call(after);
  }

  /**
   * Runs the body once with all that comes before and after it. What comes after is called also
   * where the body fails.
   *
   * @throws Throwable what failed first; other failures are suppressed in it
   */
  public void run() throws Throwable {
    List<Throwable> failures = new ArrayList<>();
    attempt(this::runBody, failures);
    for (Fixture fixture : after) {
      attempt(
          () -> {
            Object ignored = invoke(fixture);
          },
          failures);
    }
    if (!failures.isEmpty()) {
      Throwable first = failures.get(0);
      failures.stream().filter(other -> other != first).forEach(first::addSuppressed);
      throw first;
    }
  }

  private static void attempt(Step step, List<Throwable> failures) {
    try {
      step.run();
    } catch (Throwable t) {
      failures.add(t);
    }
  }

  private void call(List<Fixture> fixtures) {
    for (Fixture fixture : fixtures) {
      Object ignored = invoke(fixture);
    }
  }

  private @Nullable Object invoke(Fixture fixture) {
    return context.getExecutableInvoker().invoke(fixture.method(), fixture.target());
  }
}
