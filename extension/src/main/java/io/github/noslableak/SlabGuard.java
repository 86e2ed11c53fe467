package io.github.noslableak;

import java.util.List;

/**
 * Measures a piece of code as {@link NoSlabLeak} measures a test, without JUnit.
 *
 * <pre>{@code
 * SlabGuard.watching("dentry", "sock_inode_cache").check(() -> relay.copy(file));
 * }</pre>
 *
 * <p>Settings are the system properties {@code noslableak.linger} and {@code
 * noslableak.lock.timeout}. Guards are immutable: each method returns a new one. While a guard
 * measures, others of this machine wait for it; one inside its body does not.
 */
public final class SlabGuard {

  private static final String NO_NAME = "The checked code";

  private final Measurement measurement;

  private SlabGuard(Measurement measurement) {
    this.measurement = measurement;
  }

  /** Code to measure. */
  @FunctionalInterface
  public interface Body<X extends Exception> {

    /**
     * Runs once.
     *
     * @throws X whatever it throws ends the measurement and reaches the caller
     */
    void run() throws X;
  }

  /**
   * Makes a guard that tolerates nothing and runs its body once.
   *
   * @param caches names, globs and groups as in {@link NoSlabLeak#caches()}; none for {@code @io}
   */
  public static SlabGuard watching(String... caches) {
    List<String> watched = caches.length == 0 ? List.of("@io") : List.of(caches);
    return new SlabGuard(new Measurement(NO_NAME, watched, 0, 1, 0));
  }

  /**
   * Sets what the code is called in a report.
   *
   * @param name a name, such as that of the code's scenario
   */
  public SlabGuard named(String name) {
    return new SlabGuard(
        new Measurement(
            name,
            measurement.caches(),
            measurement.tolerance(),
            measurement.iterations(),
            measurement.warmup()));
  }

  /**
   * Sets how many objects of each cache may be left.
   *
   * @param objects objects per cache, 0 or more
   * @throws IllegalArgumentException if negative
   */
  public SlabGuard tolerating(long objects) {
    return new SlabGuard(
        new Measurement(
            measurement.name(),
            measurement.caches(),
            objects,
            measurement.iterations(),
            measurement.warmup()));
  }

  /**
   * Sets how often the body runs inside the measurement.
   *
   * @param iterations 1 or more
   * @throws IllegalArgumentException if less than 1
   */
  public SlabGuard iterations(int iterations) {
    return new SlabGuard(
        new Measurement(
            measurement.name(),
            measurement.caches(),
            measurement.tolerance(),
            iterations,
            measurement.warmup()));
  }

  /**
   * Sets how often the body runs before the measurement.
   *
   * @param iterations 0 or more
   * @throws IllegalArgumentException if negative
   */
  public SlabGuard warmup(int iterations) {
    return new SlabGuard(
        new Measurement(
            measurement.name(),
            measurement.caches(),
            measurement.tolerance(),
            measurement.iterations(),
            iterations));
  }

  /**
   * Runs the body and fails if it leaks.
   *
   * @throws SlabLeakError if more objects are left than tolerated
   * @throws SlabUnmeasurableException if slab objects cannot be counted here; the body has not run
   *     then, unless the message says that its numbers allow no verdict
   * @throws IllegalArgumentException if a cache is unknown on this kernel, or a setting is
   *     malformed
   * @throws X what the body throws; there is no verdict then
   */
  public <X extends Exception> void check(Body<X> body) throws X {
    SlabGrowth growth = measure(body);
    growth
        .finding()
        .ifPresent(
            message -> {
              throw new SlabLeakError(message, growth);
            });
  }

  /**
   * Runs the body and returns what it left, for an assertion of your own.
   *
   * @throws SlabUnmeasurableException as {@link #check} does
   * @throws IllegalArgumentException as {@link #check} does
   * @throws X what the body throws
   */
  public <X extends Exception> SlabGrowth measure(Body<X> body) throws X {
    Settings settings = Settings.fromSystemProperties();
    try (Bracket bracket = Bracket.begin(measurement, settings)) {
      for (int i = 0; i < measurement.warmup(); i++) {
        body.run();
      }
      if (measurement.warmup() > 0) {
        bracket.restart();
      }
      for (int i = 0; i < measurement.iterations(); i++) {
        body.run();
      }
      return bracket.end();
    }
  }
}
