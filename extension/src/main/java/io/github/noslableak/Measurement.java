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
 */
record Measurement(String name, List<String> caches, long tolerance, int iterations, int warmup) {

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
}
