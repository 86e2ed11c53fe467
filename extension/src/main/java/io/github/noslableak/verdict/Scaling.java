package io.github.noslableak.verdict;

import java.util.List;

/** What the rounds of a confirmation say about one cache: a leak repeats and scales. */
public enum Scaling {
  /** Two rounds in succession grew, at the same rate per iteration; or three, faster and faster. */
  LEAKS,
  /** Two rounds in succession did not grow, and a leak as suspected would have shown in them. */
  DOES_NOT_REPEAT,
  /** It grew again and again, but no more the more often the body ran. */
  DOES_NOT_SCALE,
  /** It grew while the body ran, and as fast while nothing ran: it goes with time. */
  GOES_ON_BY_ITSELF,
  /** It grew with the body, and the teardown of the test gave it all back. */
  IS_GIVEN_BACK,
  /** The body ran only once, and all growth was allocated by other processes. */
  IS_OTHERS,
  /** None of these in all rounds, and so little that no leak as promised was there. */
  RARER_THAN_PROMISED,
  /** Others grew in proportion, and there was no time to see whether they do so anyway. */
  UNTRIED,
  /** None of these yet. */
  UNCLEAR;

  /**
   * The rates of two rounds are the same within this factor: wide enough for a leak in one of some
   * iterations, which is counted in whole objects, and far from a half, which is what growth by the
   * round makes of twice as many iterations.
   */
  private static final double SAME = 1.5;

  private static final double NOT_MORE = 0.6;

  /** The normal distribution's one-sided 1 % point. */
  private static final double RARELY = -2.33;

  /**
   * Judges rounds of growing length.
   *
   * @param rounds in the order in which they ran, each twice as long as the one before; a last one
   *     may be as long as the first
   * @param tolerancePerIteration objects that each iteration may leave, 0 or more
   * @param suspectedPerIteration the growth per iteration that raised the suspicion; 0 or less
   *     where only unrest did
   */
  public static Scaling of(
      List<Round> rounds, double tolerancePerIteration, double suspectedPerIteration) {
    int count = rounds.size();
    if (count < 2) {
      return UNCLEAR;
    }
    Round last = rounds.get(count - 1);
    Round previous = rounds.get(count - 2);
    boolean lastGrew = last.grew(tolerancePerIteration);
    boolean previousGrew = previous.grew(tolerancePerIteration);
    if (lastGrew && previousGrew && isSame(last.perIteration(), previous.perIteration())) {
      return LEAKS;
    }
    if (count >= 3 && isFasterAndFaster(rounds.subList(count - 3, count), tolerancePerIteration)) {
      return LEAKS;
    }
    if (!lastGrew && !previousGrew && wouldHaveShown(last, suspectedPerIteration)) {
      return DOES_NOT_REPEAT;
    }
    if (count >= 3
        && isNotMore(last, previous)
        && isNotMore(previous, rounds.get(count - 3))
        && comesTooEarly(rounds)) {
      return DOES_NOT_SCALE;
    }
    return UNCLEAR;
  }

  /** Returns whether two rates above 0 are the same but for the noise. */
  static boolean isSame(double one, double other) {
    double ratio = one / other;
    return ratio <= SAME && ratio >= 1 / SAME;
  }

  /** What grows more than in proportion repeats and scales, whatever the proportion. */
  private static boolean isFasterAndFaster(List<Round> last, double tolerancePerIteration) {
    return last.stream().allMatch(round -> round.grew(tolerancePerIteration))
        && last.get(0).perIteration() <= last.get(1).perIteration()
        && last.get(1).perIteration() <= last.get(2).perIteration();
  }

  /** In absolute numbers no more than before, although the round was longer. */
  private static boolean isNotMore(Round later, Round earlier) {
    return earlier.objects() > 0
        && later.unrest() == 0
        && later.perIteration() <= NOT_MORE * earlier.perIteration();
  }

  /**
   * Returns whether the objects of a leak that comes by chance, as likely in each iteration, would
   * hardly lie so early: one in each of three rounds may be such a leak. The logarithm of the
   * length of the round in which an object came is compared with what would be expected.
   */
  private static boolean comesTooEarly(List<Round> rounds) {
    double iterations = rounds.stream().mapToLong(Round::iterations).sum();
    double mean = 0;
    double square = 0;
    double objects = 0;
    double found = 0;
    for (Round round : rounds) {
      double length = Math.log(round.iterations());
      double share = round.iterations() / iterations;
      mean += share * length;
      square += share * length * length;
      objects += Math.max(0, round.objects());
      found += Math.max(0, round.objects()) * length;
    }
    double deviation = Math.sqrt(objects * (square - mean * mean));
    return found - objects * mean <= RARELY * deviation;
  }

  /** Half of the suspected leak is enough to show: it may have been counted too high. */
  private static boolean wouldHaveShown(Round last, double suspectedPerIteration) {
    double least = suspectedPerIteration > 0 ? suspectedPerIteration : 1;
    return last.unrest() == 0 || last.objects() + last.unrest() < least * last.iterations() / 2;
  }
}
