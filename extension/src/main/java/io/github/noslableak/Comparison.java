package io.github.noslableak;

import io.github.noslableak.kernel.SlabCache;
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

  /** One of the two. */
  @FunctionalInterface
  interface Body<X extends Exception> {
    void run() throws X;
  }

  private final Tally tally;
  private final List<SlabCache> watched;
  private final List<Integer> lengths = new ArrayList<>();

  private Comparison(Tally tally, List<SlabCache> watched) {
    this.tally = tally;
    this.watched = watched;
  }

  /**
   * Runs the rounds.
   *
   * @param tally keeps count
   * @param watched the caches to compare
   * @param limit how long all of it may take; two rounds are run in any case
   * @throws X what a body throws; there is no result then
   */
  static <X extends Exception> List<Difference> run(
      Tally tally,
      List<SlabCache> watched,
      Measurement measurement,
      Body<X> control,
      Body<X> treatment,
      Duration limit)
      throws X {
    Comparison comparison = new Comparison(tally, watched);
    long start = System.nanoTime();
    Progress progress = new Progress(measurement.name(), Integer.MAX_VALUE);
    List<Difference> found = List.of();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int iterations =
          (int) Math.min(Integer.MAX_VALUE / 2, (long) measurement.iterations() << round);
      comparison.segment(control, iterations, progress);
      comparison.segment(treatment, iterations, progress);
      comparison.lengths.add(iterations);
      found = comparison.differences(measurement);
      boolean clear = found.stream().noneMatch(Difference::isOpen);
      boolean late = System.nanoTime() - start > limit.toNanos() / 2; // The next takes as long.
      if (round >= 1 && (clear || late)) {
        break;
      }
    }
    tally.finish();
    return comparison.differences(measurement);
  }

  private <X extends Exception> void segment(Body<X> body, int iterations, Progress progress)
      throws X {
    tally.begin();
    for (int i = 1; i <= iterations; i++) {
      tally.iteration();
      body.run();
      progress.done(i);
    }
    tally.end();
  }

  private List<Difference> differences(Measurement measurement) {
    List<Difference> differences = new ArrayList<>();
    double tolerated = (double) measurement.tolerance() / measurement.iterations();
    for (int cache = 0; cache < watched.size(); cache++) {
      List<Round> control = new ArrayList<>();
      List<Round> treatment = new ArrayList<>();
      for (int round = 0; round < lengths.size(); round++) {
        control.add(round(cache, 2 * round, lengths.get(round)));
        treatment.add(round(cache, 2 * round + 1, lengths.get(round)));
      }
      differences.add(Difference.of(watched.get(cache).name(), control, treatment, tolerated));
    }
    return differences;
  }

  /** Everybody's objects count: a product may live in another process, and noise meets both. */
  private Round round(int cache, int segment, int iterations) {
    long objects = 0;
    long doubt = 0;
    for (Origin origin : tally.origins()) {
      Round round = tally.round(cache, origin, segment, iterations);
      objects += round.objects();
      doubt += round.doubt();
    }
    return new Round(iterations, objects, doubt);
  }
}
