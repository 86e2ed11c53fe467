package io.github.noslableak.engine;

import io.github.noslableak.books.Books;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Statement;
import io.github.noslableak.verdict.Terms;
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

  private final Books books;
  private final Terms terms;
  private final String name;
  private final Duration limit;
  private final Schedule schedule;
  private final List<Integer> lengths = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param books keeps count of all watched caches
   * @param limit how long all of it may take; two rounds are run in any case
   */
  Comparison(Books books, Terms terms, Plan plan, Duration limit) {
    this.books = books;
    this.terms = terms;
    this.name = plan.name();
    this.limit = limit;
    this.schedule = new Schedule(plan.iterations());
  }

  /**
   * Runs the rounds.
   *
   * @throws X what a body throws; there is no result then
   * @throws Unmeasurable if the kernel refuses what it allowed before
   */
  <X extends Exception> List<Difference> run(Body<X> control, Body<X> treatment) throws X {
    long start = System.nanoTime();
    for (int round = 0; round < Schedule.MOST_ROUNDS; round++) {
      int iterations = schedule.ofRound(round);
      period("control", control, iterations);
      period("treatment", treatment, iterations);
      lengths.add(iterations);
      boolean clear = differences().stream().noneMatch(Difference::isUndecided);
      boolean late = System.nanoTime() - start > limit.toNanos() / 2; // The next takes as long.
      if (round >= 1 && (clear || late)) {
        break;
      }
    }
    count(books::finish);
    return differences();
  }

  private <X extends Exception> void period(String what, Body<X> body, int iterations) throws X {
    Progress progress = new Progress("compares " + name + ", " + what, iterations);
    count(books::begin);
    for (int i = 1; i <= iterations; i++) {
      count(books::iteration);
      body.run();
      progress.done(i);
    }
    count(books::end);
  }

  /** What a body throws is its own; what counting throws is not. */
  private static void count(Runnable counting) {
    Unmeasurable.measured(
        () -> {
          counting.run();
          return counting;
        });
  }

  private List<Difference> differences() {
    Statement said = Unmeasurable.measured(books::statement);
    return terms.caches().stream()
        .map(
            cache ->
                Difference.of(
                    cache.name(), said, lengths, (double) cache.tolerance() / terms.iterations()))
        .toList();
  }
}
