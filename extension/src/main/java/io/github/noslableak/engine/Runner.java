package io.github.noslableak.engine;

import io.github.noslableak.books.Books;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.verdict.Course;
import io.github.noslableak.verdict.Shortfall;
import java.time.Duration;
import java.util.Optional;

/** Runs the body, or nothing, for one period of the books. */
final class Runner {

  /**
   * A run of the body.
   *
   * @param run what ran
   */
  record Ran(Course.Run run) implements Attempt {}

  /**
   * A run of the body that failed.
   *
   * @param shortfall how it failed
   */
  record Failed(Shortfall shortfall) implements Attempt {}

  /** What became of running the body. */
  sealed interface Attempt permits Ran, Failed {}

  private final String name;
  private final Body<?> body;
  private final Books books;
  private final Watchdog watchdog;

  /** What counting after a period takes, as far as it is known. */
  private Duration counting;

  private Duration counted;

  private Duration excess = Duration.ZERO;

  /**
   * Makes one.
   *
   * @param name what is run, for whoever watches
   * @param watchdog watches over it
   * @param counting what counting after the first run took
   */
  Runner(String name, Body<?> body, Books books, Watchdog watchdog, Duration counting) {
    this.name = name;
    this.body = body;
    this.books = books;
    this.watchdog = watchdog;
    this.counting = counting;
    this.counted = counting;
  }

  /** Returns how long counting took at most. */
  Duration counting() {
    return counting;
  }

  /** Returns how long counting took the last time. */
  Duration counted() {
    return counted;
  }

  /** Returns how much longer counting took, all in all, than a confirmation's time includes. */
  Duration excess() {
    return excess;
  }

  /** Runs the body. */
  Attempt run(int iterations) {
    Progress progress = new Progress("runs " + name + " again", iterations);
    books.begin();
    long start = System.nanoTime();
    for (int i = 1; i <= iterations; i++) {
      books.iteration();
      Optional<Shortfall> failure = runOnce();
      if (failure.isPresent()) {
        end();
        return new Failed(failure.get());
      }
      progress.done(i);
    }
    long nanos = System.nanoTime() - start;
    end();
    return new Ran(new Course.Run(books.periods() - 1, iterations, nanos));
  }

  private Optional<Shortfall> runOnce() {
    try {
      watchdog.run(body);
      return watchdog.interruption(); // Whatever it did on that account, it was no run like others.
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable t) {
      Optional<Shortfall> interruption = watchdog.interruption();
      if (interruption.isEmpty() && t instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return interruption.isPresent()
          ? interruption
          : Optional.of(new Shortfall.Failed(t.toString()));
    }
  }

  /**
   * Lets time pass and counts: what grows now too, the body does not bring about.
   *
   * @return the number of the period
   */
  int idle(Duration pause) {
    Progress.pause(name, pause);
    books.begin();
    books.iteration();
    Pause.of(pause.toNanos());
    end();
    return books.periods() - 1;
  }

  private void end() {
    long start = System.nanoTime();
    books.end();
    counted = Duration.ofNanos(System.nanoTime() - start);
    counting = counted.compareTo(counting) > 0 ? counted : counting;
    excess = excess.plus(counted.minus(Schedule.counting(counted)));
  }
}
