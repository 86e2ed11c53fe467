package io.github.noslableak;

import io.github.noslableak.engine.Body;
import io.github.noslableak.engine.Deadline;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Progress;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Suspect.Origin;
import io.github.noslableak.verdict.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a body again that is under suspicion: n times, then 2n, then 4n and so on, until it is clear
 * of each suspect whether its growth repeats and scales.
 *
 * <p>Where this happens is a decision. The measurement ends after {@code @TempDir} is deleted,
 * where the body can no longer be run; and a second launcher run beside the first would run
 * {@code @BeforeAll} twice and lose the state of a shared instance. So the body is run again at the
 * last point of the test's life at which it can be, after its last {@code @AfterEach} method, with
 * the same instance, parameters and temporary directory, and inside the one test that is reported.
 * What is still there then and goes away in the teardown, such as files in a temporary directory on
 * tmpfs, may look like a leak at that point; therefore nothing is decided there. It is decided when
 * all is over, by what the rounds left even then.
 */
final class Rerun {

  /** Six rounds are 63 times the iterations of the first run. */
  private static final int MOST_ROUNDS = 6;

  /** Attempts at a round in which no garbage collection runs. */
  private static final int MOST_ATTEMPTS = 3;

  /** Two rounds may be too few to tell what others leave from what they do anyway. */
  private static final int ROUNDS_FOR_OTHERS = 3;

  private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);

  /** Pairs of times with and without the body, where others may be at work. */
  private static final int TRIALS = 4;

  /** Objects that each of them should leave, so that a stray one does not matter. */
  private static final int OBJECTS_OF_TRIAL = 8;

  /**
   * A cache that is looked at again.
   *
   * @param index its place among the watched caches
   * @param name its name
   * @param tolerancePerIteration objects that each iteration may leave
   * @param suspectedPerIteration the growth that raised the suspicion, 0 or less where unrest did
   * @param atRest whether the cache was at rest before the test
   */
  record Candidate(
      int index,
      String name,
      double tolerancePerIteration,
      double suspectedPerIteration,
      boolean atRest) {}

  /**
   * A round.
   *
   * @param number its segment of the tally
   */
  private record Segment(int number, int iterations, Duration took) {}

  /**
   * A round, and a time of that length in which nothing ran.
   *
   * @param idle the number of its segment
   */
  private record Pair(Segment active, int idle) {}

  private final List<Candidate> candidates;
  private final Tally tally;
  private final int firstSegment;
  private final List<Segment> rounds = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();

  /** The number of the last segment in which nothing ran; negative if there was none. */
  private int idle = -1;

  /** How much longer the last round took than nothing ran. */
  private double idleShare = 1;

  /** What counting after a round takes, as far as it is known. */
  private Duration counting;

  private @Nullable String obstacle;

  private Rerun(List<Candidate> candidates, Tally tally, Duration counting) {
    this.candidates = candidates;
    this.tally = tally;
    this.counting = counting;
    this.firstSegment = tally.segments();
  }

  /**
   * Runs the rounds.
   *
   * @param plan what is measured
   * @param candidates the caches under suspicion
   * @param tally keeps count
   * @param body the body with its fixtures
   * @param once how long one iteration took in the first run
   * @param counted how long counting after the first run took
   * @param deadline when all of it must be over
   */
  static Rerun run(
      Plan plan,
      List<Candidate> candidates,
      Tally tally,
      Body<?> body,
      Duration once,
      Duration counted,
      Deadline deadline) {
    Rerun rerun = new Rerun(candidates, tally, counted);
    rerun.runRounds(plan, body, once, deadline);
    return rerun;
  }

  private void runRounds(Plan plan, Body<?> body, Duration once, Deadline deadline) {
    Duration each = once;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int iterations = (int) Math.min(Integer.MAX_VALUE / 2, (long) plan.iterations() << round);
      Duration estimate = estimate(each.multipliedBy(iterations));
      if (!deadline.allows(estimate)) {
        if (round < 2) {
          obstacle =
              "running it again takes about %s more, and %s"
                  .formatted(
                      Deadline.seconds(
                          estimate(each.multipliedBy((round == 0 ? 3L : 2L) * plan.iterations()))),
                      deadline.reason());
        }
        break;
      }
      Optional<Throwable> failure = runRound(plan, body, iterations, estimate, deadline);
      if (failure.isPresent()) {
        obstacle = "it failed when it was run again: " + failure.get();
        break;
      }
      each = rounds.get(round).took().dividedBy(iterations);
      if (round >= 1 && isSettled()) {
        break;
      }
    }
    List<Suspect> toTry = ofAllOrigins().filter(Suspect::needsTrials).toList();
    if (!toTry.isEmpty()) {
      runTrials(toTry, plan, body, deadline);
    } else if (suspects().stream().anyMatch(Rerun::needsControl)) {
      idle(rounds.get(rounds.size() - 1).took(), deadline);
    }
  }

  /** What is leaked by others may come to light only when the teardown gives the rest back. */
  private Stream<Suspect> ofAllOrigins() {
    return candidates.stream()
        .flatMap(candidate -> tally.origins().stream().map(origin -> suspect(candidate, origin)));
  }

  /**
   * Lets the body run and rest by turns. Whatever other processes are about, such as a build that
   * gathers pace, they will hardly do it to this beat.
   */
  private void runTrials(List<Suspect> toTry, Plan plan, Body<?> body, Deadline deadline) {
    Segment last = rounds.get(rounds.size() - 1);
    int longer =
        toTry.stream()
            .mapToInt(
                suspect ->
                    (int) Math.ceil(OBJECTS_OF_TRIAL / suspect.perIteration() / last.iterations()))
            .max()
            .orElse(1);
    int iterations =
        (int) Math.min(Integer.MAX_VALUE / 2, (long) last.iterations() * Math.max(1, longer));
    Duration each = last.took().dividedBy(last.iterations());
    if (!deadline.allows(estimate(each.multipliedBy(iterations)).multipliedBy(TRIALS))) {
      return;
    }
    for (int trial = 0; trial < TRIALS; trial++) {
      Optional<Throwable> failure = attemptRound(plan, body, iterations);
      if (failure.isPresent()) {
        obstacle = "it failed when it was run again: " + failure.get();
        return;
      }
      Segment active = rounds.remove(rounds.size() - 1);
      if (!idle(active.took(), deadline)) {
        return;
      }
      pairs.add(new Pair(active, idle));
    }
  }

  /** What a round takes: the body, counting, and as much again for a control that may follow. */
  private Duration estimate(Duration body) {
    return body.plus(pause(body)).plus(counting.multipliedBy(2));
  }

  private static Duration pause(Duration body) {
    return body.compareTo(LONGEST_IDLE) < 0 ? body : LONGEST_IDLE;
  }

  private boolean isSettled() {
    List<Suspect> now = suspects();
    if (now.stream().anyMatch(Suspect::isOpen)) {
      return false;
    }
    // Where a cache leaks, what others may do besides is not worth the time.
    return now.stream().anyMatch(Suspect::leaks)
        || (candidates.stream().noneMatch(this::mayComeRarely)
            && (rounds.size() >= ROUNDS_FOR_OTHERS
                || ofAllOrigins().noneMatch(Suspect::mayStillLeak)));
  }

  private boolean mayComeRarely(Candidate candidate) {
    return suspect(candidate).mayComeRarely(candidate.suspectedPerIteration());
  }

  /** Growth that is exactly proportional is the body's, unless another process may be at work. */
  private static boolean needsControl(Suspect suspect) {
    return suspect.leaks() && !suspect.isExact();
  }

  private Optional<Throwable> runRound(
      Plan plan, Body<?> body, int iterations, Duration estimate, Deadline deadline) {
    for (int attempt = 1; ; attempt++) {
      Optional<Throwable> failure = attemptRound(plan, body, iterations);
      if (failure.isPresent()
          || !tally.wasDisturbed()
          || attempt == MOST_ATTEMPTS
          || !deadline.allows(estimate)) {
        return failure;
      }
      rounds.remove(rounds.size() - 1); // A collection may have closed what the body left open.
    }
  }

  private Optional<Throwable> attemptRound(Plan plan, Body<?> body, int iterations) {
    Progress progress = new Progress("runs " + plan.name() + " again", iterations);
    tally.begin();
    long start = System.nanoTime();
    Throwable failure = null;
    for (int i = 1; i <= iterations && failure == null; i++) {
      tally.iteration();
      try {
        body.run();
      } catch (VirtualMachineError e) {
        throw e;
      } catch (Throwable t) {
        failure = t;
        if (t instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
      }
      progress.done(i);
    }
    long end = System.nanoTime();
    Duration took = Duration.ofNanos(end - start);
    tally.end();
    Duration counted = Duration.ofNanos(System.nanoTime() - end);
    counting = counted.compareTo(counting) > 0 ? counted : counting;
    if (failure == null) {
      rounds.add(new Segment(tally.segments() - 1, iterations, took));
    }
    return Optional.ofNullable(failure);
  }

  /**
   * Lets time pass, but no more than some seconds, and counts: what grows now too, the body does
   * not bring about.
   *
   * @param active how long the body ran
   * @return whether there was time for it
   */
  private boolean idle(Duration active, Deadline deadline) {
    Duration pause = pause(active);
    if (!deadline.allows(pause.plus(counting))) {
      return false;
    }
    tally.begin();
    tally.iteration();
    boolean interrupted = false;
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    tally.end();
    idleShare =
        (double) rounds.get(rounds.size() - 1).took().toNanos() / Math.max(1, pause.toNanos());
    idle = tally.segments() - 1;
    return true;
  }

  private List<Suspect> suspects() {
    return candidates.stream().map(this::suspect).toList();
  }

  /** Judges the test's own objects; where they do not leak, other processes' objects too. */
  private Suspect suspect(Candidate candidate) {
    List<Suspect> found =
        tally.origins().stream().map(origin -> suspect(candidate, origin)).toList();
    return found.stream().filter(Suspect::leaks).findFirst().orElse(found.get(0));
  }

  private Suspect suspect(Candidate candidate, Origin origin) {
    List<Round> found = new ArrayList<>();
    for (int round = 0; round < rounds.size(); round++) {
      found.add(
          tally.round(
              candidate.index(),
              origin,
              rounds.get(round).number(),
              rounds.get(round).iterations()));
    }
    Suspect suspect =
        Suspect.of(
            candidate.name(),
            origin,
            found,
            candidate.tolerancePerIteration(),
            candidate.suspectedPerIteration(),
            idle >= 0
                ? OptionalLong.of(
                    Math.round(
                        idleShare * tally.round(candidate.index(), origin, idle, 1).objects()))
                : OptionalLong.empty());
    return pairs.size() == TRIALS && suspect.needsTrials()
        ? suspect.after(trials(candidate, origin))
        : suspect;
  }

  private List<Trial> trials(Candidate candidate, Origin origin) {
    int index = candidate.index();
    return pairs.stream()
        .map(
            pair ->
                new Trial(
                    tally.round(index, origin, pair.active().number(), pair.active().iterations()),
                    tally.round(index, origin, pair.idle(), pair.active().iterations())))
        .toList();
  }

  /**
   * Returns what all rounds left of a cache, whoever allocated it.
   *
   * @param cache its place among the watched caches
   */
  long kept(int cache, Confirmation confirmation) {
    return candidates.stream()
        .filter(candidate -> candidate.index() == cache)
        .flatMap(candidate -> confirmation.of(candidate.name()).stream())
        .mapToLong(suspect -> tally.kept(cache, suspect, firstSegment) + ofTrials(cache, suspect))
        .sum();
  }

  /** The ledger counts all segments of the rerun. */
  private long ofTrials(int cache, Suspect suspect) {
    return tally.follows() || !suspect.leaks()
        ? 0
        : pairs.stream()
            .mapToLong(
                pair ->
                    tally
                        .round(
                            cache,
                            suspect.origin(),
                            pair.active().number(),
                            pair.active().iterations())
                        .objects())
            .sum();
  }

  /** Returns who allocated what the rounds left of these caches, if that was followed. */
  Optional<Allocations> allocations(Set<String> caches) {
    return tally.allocations(caches, rounds.stream().map(Segment::number).toList());
  }

  /** Returns whether objects of a cache were left only until garbage was collected. */
  boolean isGarbage(int cache) {
    return tally.isGarbage(cache);
  }

  /** Returns whether the body was run again at least once. */
  boolean hasRounds() {
    return !rounds.isEmpty();
  }

  /** Returns whether the body could not be run again, or not often enough. */
  boolean wasHindered() {
    return obstacle != null;
  }

  /** Counts what is left when the teardown of the test is over. */
  void finish() {
    tally.finish();
  }

  /**
   * Says what the rounds showed, after {@link #finish}.
   *
   * @param overTest for each watched cache its growth from before the test to after its teardown
   * @param sinceRerun for each watched cache its growth since before the rounds
   */
  Confirmation confirmation(List<Long> overTest, List<Long> sinceRerun) {
    List<Suspect> found = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Suspect suspect =
          tally.afterTeardown(
              candidate.index(),
              suspect(candidate),
              overTest.get(candidate.index()),
              sinceRerun.get(candidate.index()),
              candidate.atRest());
      if (pairs.size() < TRIALS && suspect.needsTrials()) {
        suspect = suspect.with(Scaling.UNTRIED);
      }
      // Where the body could not be run again, unrest alone is no finding that could stand; and
      // what only took its time is gone by now.
      boolean gone =
          obstacle != null
              && overTest.get(candidate.index()) <= 0
              && (candidate.suspectedPerIteration() <= 0 || candidate.atRest());
      if (!suspect.isOpen() || !gone) {
        found.add(suspect);
      }
    }
    return new Confirmation(found, Optional.ofNullable(obstacle), tally.follows());
  }
}
