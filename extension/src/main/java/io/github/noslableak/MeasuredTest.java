package io.github.noslableak;

import io.github.noslableak.engine.Body;
import io.github.noslableak.engine.Deadline;
import io.github.noslableak.engine.Measuring;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.engine.Unmeasurable;
import io.github.noslableak.junit.Fixtures;
import io.github.noslableak.junit.FreshLife;
import io.github.noslableak.junit.PublishedReport;
import io.github.noslableak.junit.TestKind;
import io.github.noslableak.junit.TimeLeft;
import io.github.noslableak.report.Section;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

/** The measurement of one test, from its store's first entry to its store's end. */
@SuppressWarnings(
    "deprecation") // CloseableResource: closed also where the user switched off AutoCloseable.
final class MeasuredTest
    implements TestEntry, ExtensionContext.Store.CloseableResource, AutoCloseable {

  /** What counting at the end of the last round takes, at most. */
  private static final Duration TIMEOUT_RESERVE = Duration.ofMillis(500);

  private final ExtensionContext context;
  private final Plan plan;
  private final Settings settings;
  private final Optional<KnownLeaks> known;
  private final Section departures;
  private final Measuring measuring;
  private boolean started;

  /** How often the body was begun, to warm up or to be measured. */
  private int runs;

  private int fixturesToCome;
  private volatile boolean bodyFailed;
  private volatile boolean aborted;

  /**
   * Begins with a measurement that is open, and closes it.
   *
   * @param departures what the report is to say of an annotation that the plan does not follow
   */
  MeasuredTest(
      ExtensionContext context,
      Plan plan,
      Settings settings,
      Optional<KnownLeaks> known,
      Section departures,
      Measuring measuring) {
    this.context = context;
    this.plan = plan;
    this.settings = settings;
    this.known = known;
    this.departures = departures;
    this.measuring = measuring;
  }

  @Override
  public void start() {
    started = true;
  }

  @Override
  public <T> T setAside(Supplier<T> work) {
    return measuring.setAside(work);
  }

  @Override
  public Optional<List<String>> modules() {
    return measuring.modules();
  }

  /** Told when a dynamic test was aborted. */
  void aborted() {
    aborted = true;
  }

  /** Told when a part of the body failed of which the test's context does not know. */
  void bodyFailed() {
    bodyFailed = true;
  }

  /**
   * Runs the body as often as the plan says. The fixtures of the first and the last run are JUnit's
   * own; in between they are called here.
   */
  void run(Invocation<Void> invocation) throws Throwable {
    long began = System.nanoTime();
    Fixtures fixtures = Fixtures.of(context);
    if (plan.warmup() == 0) {
      measuring.iterate();
    }
    measuring.run(() -> run(invocation, fixtures));
    fixturesToCome = fixtures.numberAfter();
    if (fixturesToCome == 0) {
      examine(fixtures, TimeLeft.ofTest(context, began));
    }
  }

  private void run(Invocation<Void> invocation, Fixtures fixtures) throws Throwable {
    runs = 1;
    invocation.proceed();
    int warmup = plan.warmup();
    while (runs < planned()) {
      fixtures.tearDown();
      if (runs == warmup) {
        measuring.warmedUp();
        measuring.iterate();
      } else if (runs > warmup) {
        measuring.iterated(runs - warmup);
      }
      runs++;
      fixtures.runBody();
    }
  }

  private int planned() {
    return plan.warmup() + plan.iterations();
  }

  /**
   * Told when the body is over, however it ended. What did not run as often as the plan says cannot
   * be judged as if it had; where it failed, JUnit says so, unless another extension let it pass.
   */
  void bodyOver() {
    if (TestKind.of(context) == TestKind.TEST
        && runs < planned()
        && context.getExecutionException().isEmpty()) {
      String what =
          runs == 0
              ? "another extension kept its body from running"
              : "it failed in run %d of %d, and another extension let that pass"
                  .formatted(runs, planned());
      throw Refusals.unmeasurable(
          settings,
          new SlabUnmeasurableException("NoSlabLeak could not judge " + plan.name() + ": " + what));
    }
  }

  /**
   * Told when JUnit has called one of the {@code @AfterEach} methods.
   *
   * @param began when that method began, by {@link System#nanoTime()}
   */
  void fixtureDone(Method fixture, long began) {
    if (started && --fixturesToCome == 0) {
      examine(Fixtures.of(context), TimeLeft.ofAfterEach(fixture, context, began));
    }
  }

  /**
   * Counts at the very point of the last run at which the baseline after the warm-up was counted:
   * all {@code @AfterEach} methods done, nothing of other extensions torn down yet.
   */
  private void examine(Fixtures fixtures, Optional<TimeLeft> timeLeft) {
    Optional<Duration> left = timeLeft.map(time -> time.now().minus(TIMEOUT_RESERVE));
    try {
      if (!plan.confirm()) {
        measuring.cannotConfirm(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION));
      } else if (left.filter(Duration::isNegative).isPresent()) {
        measuring.cannotConfirm(new Shortfall.TimeIsUp(timeLeft.orElseThrow().timeout()));
      } else {
        measuring.examine(fixtures::run, deadline(left));
      }
    } catch (Unmeasurable e) {
      throw Refusals.unmeasurable(settings, SlabUnmeasurableException.of(e));
    }
  }

  private Deadline deadline(Optional<Duration> left) {
    Deadline allowed =
        Deadline.of(new TimeLimit.OfSetting(Settings.CONFIRM_LIMIT, settings.confirmLimit()));
    return left.map(time -> allowed.orEarlier(Deadline.of(new TimeLimit.OfTimeout(time))))
        .orElse(allowed);
  }

  @Override
  public void close() {
    try (measuring) {
      if (started && !bodyFailed && context.getExecutionException().isEmpty()) {
        judge();
      }
    }
  }

  private void judge() {
    SlabGrowth growth;
    try {
      liveAgain();
      growth = SlabGrowth.of(measuring.end(true));
    } catch (Unmeasurable e) {
      conclude(unjudged(String.valueOf(e.getMessage())));
      return;
    }
    conclude(known.map(leaks -> leaks.judge(plan.key(), growth)).orElse(growth).with(departures));
  }

  /**
   * Runs the whole test again where its body cannot be run again by itself: now, for all that the
   * first life held is torn down. Where that cannot be, a factory is run again where it stands.
   */
  private void liveAgain() {
    boolean factory = TestKind.of(context) == TestKind.FACTORY;
    if (factory && !plan.confirm()) {
      measuring.cannotConfirm(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION));
      return;
    }
    if (!factory && !measuring.failedAgain()) {
      return;
    }
    Optional<FreshLife.Hindrance> hindrance = FreshLife.hindrance(context);
    Body<Throwable> life = FreshLife.of(context, aborted)::run;
    if (factory) {
      measuring.examine(
          hindrance.isEmpty() ? life : Fixtures.ofFactory(context, aborted)::run,
          deadline(Optional.empty()));
    } else if (hindrance.isEmpty()) {
      measuring.examineAfresh(life, deadline(Optional.empty()));
    }
    hindrance.map(MeasuredTest::reported).ifPresent(measuring::cannotExamineAfresh);
  }

  private static Shortfall.NoFreshLife reported(FreshLife.Hindrance hindrance) {
    return switch (hindrance) {
      case NO_LAUNCHER -> Shortfall.NoFreshLife.NO_LAUNCHER;
      case SHARED_STATE -> Shortfall.NoFreshLife.SHARED_STATE;
    };
  }

  /**
   * Here JUnit aborts no test any more: it takes all exceptions for a store that failed to close.
   * So the test is inconclusive, and where that passes, it is told at least.
   */
  @SuppressWarnings("SystemOut") // Reporters that keep published reports are few.
  private SlabGrowth unjudged(String why) {
    boolean fails =
        settings.unmeasurable() == Settings.Unmeasurable.FAIL
            || settings.inconclusive() == Settings.Inconclusive.FAIL;
    if (!fails) {
      System.err.println(why);
    }
    return SlabGrowth.unjudged(why, fails);
  }

  /**
   * Publishes the report and throws what was found.
   *
   * @throws SlabLeakError if it is a leak
   * @throws SlabInconclusiveError if it decides nothing, and that is to fail
   */
  private void conclude(SlabGrowth growth) {
    List<RuntimeException> notPublished = new ArrayList<>();
    Optional<Path> file = Optional.empty();
    try {
      file = PublishedReport.publish(context, growth.report(), growth.isFinding());
    } catch (RuntimeException e) {
      notPublished.add(e); // A reporter that takes nothing fails no test.
    }
    try {
      growth.throwFinding(file.filter(published -> settings.message() == Settings.Message.BRIEF));
    } catch (SlabLeakError | SlabInconclusiveError e) {
      notPublished.forEach(e::addSuppressed);
      throw PublishedReport.withoutStack(e);
    }
  }
}
