package io.github.noslableak;

import io.github.noslableak.engine.Deadline;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.junit.TimeLeft;
import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.Tolerances;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.extension.MediaType;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.engine.UniqueId;
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

  /** What counting at the end of the last round takes, at most. */
  private static final Duration TIMEOUT_RESERVE = Duration.ofMillis(500);

  private final ExtensionContext context;
  private final @Nullable Bracket bracket;
  private final @Nullable RuntimeException obstacle;
  private final Optional<KnownLeaks> known;
  private boolean started;
  private int lastFixtures;
  private volatile boolean bodyFailed;

  private TestBracket(
      ExtensionContext context,
      Optional<KnownLeaks> known,
      @Nullable Bracket bracket,
      @Nullable RuntimeException obstacle) {
    this.known = known;
    this.context = context;
    this.bracket = bracket;
    this.obstacle = obstacle;
  }

  static TestBracket open(NoSlabLeak annotation, ExtensionContext context) {
    try {
      Settings settings = Settings.from(context::getConfigurationParameter);
      Optional<KnownLeaks> known = KnownLeaks.of(context);
      known.ifPresent(leaks -> leaks.saw(key(context)));
      try {
        return new TestBracket(
            context, known, Bracket.begin(plan(annotation, context, settings), settings), null);
      } catch (SlabUnmeasurableException e) {
        return new TestBracket(context, known, null, refusal(settings, e));
      }
    } catch (ExtensionConfigurationException e) {
      return new TestBracket(context, Optional.empty(), null, e);
    } catch (IllegalArgumentException e) {
      return new TestBracket(
          context,
          Optional.empty(),
          null,
          new ExtensionConfigurationException("@NoSlabLeak: " + e.getMessage(), e));
    }
  }

  private static Plan plan(NoSlabLeak annotation, ExtensionContext context, Settings settings) {
    List<List<ToleranceRule>> rules = new ArrayList<>();
    rules.add(CacheTolerances.rules(tolerances(context.getRequiredTestMethod())));
    rules.add(CacheTolerances.rules(tolerances(context.getRequiredTestClass())));
    List<Class<?>> enclosing = new ArrayList<>(context.getEnclosingTestClasses());
    Collections.reverse(enclosing);
    enclosing.forEach(type -> rules.add(CacheTolerances.rules(tolerances(type))));
    Plan plan =
        Plan.builder(name(context), List.of(annotation.caches()))
            .key(key(context))
            .tolerances(Tolerances.of(annotation.tolerance(), rules))
            .iterations(annotation.iterations())
            .warmup(annotation.warmup())
            .confirm(
                annotation.confirm()
                    && !NoSlabLeakExtension.isFactory(context.getRequiredTestMethod()))
            .following(annotation.attribution().orElse(settings.following()))
            .processes(Set.of(annotation.processes()))
            .modules(List.of(annotation.modules()))
            .build();
    if (NoSlabLeakExtension.isFactory(context.getRequiredTestMethod())
        && (plan.iterations() > 1 || plan.warmup() > 0)) {
      throw new IllegalArgumentException(
          "a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
    }
    return plan;
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

  private static List<CacheTolerance> tolerances(AnnotatedElement place) {
    return AnnotationSupport.findRepeatableAnnotations(place, CacheTolerance.class);
  }

  /**
   * Names the test for a baseline: by class, method and parameter types, and by what tells its
   * invocations apart.
   */
  private static String key(ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    String parameters =
        Stream.of(method.getParameterTypes())
            .map(Class::getName)
            .collect(Collectors.joining(", ", "(", ")"));
    String invocation =
        UniqueId.parse(context.getUniqueId()).getSegments().stream()
            .filter(
                segment ->
                    Set.of("test-template-invocation", "class-template-invocation")
                        .contains(segment.getType()))
            .map(segment -> "[" + segment.getValue().replace("#", "") + "]")
            .collect(Collectors.joining());
    return context.getRequiredTestClass().getName()
        + "#"
        + method.getName()
        + parameters
        + invocation;
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

  /** Does what will be undone before the end; see {@link Bracket#lend}. */
  <T> T lend(Supplier<T> work) {
    Bracket open = bracket;
    return open == null ? work.get() : open.lend(work);
  }

  /** Returns the modules that are followed, and nothing where none are to be. */
  Optional<List<String>> modules() {
    Bracket open = bracket;
    return open == null ? Optional.empty() : open.modules();
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
    long began = System.nanoTime();
    int warmup = open.plan().warmup();
    int runs = warmup + open.plan().iterations();
    if (warmup == 0) {
      open.iterate();
    }
    invocation.proceed();
    for (int done = 1; done < runs; done++) {
      invokeAll(fixtures(AfterEach.class));
      if (done == warmup) {
        open.warmedUp();
        open.iterate();
      } else if (done > warmup) {
        open.iterated(done - warmup);
      }
      invokeAll(fixtures(BeforeEach.class));
      invoke(context.getRequiredTestMethod(), context.getRequiredTestInstance());
    }
    lastFixtures = fixtures(AfterEach.class).size();
    if (lastFixtures == 0) {
      examine(open, began, TimeLeft.ofTest(context));
    }
  }

  /**
   * Told when JUnit has called one of the {@code @AfterEach} methods.
   *
   * @param fixtureBegan when that method began, by {@link System#nanoTime()}: its own timeout, and
   *     no longer that of the test, counts from there
   */
  void fixtureDone(Method fixture, long fixtureBegan) {
    Bracket open = bracket;
    if (open != null && started && --lastFixtures == 0) {
      examine(open, fixtureBegan, TimeLeft.ofAfterEach(fixture, context));
    }
  }

  /**
   * Counts at the very point of the last run at which the baseline after the warm-up was counted:
   * all {@code @AfterEach} methods done, nothing of other extensions torn down yet.
   */
  private void examine(Bracket open, long since, Optional<Duration> timeout) {
    try {
      look(open, since, timeout);
    } catch (SlabUnmeasurableException e) {
      throw refusal(Settings.from(context::getConfigurationParameter), e);
    }
  }

  private void look(Bracket open, long since, Optional<Duration> timeout) {
    if (!open.plan().confirm()) {
      open.cannotConfirm("it was told not to (confirm = false)");
      return;
    }
    Deadline deadline =
        Deadline.in(
            Settings.from(context::getConfigurationParameter).confirmLimit(),
            Settings.CONFIRM_LIMIT + " allows");
    if (timeout.isPresent()) {
      // What runs here still counts against @Timeout.
      Duration left = timeout.get().minusNanos(System.nanoTime() - since).minus(TIMEOUT_RESERVE);
      if (left.isNegative()) {
        open.cannotConfirm(
            "its @Timeout of " + timeout.get().toMillis() + " ms leaves no time for it");
        return;
      }
      deadline = deadline.orEarlier(Deadline.in(left, "its @Timeout leaves"));
    }
    open.examine(this::cycle, deadline);
  }

  /** Runs body and fixtures once more; the fixtures after it also where it fails. */
  private void cycle() throws Throwable {
    Throwable failure = null;
    try {
      invokeAll(fixtures(BeforeEach.class));
      invoke(context.getRequiredTestMethod(), context.getRequiredTestInstance());
    } catch (Throwable t) {
      failure = t;
    }
    for (Fixture fixture : fixtures(AfterEach.class)) {
      try {
        invoke(fixture.method(), fixture.target());
      } catch (Throwable t) {
        if (failure == null) {
          failure = t;
        } else {
          failure.addSuppressed(t);
        }
      }
    }
    if (failure != null) {
      throw failure;
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
        if (NoSlabLeakExtension.isFactory(context.getRequiredTestMethod())) {
          open.cannotConfirm("a @TestFactory cannot be run again");
        }
        judge(open);
      }
    }
  }

  private void judge(Bracket open) {
    SlabGrowth growth;
    open.tornDown();
    try {
      growth = open.end();
    } catch (SlabUnmeasurableException e) {
      throw refusal(Settings.from(context::getConfigurationParameter), e);
    }
    conclude(known.map(leaks -> leaks.judge(open.plan().key(), growth)).orElse(growth));
  }

  /** Publishes the report and throws what was found. */
  private void conclude(SlabGrowth growth) {
    RuntimeException notPublished = null;
    try {
      publish(growth);
    } catch (RuntimeException e) {
      notPublished = e; // A reporter that takes nothing fails no test.
    }
    try {
      growth.throwFinding();
    } catch (SlabLeakError | SlabInconclusiveError e) {
      e.setStackTrace(new StackTraceElement[0]); // JUnit's clean-up says nothing.
      if (notPublished != null) {
        e.addSuppressed(notPublished);
      }
      throw e;
    }
  }

  /** For reporters that keep entries and files; Surefire does not, so the error stands alone. */
  private void publish(SlabGrowth growth) {
    context.publishReportEntry(ENTRY, growth.report());
    if (growth.isFinding()) {
      context.publishFile(
          ENTRY + ".txt",
          MediaType.TEXT_PLAIN_UTF_8,
          file -> Files.writeString(file, growth.report()));
    }
  }
}
