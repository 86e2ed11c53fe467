package io.github.noslableak.dump;

import java.util.OptionalLong;

/** Reads numbers of strangers. */
final class Numbers {

  /** More than any machine has of anything, and small enough to be added and multiplied. */
  private static final long MOST = 1L << 52;

  private Numbers() {}

  /**
   * Reads digits.
   *
   * @throws DumpException if that is more than any machine has
   */
  static long count(String digits) throws DumpException {
    if (digits.length() <= 16) {
      long number = Long.parseLong(digits);
      if (number <= MOST) {
        return number;
      }
    }
    throw new DumpException("no machine has " + digits);
  }

  /** Reads digits, or the question mark that crash prints for what it could not read. */
  static OptionalLong countOrUnknown(String digits) throws DumpException {
    return digits.equals("?") ? OptionalLong.empty() : OptionalLong.of(count(digits));
  }

  /** Multiplies what {@link #count} read. */
  static long product(long one, long other) throws DumpException {
    if (one != 0 && other > MOST / one) {
      throw new DumpException("no machine has " + one + " times " + other + " bytes");
    }
    return one * other;
  }
}
