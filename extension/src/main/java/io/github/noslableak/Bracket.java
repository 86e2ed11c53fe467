package io.github.noslableak;

import io.github.noslableak.engine.Leftovers;
import io.github.noslableak.evidence.AllocTraces;
import io.github.noslableak.evidence.FollowedReferences;
import io.github.noslableak.evidence.Holdings;
import io.github.noslableak.evidence.Kmemleak;
import io.github.noslableak.evidence.OpensInJava;
import io.github.noslableak.evidence.Surroundings;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.LockTimeoutException;
import io.github.noslableak.kernel.MachineLock;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.ComparisonReport;
import io.github.noslableak.report.TextReport;
import io.github.noslableak.report.UnreturnedReferences;
import io.github.noslableak.slab.CacheSelection;
import io.github.noslableak.slab.Kernel;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.slab.UnknownCacheException;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Growths;
import io.github.noslableak.verdict.Reading;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Tolerances;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One measurement: counts before, counts after, both quiesced, and what they say.
 *
 * <p>Everything that the reading itself allocates is allocated before the first count and freed
 * after the last one.
 */
final class Bracket implements AutoCloseable {

  /**
   * How long objects may take to go away before the body is run again. Not the whole linger: what
   * only takes its time will be gone when all is judged.
   */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /** With less time, the body is not run again: looking around and following take some of it. */
  private static final Duration LEAST_TIME = Duration.ofMillis(800);

  private static final int SHARE_OF_LOOKING = 10;

  /** More caches than these are followed only where each of them is suspicious by itself. */
  private static final int MOST_FOLLOWED = 64;

  /** How long what the ledger itself held may take to go away. */
  private static final Duration LAST_PATIENCE = Duration.ofMillis(80);

  private final Measurement measurement;
  private final Tolerances tolerances;
  private final Settings settings;
  private final Kernel kernel;
  private final CacheSelection selection;
  private final MachineLock lock;
  private final Quiescer quiescer;
  private final Surroundings surroundings;

  private Descriptors descriptorsBefore;
  private Quiescer.Counted start;
  private Surroundings.View viewBefore;
  private Quiescer.@Nullable Counted warm;
  private @Nullable Samples samples;
  private @Nullable Progress progress;
  private long iterationsBegan;
  private @Nullable Duration took;
  private boolean tornDown;

  /** Counted after the last iteration of the first run, where the body can still be run. */
  private Quiescer.@Nullable Counted first;

  private @Nullable Descriptors descriptorsOfFirst;
  private Surroundings.@Nullable View viewOfFirst;

  /** Whether the body may have been run again, also where nothing is known of it. */
  private boolean ranAgain;

  private Optional<Holdings> heldBefore = Optional.empty();
  private Optional<AllocTraces> bookedBefore = Optional.empty();
  private Optional<Kmemleak> lostBefore = Optional.empty();

  /**
   * For each watched cache the objects of what will be undone before the end; see {@link #lend}.
   */
  private List<Long> lent;

  private Descriptors closedByCollection = new Descriptors(Map.of());

  /** Keeps count of what is followed: from before the baseline, or since the suspicion. */
  private @Nullable Tally tally;

  private FollowedReferences references = FollowedReferences.none();
  private OpensInJava opensInJava = OpensInJava.none();
  private final boolean followsFirstRun;
  private @Nullable Rerun rerun;
  private @Nullable String obstacle;
  private Optional<Obstacle> unfollowed = Optional.empty();

  private Bracket(
      Measurement measurement,
      Settings settings,
      Kernel kernel,
      CacheSelection selection,
      MachineLock lock,
      Quiescer quiescer,
      Surroundings surroundings,
      boolean first) {
    this.measurement = measurement;
    this.tolerances = measurement.tolerances();
    this.settings = settings;
    this.kernel = kernel;
    this.selection = selection;
    this.lock = lock;
    this.quiescer = quiescer;
    this.surroundings = surroundings;
    this.lent = Collections.nCopies(selection.watched().size(), 0L);
    // In this order: listing descriptors allocates dentries, which the baseline then drops. Reading
    // the open files of the surroundings allocates nothing that stays, once they have their
    // buffers.
    surroundings.look();
    this.followsFirstRun = attribution() == Attribution.ALWAYS;
    if (followsFirstRun) {
      this.tally = openTally(selection.watched());
    }
    try {
      this.descriptorsBefore = Descriptors.ofThisJvm();
      this.start = quiescer.baseline(first);
      this.viewBefore = surroundings.look();
    } catch (RuntimeException | Error e) {
      closeTally();
      throw e;
    }
  }

  /**
   * Waits for its turn on this machine, quiesces and counts.
   *
   * @throws SlabUnmeasurableException if slab objects cannot be counted here
   * @throws IllegalArgumentException if a cache is unknown
   */
  static Bracket begin(Measurement measurement, Settings settings) {
    Kernel kernel = kernel();
    KernelProfile profile = kernel.profile();
    if (!profile.measurable()) {
      throw unmeasurable(profile.obstacles());
    }
    MachineLock lock = lock(settings.lockTimeout());
    Quiescer quiescer = null;
    Surroundings surroundings = null;
    try {
      CacheSelection selection = kernel.select(measurement.caches());
      boolean first = kernel.isFirstBaseline();
      if (first) {
        Leftovers.remove();
        if (settings.javaStacks()) {
          OpensInJava.rehearse();
        }
      }
      quiescer = Quiescer.open(profile, selection.watched());
      surroundings = Surroundings.open();
      return new Bracket(
          measurement, settings, kernel, selection, lock, quiescer, surroundings, first);
    } catch (IOException e) {
      release(lock, quiescer, surroundings);
      kernel.forgetCatalogue(); // A cache may have gone with its module.
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      release(lock, quiescer, surroundings);
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      release(lock, quiescer, surroundings);
      throw e;
    }
  }

  private static Kernel kernel() {
    return measured(Kernel::current);
  }

  /** Counts anew, so that nothing of what happened until now is part of the measurement. */
  void restart() {
    descriptorsBefore = Descriptors.ofThisJvm();
    start = quiescer.baseline(false);
    viewBefore = surroundings.look();
  }

  private static SlabUnmeasurableException unmeasurable(List<Obstacle> obstacles) {
    return new SlabUnmeasurableException(
        obstacles.stream()
            .map(obstacle -> obstacle.sentence())
            .collect(
                Collectors.joining(
                    "\n  ",
                    "NoSlabLeak cannot count slab objects here, so leaks would go unseen:\n  ",
                    "")));
  }

  /**
   * Counts, reads or judges.
   *
   * @throws SlabUnmeasurableException if the kernel refuses what it allowed before
   */
  static <T> T measured(Supplier<T> counting) {
    try {
      return counting.get();
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    }
  }

  private static SlabUnmeasurableException unmeasurable(String what, Throwable cause) {
    return new SlabUnmeasurableException(
        "NoSlabLeak could not measure, so leaks would go unseen: " + what, cause);
  }

  // The announcement is for whoever watches the build wait; JUnit has no channel for it here.
  @SuppressWarnings("SystemOut")
  private static MachineLock lock(Duration timeout) {
    try {
      return MachineLock.acquire(timeout, System.err::println);
    } catch (LockTimeoutException e) {
      throw unmeasurable(
          e.getMessage()
              + "; measure one thing at a time, or set "
              + Settings.LOCK_TIMEOUT
              + " above "
              + timeout.toSeconds()
              + " s",
          e);
    } catch (IOException e) {
      throw unmeasurable("the lock of this machine cannot be taken: " + e, e);
    }
  }

  /** Counts anew after the warm-up, so that what it left is not held against the iterations. */
  void warmedUp() {
    warm = quiescer.baseline(false).without(lent);
  }

  /**
   * Does something whose objects are no growth of the test as long as it lasts, and that will be
   * undone before the end, where nothing is allowed for it.
   */
  <T> T lend(Supplier<T> work) {
    List<Long> before;
    try {
      before = quiescer.baseline(false).objects();
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      return work.get(); // What keeps the counters from being read will be told in the end.
    }
    T result = work.get();
    try {
      List<Long> after = quiescer.baseline(false).objects();
      List<Long> sum = new ArrayList<>();
      for (int i = 0; i < before.size(); i++) {
        sum.add(lent.get(i) + Math.max(0, after.get(i) - before.get(i)));
      }
      lent = sum;
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      // See above.
    }
    return result;
  }

  /** Told before the first measured iteration. */
  void iterate() {
    if (followsFirstRun && tally != null) {
      tally.begin();
      tally.iteration();
    }
    iterationsBegan = System.nanoTime();
    if (measurement.iterations() > 1) {
      samples = new Samples(quiescer, baseline().objects(), measurement.iterations());
      progress = new Progress(measurement.name(), measurement.iterations());
    }
  }

  /** Told after each measured iteration, its fixtures included. */
  void iterated(int iteration) {
    Samples taken = samples;
    Progress shown = progress;
    if (taken != null && shown != null) {
      taken.done(iteration);
      shown.done(iteration);
    }
    if (followsFirstRun && tally != null && iteration < measurement.iterations()) {
      tally.iteration();
    }
  }

  private Attribution attribution() {
    return measurement.attribution() == Attribution.DEFAULT
        ? settings.attribution()
        : measurement.attribution();
  }

  private Quiescer.Counted baseline() {
    return warm == null ? start : warm;
  }

  /**
   * Says that the body cannot be run again, so that what the first run shows stands.
   *
   * @param why the reason, as a clause
   */
  void cannotConfirm(String why) {
    obstacle = why;
    if (iterationsBegan != 0) {
      took = sinceIterate();
    }
    if (followsFirstRun) {
      measured(this::endFirstRun);
    }
  }

  /** Returns how long the iterations took, without the samples in between. */
  private Duration sinceIterate() {
    Duration passed = Duration.ofNanos(System.nanoTime() - iterationsBegan);
    Samples taken = samples;
    return taken == null ? passed : passed.minus(taken.spent());
  }

  /**
   * Counts after the last iteration, while the test's surroundings still stand, and runs the body
   * again where a cache is suspicious.
   *
   * @param cycle the body with its fixtures
   * @param deadline when running it again must be over
   * @throws SlabUnmeasurableException if the kernel refuses what it allowed before
   */
  void examine(Cycle cycle, Deadline deadline) {
    measured(
        () -> {
          look(cycle, deadline);
          return this;
        });
  }

  private void look(Cycle cycle, Deadline deadline) {
    took = sinceIterate();
    Quiescer.Counted counted = endFirstRun();
    List<Rerun.Candidate> candidates = candidates(counted);
    if (candidates.isEmpty()) {
      return;
    }
    if (!deadline.allows(LEAST_TIME)) {
      obstacle = deadline.reason() + ", which is too little to run it again";
      return;
    }
    lookAround(deadline);
    // First, so that the classes it loads are not found among what lives.
    references = modules().map(FollowedReferences::open).orElseGet(FollowedReferences::none);
    if (settings.javaStacks()) {
      opensInJava = OpensInJava.start();
    }
    Tally keeping = tally;
    if (keeping == null) {
      keeping =
          openTally(
              candidates.stream()
                  .map(candidate -> selection.watched().get(candidate.index()))
                  .toList());
      tally = keeping;
    }
    Duration once = took.dividedBy(measurement.iterations());
    ranAgain = true;
    try {
      keeping.recordStacks();
      rerun = Rerun.run(measurement, candidates, keeping, cycle, once, counted.took(), deadline);
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      dropEvidence(e);
    }
  }

  /** Looks at who holds what before the body is run again; what cannot be seen is left out. */
  private void lookAround(Deadline deadline) {
    viewOfFirst = surroundings.look();
    try {
      descriptorsOfFirst = Descriptors.ofThisJvm();
      closedByCollection = GarbageCollections.collect();
    } catch (UncheckedIOException e) {
      // This JVM may have no descriptor left to look with: the very leak that is suspected.
    }
    heldBefore = Holdings.now(deadline.left().dividedBy(SHARE_OF_LOOKING));
    bookedBefore = AllocTraces.read(selection.watched());
    lostBefore = Kmemleak.read();
    List<Long> ignored = quiescer.sample(); // What looking at all processes made is dropped.
  }

  /** The suspicion stays, though the evidence for it cannot be had. */
  private void dropEvidence(RuntimeException cause) {
    closeTally();
    tally = null;
    rerun = null;
    obstacle = "allocations could not be followed: " + cause.getMessage();
  }

  /** Returns the modules whose references are followed, empty for all; nothing where none are. */
  Optional<List<String>> modules() {
    return attribution() == Attribution.NEVER
        ? Optional.empty()
        : Optional.of(measurement.modules());
  }

  private Quiescer.Counted endFirstRun() {
    Duration patience = settings.linger().compareTo(PATIENCE) < 0 ? settings.linger() : PATIENCE;
    List<Long> ceilings = ceilings(baseline());
    for (int i = 0; i < ceilings.size(); i++) {
      ceilings.set(i, ceilings.get(i) + Math.min(lent.get(i), Long.MAX_VALUE - ceilings.get(i)));
    }
    Quiescer.Counted counted = quiescer.glance(ceilings, patience).without(lent);
    first = counted;
    if (followsFirstRun && tally != null) {
      tally.end();
    }
    return counted;
  }

  /** Follows each allocation of these caches where this kernel and these rights allow it. */
  private Tally openTally(List<SlabCache> followed) {
    if (attribution() != Attribution.NEVER) {
      unfollowed = AllocationLedger.obstacle();
      if (unfollowed.isEmpty()) {
        try {
          return follow(
              AllocationLedger.open(
                  followed,
                  new AllocationLedger.Options(stacksAtOnce(), settings.traceBufferKib())));
        } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
          unfollowed =
              Optional.of(
                  new Obstacle(String.valueOf(e.getMessage()), "see the kernel's log: dmesg"));
        }
      }
    }
    return new Tally.OfCounters(quiescer);
  }

  /** Stacks cost most: a body that can be run again pays for them only under suspicion. */
  private boolean stacksAtOnce() {
    return !followsFirstRun || iterationsBegan != 0 || !measurement.confirm();
  }

  private Tally follow(AllocationLedger ledger) {
    try {
      return new Tally.OfLedger(ledger, quiescer, selection.watched(), measurement.processes());
    } catch (RuntimeException e) {
      ledger.close();
      throw e;
    }
  }

  /** Compares two bodies; see {@link SlabGuard#compare}. */
  <X extends Exception> SlabGrowth compare(Comparison.Body<X> control, Comparison.Body<X> treatment)
      throws X {
    Tally compared = tally;
    if (compared == null) {
      compared = openTally(selection.watched());
      tally = compared;
    }
    List<Comparison.Compared> caches =
        selection.watched().stream()
            .map(
                cache ->
                    new Comparison.Compared(
                        cache.name(), (double) tolerance(cache) / measurement.iterations()))
            .toList();
    List<Difference> differences =
        Comparison.run(compared, caches, measurement, control, treatment, settings.confirmLimit());
    return new SlabGrowth(
        differences,
        aliases(),
        settings.inconclusive() == Settings.Inconclusive.FAIL,
        ComparisonReport.of(measurement.name(), differences));
  }

  /**
   * Returns the caches to look at again: none where nothing grew, and nothing moved that was not
   * the body, for that may have hidden growth of any.
   */
  private List<Rerun.Candidate> candidates(Quiescer.Counted counted) {
    List<CacheGrowth> growths = growths(baseline(), counted.objects());
    boolean disturbed = growths.stream().anyMatch(CacheGrowth::mayHide);
    boolean suspicious =
        growths.stream().anyMatch(growth -> growth.exceedsTolerance() || keeps(growth));
    // Once the body is run again, all are looked at: so what others bring about later is told from
    // what the test does. Very many would only fill the ledger.
    boolean all = disturbed || (suspicious && growths.size() <= MOST_FOLLOWED);
    List<Rerun.Candidate> candidates = new ArrayList<>();
    for (CacheGrowth growth : growths) {
      if (all || growth.exceedsTolerance() || keeps(growth)) {
        candidates.add(
            new Rerun.Candidate(
                indexOf(growth.cache()),
                growth.cache(),
                (double) growth.tolerance() / growth.iterations(),
                Math.max(growth.perIteration(), (double) kept(growth) / growth.iterations()),
                growth.unrest() == 0));
      }
    }
    return candidates;
  }

  /**
   * Returns whether the first run was followed, and left more than tolerated whatever is counted.
   */
  private boolean keeps(CacheGrowth growth) {
    return kept(growth) > growth.tolerance();
  }

  /** Returns how many objects the test itself left in its first run; 0 if that is not known. */
  private long kept(CacheGrowth growth) {
    Tally keeping = tally;
    return followsFirstRun && keeping != null && keeping.follows() && keeping.segments() > 0
        ? keeping
            .round(indexOf(growth.cache()), Suspect.Origin.TEST, 0, growth.iterations())
            .objects()
        : 0;
  }

  private int indexOf(String cache) {
    List<SlabCache> watched = selection.watched();
    for (int i = 0; i < watched.size(); i++) {
      if (watched.get(i).name().equals(cache)) {
        return i;
      }
    }
    throw new IllegalArgumentException(cache + " is not watched");
  }

  /** Told when more of the test came after the last look: its teardown. */
  void tornDown() {
    tornDown = true;
  }

  /**
   * Counts after everything and judges.
   *
   * @throws SlabUnmeasurableException if the numbers allow no verdict
   */
  SlabGrowth end() {
    return measured(this::judge);
  }

  private SlabGrowth judge() {
    Quiescer.Counted after = countInTheEnd();
    Confirmation confirmation = confirmation(after);
    if (ranAgain) {
      // What following it held open is no growth of the test.
      references.close();
      if (!followsFirstRun) {
        closeTally();
      }
      after = after.orLower(quiescer.glance(ceilingsOfTheEnd(), LAST_PATIENCE));
    }
    Verdict verdict = verdict(after, confirmation);
    List<Unjudged> unjudged = unjudged(after, verdict);
    if (!unjudged.isEmpty() && !isLeakOfOthers(verdict, unjudged)) {
      throw new SlabUnmeasurableException(
          "NoSlabLeak could not judge "
              + measurement.name()
              + ": "
              + unjudged.stream()
                  .map(cache -> cache.cache() + " " + cache.reason())
                  .collect(Collectors.joining(", ")));
    }
    verdict = sensitiveEnough(verdict, confirmation);
    return new SlabGrowth(
        verdict,
        confirmation,
        aliases(),
        settings.inconclusive() == Settings.Inconclusive.FAIL,
        TextReport.of(Finding.report(this, verdict, confirmation, unjudged, after.took())));
  }

  /** Where nothing came after the last look, and it showed nothing, that was the end. */
  private Quiescer.Counted countInTheEnd() {
    Quiescer.Counted last = first;
    return last != null && last.settled() && rerun == null && !tornDown
        ? last
        : quiescer.settle(ceilingsOfTheEnd(), settings.linger());
  }

  private static boolean isLeakOfOthers(Verdict verdict, List<Unjudged> unjudged) {
    return verdict instanceof Verdict.Leak leak
        && leak.leaked().stream()
            .anyMatch(
                growth ->
                    unjudged.stream().noneMatch(cache -> cache.cache().equals(growth.cache())));
  }

  /** A verdict that could not have seen a leak as small as wanted does not acquit. */
  private Verdict sensitiveEnough(Verdict verdict, Confirmation confirmation) {
    if (settings.sensitivity().isEmpty() || verdict instanceof Verdict.Leak) {
      return verdict;
    }
    double wanted = settings.sensitivity().getAsDouble();
    return verdict.growths().stream()
        .map(growth -> Sensitivity.of(growth, confirmation))
        .filter(sensitivity -> sensitivity.perIteration() > wanted)
        .max(Comparator.comparing(Sensitivity::perIteration))
        .<Verdict>map(
            blind ->
                new Verdict.Inconclusive(
                    verdict.growths(),
                    confirmation,
                    String.format(
                        Locale.ROOT,
                        "the smallest leak of %s that would have been seen is %.4f objects per"
                            + " iteration, and %s wants %.4f: run more iterations",
                        blind.cache(),
                        blind.perIteration(),
                        Settings.SENSITIVITY,
                        wanted)))
        .orElse(verdict);
  }

  private Confirmation confirmation(Quiescer.Counted after) {
    try {
      if (rerun != null) {
        rerun.finish();
      } else if (followsFirstRun && obstacle != null && tally != null) {
        tally.finish();
      }
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      dropEvidence(e);
    }
    Rerun again = rerun;
    if (again == null) {
      return obstacle == null ? Confirmation.unneeded() : ofFirstRun(after, obstacle);
    }
    references.ask();
    references.close();
    opensInJava.stop();
    Quiescer.Counted before = first;
    return again.confirmation(
        excess(start, after), excess(before == null ? baseline() : before, after));
  }

  /**
   * Returns what the ledger says where only the first run was followed: who allocated what it left.
   * A ledger with losses says nothing.
   */
  private Confirmation ofFirstRun(Quiescer.Counted after, String why) {
    Tally keeping = tally;
    if (keeping == null || !followsFirstRun || !keeping.follows() || keeping.segments() == 0) {
      return Confirmation.impossible(why);
    }
    List<Suspect> suspects = new ArrayList<>();
    for (CacheGrowth growth : growths(baseline(), after.objects())) {
      int index = indexOf(growth.cache());
      long own = keeping.leftSinceFirst(index, Suspect.Origin.TEST);
      if (keeping.isComplete(index) && (growth.exceedsTolerance() || own > growth.tolerance())) {
        long others = keeping.leftSinceFirst(index, Suspect.Origin.OTHERS);
        suspects.add(
            Suspect.ofOneRun(
                growth,
                new Round(growth.iterations(), own, 0),
                new Round(growth.iterations(), others, 0)));
      }
    }
    return suspects.isEmpty()
        ? Confirmation.impossible(why)
        : Confirmation.ofFirstRun(suspects, why);
  }

  /** Returns by how much each watched cache grew beyond its tolerance. */
  private List<Long> excess(Quiescer.Counted before, Quiescer.Counted after) {
    List<Long> ceilings = ceilings(before);
    List<Long> excess = new ArrayList<>();
    for (int i = 0; i < ceilings.size(); i++) {
      excess.add(after.objects().get(i) - ceilings.get(i));
    }
    return excess;
  }

  private Map<String, String> aliases() {
    Map<String, String> aliases = new HashMap<>();
    for (SlabCache cache : selection.watched()) {
      cache.sharedWith().forEach(alias -> aliases.put(alias, cache.name()));
    }
    return aliases;
  }

  /** What running the body again left is not growth of the first run. */
  private List<Long> withoutRerun(Quiescer.Counted after, Confirmation confirmation) {
    Quiescer.Counted inner = first;
    if (!ranAgain || inner == null) {
      return after.objects();
    }
    Rerun again = rerun;
    List<Long> objects = new ArrayList<>();
    for (int i = 0; i < after.objects().size(); i++) {
      long counted = after.objects().get(i);
      long known = inner.objects().get(i);
      if (counted == Quiescer.VANISHED || known == Quiescer.VANISHED) {
        objects.add(counted);
      } else if (again == null) {
        objects.add(Math.min(counted, known)); // Nothing is known of what the rounds left.
      } else if (again.isGarbage(i)) {
        objects.add(known); // Before garbage was collected.
      } else {
        counted = Math.max(0, counted - again.kept(i, confirmation));
        SlabCache cache = selection.watched().get(i);
        // What a run that broke off left is not the first run's; nor is what the rounds may leave
        // of a cache that nobody looked at in them.
        boolean unknown =
            again.wasHindered()
                || (tolerance(cache) > 0 && confirmation.of(cache.name()).isEmpty());
        objects.add(unknown ? Math.min(counted, known) : counted);
      }
    }
    return objects;
  }

  private Verdict verdict(Quiescer.Counted after, Confirmation confirmation) {
    List<Long> end = withoutRerun(after, confirmation);
    Quiescer.Counted warmedUp = warm;
    if (warmedUp == null) {
      return Verdict.of(growths(start, end), confirmation);
    }
    // Without a count at the end of the iterations, what the whole test left stands for it: at
    // least as much, so that nothing is acquitted for lack of a count.
    List<CacheGrowth> overTest = growths(start, end);
    Quiescer.Counted inner = first;
    return Verdict.afterWarmup(
        inner == null ? overTest : growths(warmedUp, inner.objects()),
        overTest,
        growths(warmedUp, end),
        confirmation);
  }

  /**
   * After a warm-up, a cache that grew over the iterations is acquitted only by coming back to
   * where it was before the whole test.
   */
  private List<Long> ceilingsOfTheEnd() {
    List<Long> whole = ceilings(start);
    Quiescer.Counted inner = first;
    if (warm == null) {
      return whole;
    }
    List<Long> afterWarmup = ceilings(warm);
    List<Long> ceilings = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      boolean grew = inner == null || inner.objects().get(i) > afterWarmup.get(i);
      ceilings.add(grew ? Math.min(whole.get(i), afterWarmup.get(i)) : afterWarmup.get(i));
    }
    return ceilings;
  }

  private List<Long> ceilings(Quiescer.Counted baseline) {
    List<Long> ceilings = new ArrayList<>();
    for (int i = 0; i < baseline.objects().size(); i++) {
      long objects = baseline.objects().get(i);
      ceilings.add(
          objects + Math.min(tolerance(selection.watched().get(i)), Long.MAX_VALUE - objects));
    }
    return ceilings;
  }

  private long tolerance(SlabCache cache) {
    return tolerances.objectsFor(cache.name(), measurement.iterations(), slotBytes(cache));
  }

  private List<CacheGrowth> growths(Quiescer.Counted before, List<Long> after) {
    return compare(before, after, selection).judged();
  }

  private Growths compare(Quiescer.Counted before, List<Long> after, CacheSelection selectedAfter) {
    return Growths.between(
        readings(selection, before.objects(), before.spread()),
        readings(selectedAfter, after, before.spread()),
        cache -> tolerance(selection.watched().get(indexOf(cache))),
        measurement.iterations(),
        cache -> slotBytes(selection.watched().get(indexOf(cache))));
  }

  /** The selection may be a later one: it tells which caches share their slabs by then. */
  private List<Reading> readings(CacheSelection selected, List<Long> objects, List<Long> spread) {
    Map<String, SlabCache> byName = new HashMap<>();
    selected.watched().forEach(cache -> byName.put(cache.name(), cache));
    List<Reading> readings = new ArrayList<>();
    List<SlabCache> watched = selection.watched();
    for (int i = 0; i < watched.size(); i++) {
      SlabCache cache = byName.get(watched.get(i).name());
      if (cache != null) {
        readings.add(
            new Reading(
                cache.name(),
                objects.get(i) == Quiescer.VANISHED
                    ? OptionalLong.empty()
                    : OptionalLong.of(objects.get(i)),
                spread.get(i),
                Set.copyOf(cache.sharedWith())));
      }
    }
    return readings;
  }

  /** Looks a slot's size up in the overview, which lists merged caches under one of their names. */
  private long slotBytes(SlabCache cache) {
    return Stream.concat(Stream.of(cache.name()), cache.sharedWith().stream())
        .map(viewBefore.slotBytes()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(0L);
  }

  /**
   * Returns the caches that cannot be judged. Which caches share their slabs is asked again only
   * where something grew: without growth, no other cache's objects were counted.
   */
  private List<Unjudged> unjudged(Quiescer.Counted after, Verdict verdict) {
    CacheSelection selectedAfter = selection;
    if (!(verdict instanceof Verdict.Clean)) {
      try {
        selectedAfter = kernel.select(measurement.caches());
      } catch (UnknownCacheException e) {
        return List.of(new Unjudged(String.join(", ", measurement.caches()), "vanished meanwhile"));
      }
    }
    return compare(baseline(), after.objects(), selectedAfter).unjudged();
  }

  Measurement measurement() {
    return measurement;
  }

  KernelProfile profile() {
    return kernel.profile();
  }

  CacheSelection selection() {
    return selection;
  }

  Descriptors descriptorsBefore() {
    return descriptorsBefore;
  }

  /** Returns this JVM's descriptors as they were before the body was run again, if it was. */
  Optional<Descriptors> descriptorsOfFirst() {
    return Optional.ofNullable(descriptorsOfFirst);
  }

  /** Returns how long the iterations of the first run took, if that was seen. */
  Optional<Duration> took() {
    return Optional.ofNullable(took);
  }

  /** Returns who allocated what is left of these caches, if that was followed. */
  Optional<Allocations> allocations(Set<String> caches) {
    Tally keeping = tally;
    if (rerun != null) {
      return rerun.allocations(caches);
    }
    return keeping == null || keeping.segments() == 0
        ? Optional.empty()
        : keeping.allocations(caches, List.of(0));
  }

  /** Returns what is known of references that were not returned. */
  UnreturnedReferences references() {
    return references.unreturned();
  }

  /**
   * Returns where Java code opened descriptors of these kinds while the body was run again, if that
   * was to be recorded.
   */
  List<String> openedInJava(Set<String> kinds) {
    return opensInJava.lines(kinds);
  }

  /** Returns why allocations could not be followed, if they should have been. */
  Optional<Obstacle> unfollowed() {
    return unfollowed;
  }

  /** Returns what was held before the body was run again, if it was. */
  Optional<Holdings> heldBefore() {
    return rerun != null && rerun.hasRounds() ? heldBefore : Optional.empty();
  }

  /** Returns what kmemleak has found since the body was run again; has it look anew. */
  List<Kmemleak.Group> lostSinceRerun() {
    return lostBefore
        .flatMap(before -> Kmemleak.scan().map(now -> now.since(before)))
        .orElse(List.of());
  }

  /** Returns what the kernel's own books have more than before the body was run again. */
  List<AllocTraces.Growth> bookedSinceRerun() {
    return bookedBefore
        .flatMap(before -> AllocTraces.read(selection.watched()).map(now -> now.since(before)))
        .orElse(List.of());
  }

  /** Returns the descriptors of this JVM that a garbage collection closed. */
  Descriptors closedByCollection() {
    return closedByCollection;
  }

  boolean baselineSettled() {
    return baseline().settled();
  }

  /** Returns the slope of a cache over the samples taken on the way, if there were enough. */
  Optional<Slope> slope(CacheGrowth growth) {
    Samples taken = samples;
    Quiescer.Counted end = first;
    if (taken == null || end == null) {
      return Optional.empty();
    }
    int index = indexOf(growth.cache());
    return taken.slope(index, end.objects().get(index));
  }

  /**
   * Returns what was mounted since the baseline and is now; only by the first run where it is
   * known.
   */
  List<String> mounted(Surroundings.View now) {
    List<String> mounted = now.mountedSince(viewBefore);
    Surroundings.View known = viewOfFirst;
    return known == null
        ? mounted
        : known.mountedSince(viewBefore).stream().filter(mounted::contains).toList();
  }

  Surroundings.View viewBefore() {
    return viewBefore;
  }

  Surroundings.View look() {
    return surroundings.look();
  }

  @Override
  public void close() {
    try {
      closeTally();
    } finally {
      release(lock, quiescer, surroundings);
    }
  }

  private void closeTally() {
    references.close();
    opensInJava.close();
    if (tally != null) {
      tally.close();
    }
  }

  private static void release(
      MachineLock lock, @Nullable Quiescer quiescer, @Nullable Surroundings surroundings) {
    Optional.ofNullable(quiescer).ifPresent(Quiescer::close);
    Optional.ofNullable(surroundings).ifPresent(Surroundings::close);
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the lock of this machine", e);
    }
  }
}
