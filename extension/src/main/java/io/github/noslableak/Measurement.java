package io.github.noslableak;

import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.Tolerances;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

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
    return with(
        draft -> {
          draft.name = other;
          draft.key = otherKey;
        });
  }

  Measurement tolerating(long objects) {
    return with(draft -> draft.tolerance = objects);
  }

  Measurement tolerating(List<List<ToleranceRule>> levels) {
    return with(draft -> draft.rules = levels);
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
    return with(draft -> draft.iterations = number);
  }

  Measurement warmup(int number) {
    return with(draft -> draft.warmup = number);
  }

  Measurement confirming(boolean may) {
    return with(draft -> draft.confirm = may);
  }

  Measurement attributing(Attribution when) {
    return with(draft -> draft.attribution = when);
  }

  Measurement countingAlso(Set<String> names) {
    return with(draft -> draft.processes = names);
  }

  Measurement following(List<String> names) {
    return with(draft -> draft.modules = names);
  }

  private Measurement with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new Measurement(
        draft.name,
        draft.key,
        draft.caches,
        draft.tolerance,
        draft.rules,
        draft.iterations,
        draft.warmup,
        draft.confirm,
        draft.attribution,
        draft.processes,
        draft.modules);
  }

  /** A copy while one of its parts is changed. */
  private static final class Draft {
    private final List<String> caches;
    private String name;
    private String key;
    private long tolerance;
    private List<List<ToleranceRule>> rules;
    private int iterations;
    private int warmup;
    private boolean confirm;
    private Attribution attribution;
    private Set<String> processes;
    private List<String> modules;

    Draft(Measurement of) {
      this.name = of.name;
      this.key = of.key;
      this.caches = of.caches;
      this.tolerance = of.tolerance;
      this.rules = of.rules;
      this.iterations = of.iterations;
      this.warmup = of.warmup;
      this.confirm = of.confirm;
      this.attribution = of.attribution;
      this.processes = of.processes;
      this.modules = of.modules;
    }
  }
}
