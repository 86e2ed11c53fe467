package io.github.noslableak.baseline;

import java.util.Locale;

/**
 * Objects per iteration in the precision of a baseline: ten-thousandths, rounded up, so that no
 * leak is written as none and a recorded rate covers what it was recorded from.
 */
record Rate(long tenThousandths) implements Comparable<Rate> {

  private static final int PER_OBJECT = 10_000;

  /** A hundred million objects per iteration are more than a machine's memory holds. */
  private static final double LIMIT = 1e8;

  static final double HIGHEST = LIMIT - 1;

  /** What a quotient of two counts may be off by, so that 0.0001 is not rounded up to 0.0002. */
  private static final double FLOATING_POINT_ERROR = 1e-13;

  /**
   * Rounds a rate up.
   *
   * @throws IllegalArgumentException unless it is 0 or more and less than a hundred million
   */
  static Rate of(double perIteration) {
    if (!(perIteration >= 0 && perIteration < LIMIT)) {
      throw new IllegalArgumentException(
          "a rate should be 0 or more and less than a hundred million, but is " + perIteration);
    }
    double exact = perIteration * PER_OBJECT;
    return new Rate((long) Math.ceil(exact * (1 - FLOATING_POINT_ERROR)));
  }

  /**
   * Reads what {@link #toString()} writes; decimals may be missing.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  static Rate parse(String text) {
    if (!text.matches("[0-9]{1,8}(\\.[0-9]{1,4})?")) {
      throw new IllegalArgumentException(
          "the rate should be a number of objects per iteration with at most four decimals, such as"
              + " 1.00, but is \""
              + text
              + "\"");
    }
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String decimals = point < 0 ? "" : text.substring(point + 1);
    return new Rate(Long.parseLong(whole + decimals + "0".repeat(4 - decimals.length())));
  }

  double value() {
    return (double) tenThousandths / PER_OBJECT;
  }

  @Override
  public int compareTo(Rate other) {
    return Long.compare(tenThousandths, other.tenThousandths);
  }

  /** Writes two decimals, and up to four where they are needed. */
  @Override
  public String toString() {
    String text =
        String.format(
            Locale.ROOT, "%d.%04d", tenThousandths / PER_OBJECT, tenThousandths % PER_OBJECT);
    int end = text.length();
    while (end > text.length() - 2 && text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, end);
  }
}
