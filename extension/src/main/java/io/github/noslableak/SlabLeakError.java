package io.github.noslableak;

/**
 * More kernel objects were left after a test than tolerated.
 *
 * <p>The message stands alone: it names what leaked and how much, who may hold it and what to do
 * next.
 */
public final class SlabLeakError extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final SlabGrowth growth;

  SlabLeakError(String message, SlabGrowth growth) {
    super(message);
    this.growth = growth;
  }

  /** Returns the growth of every cache that was watched. */
  public SlabGrowth growth() {
    return growth;
  }
}
