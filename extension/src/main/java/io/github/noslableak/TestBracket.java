package io.github.noslableak;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.extension.MediaType;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.opentest4j.TestAbortedException;

/**
 * The bracket of one test, from its store's first entry to its store's end.
 *
 * <p>Where the bracket cannot open, the reason is kept until {@code beforeEach}: only there does
 * JUnit take an exception for what it is, an aborted or failed test. Earlier it would make it a
 * broken condition.
 */
@SuppressWarnings(
    "deprecation") // CloseableResource: closed also where the user switched off AutoCloseable.
final class TestBracket implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private static final String ENTRY = "noslableak";

  private final ExtensionContext context;
  private final @Nullable Bracket bracket;
  private final @Nullable RuntimeException obstacle;
  private boolean started;
  private int lastFixtures;
  private volatile boolean bodyFailed;

  private TestBracket(
      ExtensionContext context, @Nullable Bracket bracket, @Nullable RuntimeException obstacle) {
    this.context = context;
    this.bracket = bracket;
    this.obstacle = obstacle;
  }

  static TestBracket open(NoSlabLeak annotation, ExtensionContext context) {
    try {
      Settings settings = Settings.from(context::getConfigurationParameter);
      try {
        return new TestBracket(
            context, Bracket.begin(measurement(annotation, context), settings), null);
      } catch (SlabUnmeasurableException e) {
        return new TestBracket(context, null, refusal(settings, e));
      }
    } catch (IllegalArgumentException e) {
      return new TestBracket(
          context, null, new ExtensionConfigurationException("@NoSlabLeak: " + e.getMessage(), e));
    }
  }

  private static Measurement measurement(NoSlabLeak annotation, ExtensionContext context) {
    Measurement measurement =
        new Measurement(
            name(context),
            List.of(annotation.caches()),
            annotation.tolerance(),
            annotation.iterations(),
            annotation.warmup());
    if (NoSlabLeakExtension.isFactory(context.getRequiredTestMethod())
        && (measurement.iterations() > 1 || measurement.warmup() > 0)) {
      throw new IllegalArgumentException(
          "a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
    }
    return measurement;
  }

  /**
   * Names the test as a reader finds it in the source; an invocation of several by its display
   * name.
   */
  private static String name(ExtensionContext context) {
    List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
    classes.add(context.getRequiredTestClass());
    String method = context.getRequiredTestMethod().getName();
    String name =
        classes.stream().map(Class::getSimpleName).collect(Collectors.joining(".")) + "." + method;
    String display = context.getDisplayName();
    return display.startsWith(method) ? name : name + " " + display;
  }

  private static RuntimeException refusal(Settings settings, SlabUnmeasurableException e) {
    return switch (settings.unmeasurable()) {
      case FAIL -> e;
      case ABORT ->
          new TestAbortedException(
              e.getMessage() + "\nSet " + Settings.UNMEASURABLE + "=fail to fail here.", e);
    };
  }

  /** Told in {@code beforeEach}: the test is neither disabled nor skipped. */
  void start() {
    if (obstacle != null) {
      throw obstacle;
    }
    started = true;
  }

  void bodyFailed() {
    bodyFailed = true;
  }

  /**
   * Runs the body as often as the annotation says. The fixtures of the first and the last run are
   * JUnit's own; in between they are called here.
   */
  void run(Invocation<Void> invocation) throws Throwable {
    Bracket open = bracket;
    if (open == null) {
      invocation.proceed();
      return;
    }
    int warmup = open.measurement().warmup();
    int runs = warmup + open.measurement().iterations();
    invocation.proceed();
    for (int done = 1; done < runs; done++) {
      invokeAll(fixtures(AfterEach.class));
      if (done == warmup) {
        open.warmedUp();
      }
      invokeAll(fixtures(BeforeEach.class));
      invoke(context.getRequiredTestMethod(), context.getRequiredTestInstance());
    }
    lastFixtures = fixtures(AfterEach.class).size();
    countAfterLastFixture(open);
  }

  /** Told when JUnit has called one of the {@code @AfterEach} methods. */
  void fixtureDone() {
    Bracket open = bracket;
    if (open != null && started) {
      lastFixtures--;
      countAfterLastFixture(open);
    }
  }

  /**
   * Counts at the very point of the last run at which the baseline after the warm-up was counted:
   * all {@code @AfterEach} methods done, nothing of other extensions torn down yet.
   */
  private void countAfterLastFixture(Bracket open) {
    if (lastFixtures == 0 && open.measurement().warmup() > 0) {
      open.iterated();
    }
  }

  private record Fixture(Method method, Object target) {}

  /** Finds fixtures in JUnit's order: of outer instances first before a test, and last after it. */
  private List<Fixture> fixtures(Class<? extends Annotation> type) {
    boolean before = type == BeforeEach.class;
    List<Object> instances = new ArrayList<>(context.getRequiredTestInstances().getAllInstances());
    if (!before) {
      Collections.reverse(instances);
    }
    return instances.stream()
        .flatMap(
            instance -> {
              List<Method> methods =
                  AnnotationSupport.findAnnotatedMethods(
                      instance.getClass(),
                      type,
                      before ? HierarchyTraversalMode.TOP_DOWN : HierarchyTraversalMode.BOTTOM_UP);
              return methods.stream().map(method -> new Fixture(method, instance));
            })
        .toList();
  }

  private void invokeAll(List<Fixture> fixtures) {
    fixtures.forEach(fixture -> invoke(fixture.method(), fixture.target()));
  }

  private void invoke(Method method, Object target) {
    context.getExecutableInvoker().invoke(method, target);
  }

  @Override
  public void close() {
    Bracket open = bracket;
    if (open == null) {
      return;
    }
    try (open) {
      if (started && !bodyFailed && context.getExecutionException().isEmpty()) {
        judge(open);
      }
    }
  }

  private void judge(Bracket open) {
    SlabGrowth growth;
    try {
      growth = open.end();
    } catch (SlabUnmeasurableException e) {
      throw refusal(Settings.from(context::getConfigurationParameter), e);
    }
    growth
        .finding()
        .ifPresent(
            message -> {
              SlabLeakError error = withoutFrames(new SlabLeakError(message, growth));
              publish(error);
              throw error;
            });
  }

  /**
   * For reporters that keep entries and files; Surefire does not, so the error stands alone. Where
   * nothing can be published, the leak is still the news.
   */
  private void publish(SlabLeakError error) {
    String message = String.valueOf(error.getMessage());
    try {
      context.publishReportEntry(ENTRY, message);
      context.publishFile(
          ENTRY + ".txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, message));
    } catch (RuntimeException e) {
      error.addSuppressed(e);
    }
  }

  /** The frames are those of JUnit's clean-up and say nothing; the message names the test. */
  private static SlabLeakError withoutFrames(SlabLeakError error) {
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }
}
