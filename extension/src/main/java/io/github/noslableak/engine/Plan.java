package io.github.noslableak.engine;

import io.github.noslableak.verdict.Tolerances;
import java.util.List;
import java.util.Set;

/**
 * What to measure, and how.
 *
 * @param name what is measured, as the reader of a report knows it
 * @param key what is measured, as a baseline knows it: the same from run to run
 * @param caches names, globs and groups of slab caches
 * @param tolerances objects of each cache that may be left
 * @param iterations how often the body runs in the measurement
 * @param warmup how often the body runs before
 * @param confirm whether the body may be run again where it is suspected
 * @param following when allocations are followed
 * @param processes names of processes whose allocations count as the test's own; where there are
 *     any, those of all others do not count
 * @param modules names of the kernel modules whose references are followed; none for all
 * @param alone whether nothing else of its JVM runs meanwhile but what it starts itself
 */
public record Plan(
    String name,
    String key,
    List<String> caches,
    Tolerances tolerances,
    int iterations,
    int warmup,
    boolean confirm,
    Following following,
    Set<String> processes,
    List<String> modules,
    boolean alone) {

  /**
   * Makes a plan.
   *
   * @throws IllegalArgumentException if the iterations are less than 1 or the warm-up is negative
   */
  public Plan {
    caches = List.copyOf(caches);
    processes = Set.copyOf(processes);
    modules = List.copyOf(modules);
    require(iterations >= 1, "iterations", iterations, 1);
    require(warmup >= 0, "warmup", warmup, 0);
  }

  private static void require(boolean holds, String what, int value, int least) {
    if (!holds) {
      throw new IllegalArgumentException(
          what + " should be " + least + " or more, but is " + value);
    }
  }

  /** Begins with one run of which nothing is tolerated. */
  public static Builder builder(String name, List<String> caches) {
    return new Builder(name, caches);
  }

  /** Begins with this plan. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, caches);
    builder.key = key;
    builder.tolerances = tolerances;
    builder.iterations = iterations;
    builder.warmup = warmup;
    builder.confirm = confirm;
    builder.following = following;
    builder.processes = processes;
    builder.modules = modules;
    builder.alone = alone;
    return builder;
  }

  /** A plan that is being made. */
  public static final class Builder {
    private final List<String> caches;
    private String name;
    private String key;
    private Tolerances tolerances = Tolerances.of(0);
    private int iterations = 1;
    private int warmup;
    private boolean confirm = true;
    private Following following = Following.CONFIRM;
    private Set<String> processes = Set.of();
    private List<String> modules = List.of();
    private boolean alone;

    private Builder(String name, List<String> caches) {
      this.name = name;
      this.key = name;
      this.caches = caches;
    }

    /** Sets both names at once; they differ where there is a {@link #key}. */
    public Builder name(String value) {
      name = value;
      key = value;
      return this;
    }

    public Builder key(String value) {
      key = value;
      return this;
    }

    public Builder tolerances(Tolerances value) {
      tolerances = value;
      return this;
    }

    public Builder iterations(int value) {
      iterations = value;
      return this;
    }

    public Builder warmup(int value) {
      warmup = value;
      return this;
    }

    public Builder confirm(boolean value) {
      confirm = value;
      return this;
    }

    public Builder following(Following value) {
      following = value;
      return this;
    }

    public Builder processes(Set<String> value) {
      processes = value;
      return this;
    }

    public Builder modules(List<String> value) {
      modules = value;
      return this;
    }

    public Builder alone(boolean value) {
      alone = value;
      return this;
    }

    /**
     * Makes the plan.
     *
     * @throws IllegalArgumentException if the iterations are less than 1 or the warm-up is negative
     */
    public Plan build() {
      return new Plan(
          name,
          key,
          caches,
          tolerances,
          iterations,
          warmup,
          confirm,
          following,
          processes,
          modules,
          alone);
    }
  }
}
