package io.github.noslableak.engine;

import io.github.noslableak.books.Accounting;
import io.github.noslableak.books.Books;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.SpareDescriptors;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Promise;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.SuspectedCache;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One measurement: counts before, counts after, both quiesced, and what they say.
 *
 * <p>It goes through its phases in order: {@link Opening}, {@link Running}, {@link Examined}, and
 * the outcome in the end. What is known in each is in its record; here is only who is told what
 * when.
 */
public final class Measuring implements AutoCloseable {

  /** With less time, the body is not run again: looking around and following take some of it. */
  private static final Duration LEAST_TIME = Duration.ofMillis(800);

  private static final int SHARE_OF_LOOKING = 10;

  private final Plan plan;
  private final Settings settings;
  private final Workplace workplace;
  private final NamedProcesses processes;
  private final SpareDescriptors spare = new SpareDescriptors();
  private Phase phase;

  /** When this was open, by {@link System#nanoTime()}. */
  private final long opened;

  private Measuring(Plan plan, Settings settings, Workplace workplace) {
    this.plan = plan;
    this.settings = settings;
    this.workplace = workplace;
    this.processes = NamedProcesses.of(plan);
    processes.look(); // Before the count, which drops what looking at /proc allocates.
    // In this order: what a ledger holds open is there before this JVM's descriptors are listed.
    // Listing them allocates dentries, which the count then drops.
    Optional<Books> books =
        plan.following() == Following.ALWAYS || accounting().isFollowed()
            // Stacks cost most: who does not ask for them pays for them only under suspicion.
            ? Optional.of(accounting().open(watched(), plan.following() == Following.ALWAYS))
            : Optional.empty();
    workplace.evidence().opening();
    Counts counted = accounting().countAnew();
    workplace.evidence().opened();
    this.phase = new Opening(workplace.terms(plan), counted, Optional.empty(), Map.of(), books);
    this.opened = System.nanoTime();
  }

  /**
   * Waits for its turn on this machine, quiesces and counts.
   *
   * @throws Unmeasurable if slab objects cannot be counted here
   * @throws IllegalArgumentException if a cache is unknown
   */
  public static Measuring begin(Plan plan, Settings settings) {
    return begin(plan, settings, Workplace.open(plan, settings));
  }

  /** Begins with what was opened, which is closed where that fails. */
  static Measuring begin(Plan plan, Settings settings, Workplace workplace) {
    try {
      return Unmeasurable.measured(() -> new Measuring(plan, settings, workplace));
    } catch (RuntimeException | Error e) {
      workplace.close();
      throw e;
    }
  }

  private Accounting accounting() {
    return workplace.accounting();
  }

  private List<String> watched() {
    return workplace.selection().watched().stream().map(SlabCache::name).toList();
  }

  /** Returns the modules whose references are followed, empty for all; nothing where none are. */
  public Optional<List<String>> modules() {
    return plan.following() == Following.NEVER ? Optional.empty() : Optional.of(plan.modules());
  }

  /** Counts anew, so that nothing of what happened until now is part of the measurement. */
  public void restart() {
    workplace.evidence().opening();
    phase = opening().anew(Unmeasurable.measured(accounting()::countAnew));
    workplace.evidence().opened();
  }

  /** Counts anew after the warm-up, so that what it left is not held against the iterations. */
  public void warmedUp() {
    if (accounting().isFollowed()) {
      // What the warm-up left is told from what the iterations leave.
      phase = opening().followedAnew(accounting().countAnew());
    } else {
      phase = opening().afterWarmup(accounting().countAnew());
    }
  }

  /**
   * Runs setup whose objects the first count leaves out, such as a mount that is still there. It
   * must be undone before the last count, which makes no allowance.
   */
  public <T> T setAside(Supplier<T> setup) {
    Counts before;
    try {
      before = accounting().countUntilSettled();
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      return setup.get(); // What keeps the counters from being read will be told in the end.
    }
    T result = setup.get();
    try {
      phase = phase.settingAside(before, accounting().countUntilSettled());
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      // See above.
    }
    return result;
  }

  /**
   * Runs the body, or all of its runs, that a test is measured by.
   *
   * @throws X what it throws
   */
  public <X extends Throwable> void run(Body<X> body) throws X {
    spare.keep(); // For what comes after it.
    try {
      body.run();
    } finally {
      spare.release();
    }
  }

  /** Tells that the first measured iteration begins. */
  public void iterate() {
    processes.look();
    phase = Running.now(opening(), plan, accounting());
  }

  /** Tells that a measured iteration is over, its fixtures included. */
  public void iterated(int iteration) {
    if (phase instanceof Running running) {
      running.iterated(iteration, plan);
    }
  }

  private Opening opening() {
    if (phase instanceof Opening opening) {
      return opening;
    }
    throw new IllegalStateException("the iterations have begun: " + phase);
  }

  /**
   * Tells that the body cannot be run again, so that what the first run shows stands.
   *
   * @param why the reason
   * @throws Unmeasurable if the kernel refuses what it allowed before
   */
  public void cannotConfirm(Shortfall why) {
    // Only a ledger needs to know where the first run ended; for counters the last count is enough.
    FirstRun first =
        isFollowed() ? Unmeasurable.measured(this::countFirstRun) : firstRun(Optional.empty());
    phase = new Examined(first, new Suspicion.Unconfirmed(why));
  }

  private boolean isFollowed() {
    return plan.following() == Following.ALWAYS || accounting().isFollowed();
  }

  private FirstRun firstRun(Optional<Counts> counted) {
    if (phase instanceof Running running) {
      return new FirstRun(running.opening(), running.took(), lived(), running.samples(), counted);
    }
    return phase instanceof Examined examined
        ? examined.first()
        : new FirstRun(opening(), lived(), lived(), Optional.empty(), counted);
  }

  private Duration lived() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  /** Counts after the last iteration, while the test's surroundings still stand. */
  private FirstRun countFirstRun() {
    processes.look();
    FirstRun ended = firstRun(Optional.empty());
    Counts counted =
        accounting()
            .countBriefly(
                ended.opening().ceilings(), Schedule.patience(ended.took(), settings.linger()));
    ended.opening().books().ifPresent(Books::end);
    return new FirstRun(
        ended.opening(),
        ended.took(),
        ended.lived(),
        ended.samples(),
        Optional.of(counted.minus(ended.opening().setAside())));
  }

  /**
   * Counts after the last iteration, while the test's surroundings still stand, and runs the body
   * again where a cache is suspicious.
   *
   * @param body the body with its fixtures
   * @param deadline when running it again must be over
   * @throws Unmeasurable if the kernel refuses what it allowed before
   */
  public void examine(Body<?> body, Deadline deadline) {
    phase =
        Unmeasurable.measured(
            () -> {
              FirstRun first = countFirstRun();
              return new Examined(first, suspicion(first, body, deadline));
            });
  }

  private Suspicion suspicion(FirstRun first, Body<?> body, Deadline deadline) {
    Set<String> unseen = first.unseen(accounting().unseen());
    accounting().judgeUnseen(unseen); // The rounds will tell whose it is.
    List<SuspectedCache> suspected = first.suspected(unseen);
    if (suspected.isEmpty()) {
      return new Suspicion.None();
    }
    if (!deadline.allows(LEAST_TIME)) {
      return new Suspicion.Unconfirmed(new Shortfall.TooLittleTime(deadline.limit()));
    }
    if (spare.areLastOnes()) {
      return new Suspicion.Unconfirmed(new Shortfall.NoDescriptorsLeft());
    }
    try (Watchdog watchdog = watchdog(deadline)) { // Its thread is there before the count.
      return confirmed(first, suspected, body, deadline, watchdog);
    }
  }

  @SuppressWarnings("SystemOut") // JUnit has no channel for this that Maven would show.
  private Watchdog watchdog(Deadline deadline) {
    return new Watchdog(plan.name(), deadline, System.err::println).started();
  }

  private Suspicion confirmed(
      FirstRun first,
      List<SuspectedCache> suspected,
      Body<?> body,
      Deadline deadline,
      Watchdog watchdog) {
    workplace.evidence().suspicion(deadline.left().dividedBy(SHARE_OF_LOOKING));
    Counts ignored = accounting().countOnce(); // What looking at all processes made is dropped.
    workplace.evidence().rerunning();
    Books books =
        first
            .opening()
            .books()
            .orElseGet(
                () ->
                    accounting()
                        .open(suspected.stream().map(SuspectedCache::cache).toList(), true));
    Schedule schedule = new Schedule(plan.iterations(), first.took(), settings.turns());
    return reran(first, suspected, books, body, schedule, deadline, watchdog);
  }

  private Suspicion reran(
      FirstRun first,
      List<SuspectedCache> suspected,
      Books books,
      Body<?> body,
      Schedule schedule,
      Deadline deadline,
      Watchdog watchdog) {
    try {
      books.recordStacks();
      Duration counted = first.counted().map(Counts::took).orElse(Duration.ZERO);
      Confirmer confirmer =
          new Confirmer(
              suspected,
              books,
              schedule,
              new Runner(plan.name(), () -> run(body), books, watchdog, counted),
              deadline,
              Promise.of(plan.iterations(), settings.sensitivity()));
      return workplace.confirmed(confirmer.run());
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      workplace.evidence().brokeOff();
      books.close();
      return Suspicion.Broken.by(e, true);
    }
  }

  /** Returns whether the body failed when it was run again where it stands. */
  public boolean failedAgain() {
    return phase instanceof Examined examined
        && examined.suspicion().known().flatMap(Reran::failure).isPresent();
  }

  /**
   * Runs the whole test again where its body could not be.
   *
   * @param life the whole test
   * @param deadline when running it again must be over
   * @throws IllegalStateException if the body has not {@linkplain #failedAgain failed}
   * @throws Unmeasurable if the kernel refuses what it allowed before
   */
  public void examineAfresh(Body<?> life, Deadline deadline) {
    if (!(phase instanceof Examined examined) || !failedAgain()) {
      throw new IllegalStateException("the body has not failed: " + phase);
    }
    Reran inPlace = examined.suspicion().known().orElseThrow();
    phase =
        Unmeasurable.measured(
            () ->
                new Examined(examined.first(), afresh(examined.first(), inPlace, life, deadline)));
  }

  /** Tells why the whole test is not run again, if its body failed when that was. */
  public void cannotExamineAfresh(Shortfall.NoFreshLife why) {
    if (phase instanceof Examined examined && failedAgain()) {
      Reran inPlace = examined.suspicion().known().orElseThrow();
      phase = new Examined(examined.first(), new Suspicion.Confirmed(inPlace.inPlaceAlone(why)));
    }
  }

  private Suspicion afresh(FirstRun first, Reran inPlace, Body<?> life, Deadline deadline) {
    try (Watchdog watchdog = watchdog(deadline)) {
      inPlace.books().resume(); // The first life was torn down since the body failed.
      Suspicion whole =
          reran(
              first,
              inPlace.suspected(),
              inPlace.books(),
              life,
              first.lives(plan.iterations(), settings.turns()),
              deadline,
              watchdog);
      return whole
          .known()
          .<Suspicion>map(reran -> new Suspicion.Confirmed(inPlace.orAfresh(reran)))
          .orElse(whole);
    }
  }

  /**
   * Compares two bodies.
   *
   * @throws X what a body throws; there is no outcome then
   */
  public <X extends Exception> Outcome compare(Body<X> control, Body<X> treatment) throws X {
    Opening opening = opening();
    Books books = opening.books().orElseGet(() -> accounting().open(watched(), true));
    Comparison comparison = new Comparison(books, opening.terms(), plan, settings.confirmLimit());
    Outcome outcome =
        Outcome.of(plan, settings, workplace.selection(), comparison.run(control, treatment));
    processes.look();
    return judgeable(outcome);
  }

  /**
   * Counts after everything and judges.
   *
   * @param tornDown whether more of the test came since it was examined: its teardown
   * @throws Unmeasurable if the numbers allow no verdict
   */
  public Outcome end(boolean tornDown) {
    Examined examined =
        phase instanceof Examined known
            ? known
            : new Examined(firstRun(Optional.empty()), new Suspicion.None());
    processes.look();
    return judgeable(
        Unmeasurable.measured(
            () -> new Closing(plan, settings, workplace, examined).judge(tornDown)));
  }

  /** A leak is one also where not all were counted who should be. */
  private Outcome judgeable(Outcome outcome) {
    Optional<String> obstacle = processes.obstacle();
    if (obstacle.isPresent() && !outcome.isLeak()) {
      throw new Unmeasurable(
          "NoSlabLeak could not judge " + plan.name() + ": " + obstacle.orElseThrow());
    }
    return outcome;
  }

  @Override
  public void close() {
    workplace.close();
  }
}
