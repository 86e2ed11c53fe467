package io.github.noslableak.engine;

import io.github.noslableak.books.Books;
import io.github.noslableak.verdict.Course;
import io.github.noslableak.verdict.Promise;
import io.github.noslableak.verdict.Rounds;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.SuspectedCache;
import io.github.noslableak.verdict.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Runs a body again that is under suspicion: n times, then 2n, then 4n and so on, until it is clear
 * of each suspected cache whether its growth repeats and scales.
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
final class Confirmer {

  /** Attempts at a round in which no garbage collection runs. */
  private static final int MOST_ATTEMPTS = 3;

  private final List<SuspectedCache> suspected;
  private final Books books;
  private final Schedule schedule;
  private final Runner runner;
  private final Deadline deadline;
  private final Promise promise;
  private final long start = System.nanoTime();
  private int firstPeriod;
  private boolean begunAnew;
  private final List<Course.Run> rounds = new ArrayList<>();
  private final List<Course.Pair> pairs = new ArrayList<>();
  private Optional<Course.Idle> idle = Optional.empty();
  private Optional<Duration> missing = Optional.empty();

  /**
   * Makes one.
   *
   * @param suspected the caches under suspicion
   * @param books keeps count
   * @param deadline when all of it must be over
   * @param promise the leak that must be seen
   */
  Confirmer(
      List<SuspectedCache> suspected,
      Books books,
      Schedule schedule,
      Runner runner,
      Deadline deadline,
      Promise promise) {
    this.suspected = suspected;
    this.books = books;
    this.schedule = schedule;
    this.runner = runner;
    this.deadline = deadline;
    this.promise = promise;
    this.firstPeriod = books.periods();
  }

  /** Runs the rounds. */
  Reran run() {
    Optional<Shortfall> shortfall = runRounds();
    Rounds said = rounds();
    boolean followed = books.statement().isFollowed();
    boolean mustRest = said.needIdle();
    if (mustRest && followed) {
      // The rests of turns for another cache may be too short to tell.
      rest(said, said.needPairs() && mayTurn(said));
    }
    Optional<Shortfall> broke = said.needPairs() ? runPairs(said) : Optional.empty();
    shortfall = broke.isPresent() ? broke : shortfall;
    if (mustRest && !followed && pairs.isEmpty() && broke.isEmpty()) {
      rest(said, false);
    }
    return new Reran(suspected, books, course(), firstPeriod, promise, shortfall);
  }

  /**
   * Sees what comes while nothing runs, for as long as there is time, but not too short.
   *
   * @param turnsCome whether turns come yet, which have rests of their own
   */
  private void rest(Rounds said, boolean turnsCome) {
    Duration last = took(said.course().last());
    Duration shortest = Schedule.shortestPause(last);
    Duration most = turnsCome ? shortest : schedule.idle(last, counting(), spent());
    Duration left = deadline.left().minus(runner.counting().multipliedBy(2));
    Duration pause = most.compareTo(left) < 0 ? most : left;
    if (pause.compareTo(shortest) >= 0) {
      int ignored = idle(pause);
    }
  }

  /** Returns whether there is time for turns, of one cache at least, beside the shortest rest. */
  private boolean mayTurn(Rounds said) {
    Course.Run last = said.course().last();
    Duration each = took(last).dividedBy(last.iterations());
    Duration time = forTurns(spent()).minus(Schedule.shortestPause(took(last)));
    return Schedule.turn(said.shortestTurns(), last.iterations(), each, counted(), time)
        .isPresent();
  }

  /** Returns why there were not enough rounds, if there were not. */
  private Optional<Shortfall> runRounds() {
    Duration each = schedule.once();
    for (int round = 0; round < Schedule.MOST_ROUNDS; round++) {
      OptionalInt next =
          schedule.next(round, each, counting(), spent(), books.statement().isFollowed());
      if (next.isEmpty()) {
        break;
      }
      int iterations = next.getAsInt();
      Duration estimate = estimate(each.multipliedBy(iterations));
      if (!deadline.allows(estimate)) {
        return round < 2 ? Optional.of(tooLong(each, round)) : Optional.empty();
      }
      Optional<Shortfall> failure = runRound(iterations, estimate);
      if (failure.isPresent()) {
        return failure;
      }
      if (books.lacksEvents() && mayBeginAnew()) {
        // What comes from here on is known in full.
        rounds.clear();
        firstPeriod = books.periods();
        each = schedule.once();
        round = -1;
        continue;
      }
      each = took(rounds.get(round)).dividedBy(iterations);
      if (round >= 1 && (rounds().areSettled() || iterations < schedule.ofRound(round))) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Once: where events are lost again, they would be a third time. */
  private boolean mayBeginAnew() {
    Duration twoRounds = schedule.once().multipliedBy(schedule.untilTwoRounds(0));
    boolean may =
        !begunAnew
            && schedule.mayRepeat(twoRounds, counting(), spent())
            && deadline.allows(estimate(twoRounds));
    begunAnew |= may;
    return may;
  }

  private Shortfall tooLong(Duration each, int round) {
    return new Shortfall.TakesTooLong(
        estimate(each.multipliedBy(schedule.untilTwoRounds(round))), deadline.limit());
  }

  private Optional<Shortfall> runRound(int iterations, Duration estimate) {
    for (int attempt = 1; ; attempt++) {
      Runner.Attempt made = runner.run(iterations);
      if (made instanceof Runner.Failed failed) {
        return Optional.of(failed.shortfall());
      }
      // A collection may have closed what the body left open.
      Course.Run run = ((Runner.Ran) made).run();
      if (!books.wasDisturbed()
          || attempt == MOST_ATTEMPTS
          || !schedule.mayRepeat(took(run), counting(), spent())
          || !deadline.allows(estimate)) {
        rounds.add(run);
        return Optional.empty();
      }
    }
  }

  /**
   * Lets the body run and rest by turns. Whatever other processes are about, such as a build that
   * gathers pace, they will hardly do it to this beat. What they do all the time comes in both
   * alike, for a rest is as long as its turn.
   *
   * @return why it broke off, if the body failed
   */
  private Optional<Shortfall> runPairs(Rounds said) {
    Course.Run last = said.course().last();
    Duration each = took(last).dividedBy(last.iterations());
    Duration before = spent();
    Turns all = said.turns();
    Turns needed = all;
    OptionalInt wanted =
        Schedule.turn(needed, last.iterations(), each, counted(), forTurns(before));
    // A leak that is told in less time is one, whatever becomes of the others. By counters alone, a
    // long rest may tell as much.
    boolean forAll = wanted.isPresent() || (!books.statement().isFollowed() && said.needIdle());
    if (!forAll) {
      needed = said.shortestTurns();
      wanted = Schedule.turn(needed, last.iterations(), each, counted(), forTurns(before));
    }
    while (pairs.size() < Turns.MOST && rounds().needPairs()) {
      int iterations =
          Math.min(wanted.orElse(0), Schedule.fitting(each, counted(), forTurns(before)));
      if (iterations < needed.least() || !(forAll || rounds().mayTellOne())) {
        return missing(each.multipliedBy(all.iterations()));
      }
      Runner.Attempt made = runner.run(iterations);
      if (made instanceof Runner.Failed failed) {
        return Optional.of(failed.shortfall());
      }
      Course.Run active = ((Runner.Ran) made).run();
      if (!deadline.allows(took(active).plus(runner.counted()))) {
        return missing(took(active)); // A shorter rest would tell less than it seems to.
      }
      pairs.add(new Course.Pair(active, idle(took(active))));
    }
    return Optional.empty();
  }

  /** Returns how long further turns may take, of which the first began after so long a time. */
  private Duration forTurns(Duration before) {
    Duration time = schedule.forTurns(spent(), spent().minus(before));
    Duration left = deadline.left().minus(runner.counted().multipliedBy(2));
    return time.compareTo(left) < 0 ? time : left;
  }

  private Duration counted() {
    return Schedule.counting(runner.counted());
  }

  private Optional<Shortfall> missing(Duration turn) {
    missing = Optional.of(turn.plus(counted()).multipliedBy(2L * Turns.MOST));
    return Optional.empty();
  }

  /**
   * Lets time pass, and counts.
   *
   * @param pause how long
   * @return the number of the period
   */
  private int idle(Duration pause) {
    int period = runner.idle(pause);
    long last = rounds.get(rounds.size() - 1).nanos();
    double share = (double) last / Math.max(1, pause.toNanos());
    if (idle.filter(longer -> longer.share() < share).isEmpty()) {
      idle = Optional.of(new Course.Idle(period, share));
    }
    return period;
  }

  private Duration spent() {
    return Duration.ofNanos(System.nanoTime() - start).minus(runner.excess());
  }

  private Duration counting() {
    return Schedule.counting(runner.counting());
  }

  private Duration estimate(Duration body) {
    return Schedule.estimate(body, runner.counting());
  }

  private static Duration took(Course.Run run) {
    return Duration.ofNanos(run.nanos());
  }

  private Course course() {
    return new Course(rounds, idle, pairs, missing);
  }

  private Rounds rounds() {
    return new Rounds(suspected, books.statement(), course(), firstPeriod, promise);
  }
}
