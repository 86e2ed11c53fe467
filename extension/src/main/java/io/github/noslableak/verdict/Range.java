package io.github.noslableak.verdict;

/**
 * A number of objects of which only its limits are known.
 *
 * @param least at least as many
 * @param most at most as many
 */
public record Range(long least, long most) {

  public Range {
    if (least > most) {
      throw new IllegalArgumentException("at least " + least + " and at most " + most);
    }
  }

  /** Makes one that is known exactly. */
  public static Range exactly(long objects) {
    return new Range(objects, objects);
  }

  /** Makes one around an estimate. */
  public static Range around(long objects, long unrest) {
    return new Range(objects - unrest, objects + unrest);
  }
}
