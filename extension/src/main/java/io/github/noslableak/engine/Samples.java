package io.github.noslableak.engine;

import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.verdict.Slope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Counts taken on the way through many iterations, so that growth by the iteration is told from a
 * single step.
 *
 * <p>A sample costs a quiesced round, about ten milliseconds, and makes what follows find its
 * caches cold. So samples together may take an eighth of the time that has passed, and are spread
 * over all iterations.
 */
public final class Samples {

  private static final int MOST = 64;
  private static final int SHARE = 8;

  private final Quiescer quiescer;
  private final int iterations;
  private final long start = System.nanoTime();
  private final List<Integer> at = new ArrayList<>();
  private final List<List<Long>> counts = new ArrayList<>();
  private long spent;

  /** What a sample takes, until one has shown it. */
  private long longest = TimeUnit.MILLISECONDS.toNanos(20);

  /** Begins right after the baseline. */
  public Samples(Quiescer quiescer, List<Long> baseline, int iterations) {
    this.quiescer = quiescer;
    this.iterations = iterations;
    at.add(0);
    counts.add(baseline);
  }

  /**
   * Takes a sample where it is time for one. Not after the last iteration, which is counted anyway.
   */
  public void done(int iteration) {
    long now = System.nanoTime();
    boolean far = (long) (iteration - last()) * MOST >= iterations;
    if (iteration < iterations && far && (spent + longest) * SHARE <= now - start - spent) {
      List<Long> sample = quiescer.sample();
      long took = System.nanoTime() - now;
      spent += took;
      longest = Math.max(longest, took);
      at.add(iteration);
      counts.add(sample);
    }
  }

  /** Returns how long taking the samples took. */
  public Duration spent() {
    return Duration.ofNanos(spent);
  }

  private int last() {
    return at.get(at.size() - 1);
  }

  /**
   * Fits the slope of a cache.
   *
   * @param cache its place among the watched ones
   * @param end its objects after the last iteration
   */
  public Optional<Slope> slope(int cache, long end) {
    List<Slope.Sample> samples = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      long objects = counts.get(i).get(cache);
      if (objects != Quiescer.VANISHED) {
        samples.add(new Slope.Sample(at.get(i), objects));
      }
    }
    samples.add(new Slope.Sample(iterations, end));
    return Slope.of(samples);
  }
}
