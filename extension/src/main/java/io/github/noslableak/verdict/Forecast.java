package io.github.noslableak.verdict;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a leak would do if the load went on at the pace of the test.
 *
 * @param objectsPerIteration objects that leak in one iteration, all caches together
 * @param bytesPerIteration bytes of slab that leak in one iteration, all caches together
 * @param iterationsPerSecond how often the body ran in a second of load
 * @param memoryBytes the memory that would be filled
 */
public record Forecast(
    double objectsPerIteration,
    double bytesPerIteration,
    double iterationsPerSecond,
    long memoryBytes) {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final int SECONDS_PER_HOUR = 3_600;

  /**
   * One cache of the leak.
   *
   * @param objectsPerIteration objects, 0 or more
   * @param slotBytes bytes of slab that one object takes, 0 if not known
   */
  public record Part(double objectsPerIteration, long slotBytes) {

    public Part {
      if (!(objectsPerIteration >= 0) || slotBytes < 0) {
        throw new IllegalArgumentException(
            objectsPerIteration + " objects per iteration of " + slotBytes + " bytes");
      }
    }
  }

  /**
   * Forecasts a leak of one cache.
   *
   * @see #of(List, int, long, long)
   */
  public static Forecast of(
      double objectsPerIteration, long slotBytes, int iterations, long nanos, long memoryBytes) {
    return of(List.of(new Part(objectsPerIteration, slotBytes)), iterations, nanos, memoryBytes);
  }

  /**
   * Forecasts a leak of several caches, such as the dentry and the inode of each socket.
   *
   * @param parts the caches that leak
   * @param iterations how often the body ran, 1 or more
   * @param nanos how long that took, without quiescing, in nanoseconds; 0 counts as 1
   * @param memoryBytes the memory that is available, 0 or more
   */
  public static Forecast of(List<Part> parts, int iterations, long nanos, long memoryBytes) {
    if (iterations < 1 || nanos < 0 || memoryBytes < 0) {
      throw new IllegalArgumentException(
          "%d iterations in %d ns, %d bytes of memory".formatted(iterations, nanos, memoryBytes));
    }
    return new Forecast(
        parts.stream().mapToDouble(Part::objectsPerIteration).sum(),
        parts.stream().mapToDouble(part -> part.objectsPerIteration() * part.slotBytes()).sum(),
        iterations / (Math.max(1, nanos) / NANOS_PER_SECOND),
        memoryBytes);
  }

  /** Returns objects per second of load. */
  public double objectsPerSecond() {
    return objectsPerIteration * iterationsPerSecond;
  }

  /** Returns bytes per second of load. */
  public double bytesPerSecond() {
    return bytesPerIteration * iterationsPerSecond;
  }

  /** Returns bytes per hour of load. */
  public double bytesPerHour() {
    return bytesPerSecond() * SECONDS_PER_HOUR;
  }

  /** Returns the seconds of load until the memory would be gone; empty where no bytes are known. */
  public OptionalDouble secondsUntilFull() {
    return bytesPerSecond() > 0
        ? OptionalDouble.of(memoryBytes / bytesPerSecond())
        : OptionalDouble.empty();
  }
}
