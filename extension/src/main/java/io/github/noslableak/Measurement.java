package io.github.noslableak;

import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.Tolerances;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What to measure.
 *
 * @param name what is measured, as the reader of a report knows it
 * @param key what is measured, as a baseline knows it: the same from run to run
 * @param caches names, globs and groups of slab caches
 * @param tolerance objects of each cache that may be left
 * @param rules what single caches may be left with instead, the nearest level first
 * @param iterations how often the body runs in the measurement
 * @param warmup how often the body runs before
 * @param confirm whether the body may be run again where it is suspected
 * @param attribution when allocations are followed
 * @param processes names of processes whose allocations count as the test's own; where there are
 *     any, those of all others do not count
 * @param modules names of the kernel modules whose references are followed; none for all
 */
record Measurement(
    String name,
    String key,
    List<String> caches,
    long tolerance,
    List<List<ToleranceRule>> rules,
    int iterations,
    int warmup,
    boolean confirm,
    Attribution attribution,
    Set<String> processes,
    List<String> modules) {

  Measurement {
    modules = List.copyOf(modules);
    caches = List.copyOf(caches);
    rules = List.copyOf(rules);
    processes = Set.copyOf(processes);
    require(tolerance >= 0, "tolerance", tolerance, 0);
    require(iterations >= 1, "iterations", iterations, 1);
    require(warmup >= 0, "warmup", warmup, 0);
    Tolerances ignored = Tolerances.of(tolerance, rules); // Refuses what does not fit together.
  }

  private static void require(boolean holds, String what, long value, long least) {
    if (!holds) {
      throw new IllegalArgumentException(
          what + " should be " + least + " or more, but is " + value);
    }
  }

  /** Measures these caches: one run, nothing tolerated. */
  static Measurement of(String name, List<String> caches) {
    return new Measurement(
        name, name, caches, 0, List.of(), 1, 0, true, Attribution.DEFAULT, Set.of(), List.of());
  }

  Tolerances tolerances() {
    return Tolerances.of(tolerance, rules);
  }

  Measurement named(String other) {
    return named(other, other);
  }

  Measurement named(String other, String otherKey) {
    return new Measurement(
        other,
        otherKey,
        caches,
        tolerance,
        rules,
        iterations,
        warmup,
        confirm,
        attribution,
        processes,
        modules);
  }

  Measurement tolerating(long objects) {
    return new Measurement(
        name,
        key,
        caches,
        objects,
        rules,
        iterations,
        warmup,
        confirm,
        attribution,
        processes,
        modules);
  }

  Measurement tolerating(List<List<ToleranceRule>> levels) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        levels,
        iterations,
        warmup,
        confirm,
        attribution,
        processes,
        modules);
  }

  /** Adds a rule to those that are nearest. */
  Measurement tolerating(ToleranceRule rule) {
    List<ToleranceRule> nearest = new ArrayList<>(rules.isEmpty() ? List.of() : rules.get(0));
    nearest.add(rule);
    List<List<ToleranceRule>> levels = new ArrayList<>(rules);
    if (levels.isEmpty()) {
      levels.add(nearest);
    } else {
      levels.set(0, nearest);
    }
    return tolerating(levels);
  }

  Measurement iterations(int number) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        rules,
        number,
        warmup,
        confirm,
        attribution,
        processes,
        modules);
  }

  Measurement warmup(int number) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        rules,
        iterations,
        number,
        confirm,
        attribution,
        processes,
        modules);
  }

  Measurement confirming(boolean may) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        rules,
        iterations,
        warmup,
        may,
        attribution,
        processes,
        modules);
  }

  Measurement attributing(Attribution when) {
    return new Measurement(
        name, key, caches, tolerance, rules, iterations, warmup, confirm, when, processes, modules);
  }

  Measurement countingAlso(Set<String> names) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        rules,
        iterations,
        warmup,
        confirm,
        attribution,
        names,
        modules);
  }

  Measurement following(List<String> names) {
    return new Measurement(
        name,
        key,
        caches,
        tolerance,
        rules,
        iterations,
        warmup,
        confirm,
        attribution,
        processes,
        names);
  }
}
