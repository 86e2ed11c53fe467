package io.github.noslableak;

import java.util.List;

/**
 * What to measure.
 *
 * @param name what is measured, as the reader of a report knows it
 * @param caches names, globs and groups of slab caches
 * @param tolerance objects of each cache that may be left
 * @param iterations how often the body runs in the measurement
 * @param warmup how often the body runs before
 * @param confirm whether the body may be run again where it is suspected
 */
record Measurement(
    String name, List<String> caches, long tolerance, int iterations, int warmup, boolean confirm) {

  Measurement {
    caches = List.copyOf(caches);
    require(tolerance >= 0, "tolerance", tolerance, 0);
    require(iterations >= 1, "iterations", iterations, 1);
    require(warmup >= 0, "warmup", warmup, 0);
  }

  private static void require(boolean holds, String what, long value, long least) {
    if (!holds) {
      throw new IllegalArgumentException(
          what + " should be " + least + " or more, but is " + value);
    }
  }

  /** Measures these caches: one run, nothing tolerated. */
  static Measurement of(String name, List<String> caches) {
    return new Measurement(name, caches, 0, 1, 0, true);
  }

  Measurement named(String other) {
    return new Measurement(other, caches, tolerance, iterations, warmup, confirm);
  }

  Measurement tolerating(long objects) {
    return new Measurement(name, caches, objects, iterations, warmup, confirm);
  }

  Measurement iterations(int number) {
    return new Measurement(name, caches, tolerance, number, warmup, confirm);
  }

  Measurement warmup(int number) {
    return new Measurement(name, caches, tolerance, iterations, number, confirm);
  }

  Measurement confirming(boolean may) {
    return new Measurement(name, caches, tolerance, iterations, warmup, may);
  }
}
