package io.github.noslableak.verdict;

import java.util.Locale;
import java.util.Optional;

/**
 * A cache that was asked for and could not be judged. It is named in every report, so that silence
 * about it is not taken for an acquittal.
 *
 * @param cache the cache's name
 * @param reason why not, as a clause without a full stop
 */
public record Unjudged(String cache, String reason) {

  /**
   * Leaves a cache unjudged that gained more than tolerated, but by no more than it moved by itself
   * before the test: that accuses nobody, and acquits nobody either.
   *
   * @param growth objects gained
   * @param tolerance objects that may be left
   * @param spread by how many objects the cache moved before the test while nothing ran
   */
  public static Optional<Unjudged> ifUnrest(
      String cache, long growth, long tolerance, long spread) {
    long excess = growth - tolerance;
    return excess > 0 && excess <= spread
        ? Optional.of(
            new Unjudged(
                cache,
                String.format(
                    Locale.ROOT,
                    "gained %,d objects, but moved by %,d before the test began: something else is"
                        + " busy on this machine",
                    growth,
                    spread)))
        : Optional.empty();
  }
}
