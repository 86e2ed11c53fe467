package io.github.noslableak.diagnosis;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * By how much a cache grew between two dumps.
 *
 * @param objects objects in use; empty where one of the dumps could not tell
 * @param bytes of the memory of objects in use, or of slabs where these are not known
 * @param time how long that took; empty where the dumps do not tell
 */
public record Growth(OptionalLong objects, long bytes, Optional<Duration> time) {

  private static final double SECONDS_PER_HOUR = 3_600;

  /** Returns bytes per hour, where the time is known. */
  public OptionalDouble bytesPerHour() {
    return perHour(bytes);
  }

  /** Returns objects per hour, where both are known. */
  public OptionalDouble objectsPerHour() {
    return objects.isPresent() ? perHour(objects.getAsLong()) : OptionalDouble.empty();
  }

  private OptionalDouble perHour(long count) {
    return time.filter(taken -> taken.toSeconds() > 0)
        .map(taken -> OptionalDouble.of(count * SECONDS_PER_HOUR / taken.toSeconds()))
        .orElse(OptionalDouble.empty());
  }
}
