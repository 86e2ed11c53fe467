package io.github.noslableak;

import io.github.noslableak.engine.Body;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Progress;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Suspect.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a control and a treatment in turn, n times each, then 2n times, and so on, until it is clear
 * of each watched cache whether the treatment leaves more than the control.
 *
 * <p>In turn, so that what changes in the course of time meets both alike.
 */
final class Comparison {

  private static final int MOST_ROUNDS = 6;

  /**
   * A watched cache.
   *
   * @param tolerancePerIteration objects that the treatment may leave more in each iteration
   */
  record Compared(String name, double tolerancePerIteration) {}

  private final Tally tally;
  private final List<Compared> watched;
  private final String name;
  private final List<Integer> lengths = new ArrayList<>();

  private Comparison(Tally tally, List<Compared> watched, String name) {
    this.tally = tally;
    this.watched = watched;
    this.name = name;
  }

  /**
   * Runs the rounds.
   *
   * @param tally keeps count
   * @param watched the caches to compare, in the order in which the tally knows them
   * @param limit how long all of it may take; two rounds are run in any case
   * @throws X what a body throws; there is no result then
   * @throws SlabUnmeasurableException if the kernel refuses what it allowed before
   */
  static <X extends Exception> List<Difference> run(
      Tally tally,
      List<Compared> watched,
      Plan plan,
      Body<X> control,
      Body<X> treatment,
      Duration limit)
      throws X {
    Comparison comparison = new Comparison(tally, watched, plan.name());
    long start = System.nanoTime();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int iterations = (int) Math.min(Integer.MAX_VALUE / 2, (long) plan.iterations() << round);
      comparison.segment("control", control, iterations);
      comparison.segment("treatment", treatment, iterations);
      comparison.lengths.add(iterations);
      boolean clear = comparison.differences().stream().noneMatch(Difference::isOpen);
      boolean late = System.nanoTime() - start > limit.toNanos() / 2; // The next takes as long.
      if (round >= 1 && (clear || late)) {
        break;
      }
    }
    count(tally::finish);
    return comparison.differences();
  }

  private <X extends Exception> void segment(String what, Body<X> body, int iterations) throws X {
    Progress progress = new Progress("compares " + name + ", " + what, iterations);
    count(tally::begin);
    for (int i = 1; i <= iterations; i++) {
      count(tally::iteration);
      body.run();
      progress.done(i);
    }
    count(tally::end);
  }

  /** What a body throws is its own; what counting throws is not. */
  private static void count(Runnable counting) {
    Bracket.measured(
        () -> {
          counting.run();
          return counting;
        });
  }

  private List<Difference> differences() {
    List<Difference> differences = new ArrayList<>();
    for (int cache = 0; cache < watched.size(); cache++) {
      differences.add(difference(cache));
    }
    return differences;
  }

  /**
   * A product may live in another process, so what others leave counts too; but apart, for they may
   * have reasons of their own.
   */
  private Difference difference(int cache) {
    List<Difference> found = new ArrayList<>();
    for (Origin origin : tally.origins()) {
      List<Round> control = new ArrayList<>();
      List<Round> treatment = new ArrayList<>();
      for (int round = 0; round < lengths.size(); round++) {
        control.add(tally.round(cache, origin, 2 * round, lengths.get(round)));
        treatment.add(tally.round(cache, origin, 2 * round + 1, lengths.get(round)));
      }
      Compared compared = watched.get(cache);
      found.add(
          Difference.of(
              compared.name(), origin, control, treatment, compared.tolerancePerIteration()));
    }
    Difference difference =
        found.stream()
            .filter(Difference::leaks)
            .findFirst()
            .or(() -> found.stream().filter(Difference::isOpen).findFirst())
            .orElse(found.get(0));
    return tally.isComplete(cache) ? difference : difference.unclear();
  }
}
