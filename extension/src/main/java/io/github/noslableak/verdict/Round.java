package io.github.noslableak.verdict;

/**
 * What one cache gained over one round of confirmation.
 *
 * @param iterations how often the body ran in this round, 1 or more
 * @param objects objects gained and kept; negative where objects went away
 * @param unrest by how many objects this may be off because of what else happens on the machine; 0
 *     where each allocation was followed, or where the counters were at rest
 */
public record Round(int iterations, long objects, long unrest) {

  public Round {
    if (iterations < 1 || unrest < 0) {
      throw new IllegalArgumentException(
          "a round of " + iterations + " iterations with a unrest of " + unrest);
    }
  }

  /** Returns the growth in objects per iteration. */
  public double perIteration() {
    return (double) objects / iterations;
  }

  /** Returns whether the growth per iteration is exactly that of another, and both are sure. */
  boolean isInProportionTo(Round other) {
    return isSure(other) && difference(other) == 0;
  }

  /** Returns the same of one of any length, by which that may be no whole number of objects. */
  boolean isNearestToProportionTo(Round other) {
    return isSure(other) && Math.abs(difference(other)) < other.iterations;
  }

  private boolean isSure(Round other) {
    return unrest == 0 && other.unrest == 0;
  }

  private long difference(Round other) {
    return objects * other.iterations - other.objects * iterations;
  }

  /** Returns at most how many objects were gained, 0 or more. */
  long most() {
    return Math.max(0, objects + unrest);
  }

  /** Returns whether the body left more than tolerated here, whatever else happened. */
  boolean grew(double tolerancePerIteration) {
    return objects - tolerancePerIteration * iterations > unrest;
  }
}
