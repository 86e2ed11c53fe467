package io.github.noslableak;

import io.github.noslableak.engine.Deadline;
import io.github.noslableak.engine.Following;
import io.github.noslableak.engine.Measuring;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.engine.Unmeasurable;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import io.github.noslableak.verdict.ToleranceRule;
import java.util.List;
import java.util.Set;

/**
 * Measures a piece of code as {@link NoSlabLeak} measures a test, without JUnit.
 *
 * <pre>{@code
 * SlabGuard.watching("dentry", "sock_inode_cache").check(() -> relay.copy(file));
 * }</pre>
 *
 * <p>Settings are the system properties {@code noslableak.*}. Guards are immutable: each method
 * returns a new one. While a guard measures, others of this machine wait for it; one inside its
 * body does not. Inside an annotated test it must be used on the test's own thread: on another it
 * fails at once, for it would wait for the test that waits for it.
 */
public final class SlabGuard {

  private static final String NO_NAME = "The checked code";

  private final Plan plan;
  private final Attribution attribution;

  private SlabGuard(Plan plan, Attribution attribution) {
    this.plan = plan;
    this.attribution = attribution;
  }

  private SlabGuard with(Plan.Builder changed) {
    return new SlabGuard(changed.build(), attribution);
  }

  /** Code to measure. */
  @FunctionalInterface
  public interface Body<X extends Exception> {

    /**
     * Runs once.
     *
     * @throws X whatever it throws ends the measurement and reaches the caller
     */
    void run() throws X;
  }

  /**
   * Makes a guard that tolerates nothing and runs its body once.
   *
   * @param caches names, globs and groups as in {@link NoSlabLeak#caches()}; none for {@code @io}
   */
  public static SlabGuard watching(String... caches) {
    List<String> watched = caches.length == 0 ? List.of("@io") : List.of(caches);
    return new SlabGuard(Plan.builder(NO_NAME, watched).build(), Attribution.DEFAULT);
  }

  /**
   * Sets what the code is called in a report.
   *
   * @param name a name, such as that of the code's scenario
   */
  public SlabGuard named(String name) {
    return with(plan.toBuilder().name(name));
  }

  /**
   * Sets how many objects of each cache may be left.
   *
   * @param objects objects per cache, 0 or more
   * @throws IllegalArgumentException if negative
   */
  public SlabGuard tolerating(long objects) {
    return with(plan.toBuilder().tolerances(plan.tolerances().withDefault(objects)));
  }

  /**
   * Sets how many objects of one cache, or of those that match a glob, may be left.
   *
   * @param cache a name or a glob
   * @param objects objects per cache, 0 or more
   * @param because the reason, for whoever reads the report
   * @throws IllegalArgumentException if negative, without a reason, or if the cache has a tolerance
   *     already
   */
  public SlabGuard tolerating(String cache, long objects, String because) {
    return with(
        plan.toBuilder()
            .tolerances(
                plan.tolerances()
                    .with(new ToleranceRule(cache, objects, ToleranceRule.UNSET, false, because))));
  }

  /**
   * Sets when allocations are followed.
   *
   * @param when by default as {@code noslableak.attribution} says
   */
  public SlabGuard attributing(Attribution when) {
    return new SlabGuard(plan, when);
  }

  /**
   * Sets the processes whose allocations count as the code's own, beside this JVM, its descendants
   * and the kernel; those of all others do not count then.
   *
   * @param names process names as in /proc/PID/comm
   */
  public SlabGuard countingAlso(String... names) {
    return with(plan.toBuilder().processes(Set.of(names)));
  }

  /**
   * Sets the kernel modules whose references are followed when the code is run again, where the
   * kernel has kprobes.
   *
   * @param modules names as lsmod lists them; none for all
   */
  public SlabGuard followingModules(String... modules) {
    return with(plan.toBuilder().modules(List.of(modules)));
  }

  /**
   * Sets how often the body runs inside the measurement.
   *
   * @param iterations 1 or more
   * @throws IllegalArgumentException if less than 1
   */
  public SlabGuard iterations(int iterations) {
    return with(plan.toBuilder().iterations(iterations));
  }

  /**
   * Sets how often the body runs before the measurement.
   *
   * @param iterations 0 or more
   * @throws IllegalArgumentException if negative
   */
  public SlabGuard warmup(int iterations) {
    return with(plan.toBuilder().warmup(iterations));
  }

  /**
   * Sets whether the body may be run again where it is suspected; it may by default. Without that,
   * growth that comes once, and growth that another process brings about, is taken for a leak.
   *
   * @param confirm false where the body cannot be run twice
   */
  public SlabGuard confirming(boolean confirm) {
    return with(plan.toBuilder().confirm(confirm));
  }

  /**
   * Runs the body and fails if it leaks.
   *
   * @throws SlabLeakError if more objects are left than tolerated, again and again
   * @throws SlabInconclusiveError if the numbers decide nothing and {@code noslableak.inconclusive}
   *     is {@code fail}
   * @throws SlabUnmeasurableException if slab objects cannot be counted here; the body has not run
   *     then, unless the message says that its numbers allow no verdict
   * @throws IllegalArgumentException if a cache is unknown on this kernel, or a setting is
   *     malformed
   * @throws X what the body throws; there is no verdict then
   */
  public <X extends Exception> void check(Body<X> body) throws X {
    measure(body).throwFinding();
  }

  /**
   * Runs the body and returns what it left, for an assertion of your own. A body under suspicion is
   * run again; the growth returned is that of the first run.
   *
   * @throws SlabUnmeasurableException as {@link #check} does
   * @throws IllegalArgumentException as {@link #check} does
   * @throws X what the body throws
   */
  public <X extends Exception> SlabGrowth measure(Body<X> body) throws X {
    Settings settings = Settings.fromSystemProperties();
    try (Measuring measuring = begin(settings)) {
      for (int i = 0; i < plan.warmup(); i++) {
        body.run();
      }
      if (plan.warmup() > 0) {
        measuring.restart();
      }
      measuring.iterate();
      measuring.run(() -> iterate(body, measuring));
      if (plan.confirm()) {
        measuring.examine(
            body::run,
            Deadline.of(new TimeLimit.OfSetting(Settings.CONFIRM_LIMIT, settings.confirmLimit())));
      } else {
        measuring.cannotConfirm(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD));
      }
      return SlabGrowth.of(measuring.end(false));
    } catch (Unmeasurable e) {
      throw SlabUnmeasurableException.of(e);
    }
  }

  private <X extends Exception> void iterate(Body<X> body, Measuring measuring) throws X {
    for (int i = 1; i <= plan.iterations(); i++) {
      body.run();
      measuring.iterated(i);
    }
  }

  private Measuring begin(Settings settings) {
    Following following = attribution.orElse(settings.following());
    return Measuring.begin(plan.toBuilder().following(following).build(), settings);
  }

  /**
   * Runs two bodies in turn and fails if the treatment leaves more than the control does, again and
   * again and in proportion: "with the product's hook on, one dentry for each copy; off, none".
   *
   * <pre>{@code
   * SlabGuard.watching("dentry").compare(() -> copy(HOOK_OFF), () -> copy(HOOK_ON));
   * }</pre>
   *
   * <p>Both run {@code iterations} times, then twice as often, and so on; before that, each runs
   * {@code warmup} times, but at least once. Whatever leaks without the treatment as well does not
   * count.
   *
   * @throws SlabLeakError if the treatment leaks more than the control
   * @throws SlabInconclusiveError if the numbers decide nothing and {@code noslableak.inconclusive}
   *     is {@code fail}
   * @throws SlabUnmeasurableException as {@link #check} does
   * @throws IllegalArgumentException as {@link #check} does
   * @throws X what a body throws
   */
  public <X extends Exception> void compare(Body<X> control, Body<X> treatment) throws X {
    Settings settings = Settings.fromSystemProperties();
    try (Measuring measuring = begin(settings)) {
      for (int i = 0; i < Math.max(1, plan.warmup()); i++) {
        control.run();
        treatment.run();
      }
      SlabGrowth.of(measuring.compare(control::run, treatment::run)).throwFinding();
    } catch (Unmeasurable e) {
      throw SlabUnmeasurableException.of(e);
    }
  }
}
