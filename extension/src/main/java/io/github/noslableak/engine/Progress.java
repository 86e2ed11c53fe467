package io.github.noslableak.engine;

import java.time.Duration;
import java.util.Locale;

/**
 * Says how far a long run has come, for whoever watches the build wait: every ten seconds, on the
 * standard error stream. A run that is shorter says nothing.
 */
public final class Progress {

  private static final Duration EVERY = Duration.ofSeconds(10);

  private final String what;
  private final int total;
  private final long start = System.nanoTime();
  private Duration next = EVERY;

  /**
   * Begins now.
   *
   * @param what what runs, as the one who waits knows it
   * @param total how many iterations there will be
   */
  public Progress(String what, int total) {
    this.what = what;
    this.total = total;
  }

  /**
   * Says that a long time passes in which nothing runs.
   *
   * @param name what was run, as the one who waits knows it
   * @param pause how long
   */
  @SuppressWarnings("SystemOut")
  static void pause(String name, Duration pause) {
    if (pause.compareTo(EVERY) >= 0) {
      System.err.println(
          String.format(
              Locale.ROOT,
              "NoSlabLeak: lets %,d s pass without %s, to see what others do meanwhile",
              pause.toSeconds(),
              name));
    }
  }

  /**
   * Told after each iteration.
   *
   * @param iterations how many are done
   */
  // JUnit has no channel for this that Maven would show.
  @SuppressWarnings("SystemOut")
  public void done(int iterations) {
    Duration passed = Duration.ofNanos(System.nanoTime() - start);
    if (passed.compareTo(next) >= 0) {
      System.err.println(
          String.format(
              Locale.ROOT,
              "NoSlabLeak: %s, iteration %,d of %,d after %,d s",
              what,
              iterations,
              total,
              passed.toSeconds()));
      next = passed.plus(EVERY);
    }
  }
}
