package io.github.noslableak.engine;

import io.github.noslableak.books.Accounting;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Slope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Counts taken on the way through many iterations, so that growth by the iteration is told from a
 * single step.
 *
 * <p>A sample costs a pass of quiescing, about ten milliseconds, and makes what follows find its
 * caches cold. So samples together may take an eighth of the time that has passed, and are spread
 * over all iterations.
 */
final class Samples {

  private static final int MOST = 64;
  private static final int SHARE = 8;

  private final Accounting accounting;
  private final int iterations;
  private final long start = System.nanoTime();
  private final List<Integer> at = new ArrayList<>();
  private final List<Counts> counts = new ArrayList<>();
  private long spent;

  /** What a sample takes, until one has shown it. */
  private long longest = TimeUnit.MILLISECONDS.toNanos(20);

  /** Begins right after the opening. */
  Samples(Accounting accounting, Counts opening, int iterations) {
    this.accounting = accounting;
    this.iterations = iterations;
    at.add(0);
    counts.add(opening);
  }

  /**
   * Takes a sample where it is time for one. Not after the last iteration, which is counted anyway.
   */
  void done(int iteration) {
    long now = System.nanoTime();
    boolean far = (long) (iteration - last()) * MOST >= iterations;
    if (iteration < iterations && far && (spent + longest) * SHARE <= now - start - spent) {
      Counts sample = accounting.countOnce();
      long took = System.nanoTime() - now;
      spent += took;
      longest = Math.max(longest, took);
      at.add(iteration);
      counts.add(sample);
    }
  }

  /** Returns how long taking the samples took. */
  Duration spent() {
    return Duration.ofNanos(spent);
  }

  private int last() {
    return at.get(at.size() - 1);
  }

  /**
   * Fits the slope of a cache, where there are enough samples.
   *
   * @param end its objects after the last iteration; empty where it was gone
   */
  Optional<Slope> slope(String cache, OptionalLong end) {
    List<Slope.Sample> samples = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      int iteration = at.get(i);
      counts
          .get(i)
          .of(cache)
          .ifPresent(objects -> samples.add(new Slope.Sample(iteration, objects)));
    }
    end.ifPresent(objects -> samples.add(new Slope.Sample(iterations, objects)));
    return Slope.of(samples);
  }
}
