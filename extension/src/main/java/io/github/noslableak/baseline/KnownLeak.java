package io.github.noslableak.baseline;

/**
 * A leak that a baseline tolerates up to its recorded rate.
 *
 * @param test the stable key of the test, not blank
 * @param cache the cache's name, not blank
 * @param perIteration objects per iteration, more than 0 and less than a hundred million, rounded
 *     up to four decimals: the precision in which a baseline writes it
 * @param since the day it was recorded, as 2026-11-24
 * @param note what is known about it, one line, may be empty
 */
public record KnownLeak(String test, String cache, double perIteration, String since, String note) {

  public KnownLeak {
    note = note.strip();
    if (test.isBlank()) {
      throw new IllegalArgumentException("the test is missing");
    }
    if (cache.isBlank()) {
      throw new IllegalArgumentException("the cache is missing");
    }
    if (!isDate(since)) {
      throw new IllegalArgumentException(
          "the day should be of the form 2026-11-24, but is \"" + since + "\"");
    }
    if (!note.codePoints().allMatch(KnownLeak::isPlain)) {
      throw new IllegalArgumentException(
          "the note contains a line break, tab or control character");
    }
    perIteration = Rate.of(perIteration).value();
    if (perIteration == 0) {
      throw new IllegalArgumentException("the rate should be more than 0");
    }
  }

  /** Returns whether a text file shows the character as it is and on the same line. */
  static boolean isPlain(int character) {
    return !Character.isISOControl(character)
        && character != '\u2028'
        && character != '\u2029'
        && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
  }

  private static boolean isDate(String text) {
    return text.matches("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");
  }

  /** Returns the rate as a baseline writes it: "1.00", "0.125". */
  public String rate() {
    return Rate.of(perIteration).toString();
  }

  KnownLeak withRate(double rate) {
    return new KnownLeak(test, cache, rate, since, note);
  }
}
