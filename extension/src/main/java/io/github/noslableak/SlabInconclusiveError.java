package io.github.noslableak;

/**
 * The numbers of a test decide nothing, and {@code noslableak.inconclusive} is {@code fail}. The
 * message says what was seen, why it decides nothing and what would.
 */
public final class SlabInconclusiveError extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final SlabGrowth growth;

  SlabInconclusiveError(String message, SlabGrowth growth) {
    super(message);
    this.growth = growth;
  }

  /** Returns the growth of every cache that was watched. */
  public SlabGrowth growth() {
    return growth;
  }
}
