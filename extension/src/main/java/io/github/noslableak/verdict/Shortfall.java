package io.github.noslableak.verdict;

import java.time.Duration;

/** Why a body was not run again, or not as often as a confirmation takes. */
public sealed interface Shortfall {

  /**
   * It was told not to.
   *
   * @param by who told it
   */
  record ToldNotTo(By by) implements Shortfall {

    /** Who may tell it. */
    public enum By {
      ANNOTATION,
      GUARD
    }
  }

  /** Why a test cannot be run once more from its beginning to its end. */
  enum NoFreshLife {
    /** JUnit's launcher is not on the class path. */
    NO_LAUNCHER,
    /** Its class has fixtures or extensions, which its other tests use as well. */
    SHARED_STATE
  }

  /**
   * The first run took all of its timeout.
   *
   * @param timeout the whole timeout
   */
  record TimeIsUp(Duration timeout) implements Shortfall {}

  /**
   * So little time was left that it was not begun.
   *
   * @param limit what leaves so little
   */
  record TooLittleTime(TimeLimit limit) implements Shortfall {}

  /** It opened all that this JVM may open, and so opens none when it is run again. */
  record NoDescriptorsLeft() implements Shortfall {}

  /**
   * Two rounds take more time than was left.
   *
   * @param estimate what those take that were still to come
   * @param limit what leaves less
   */
  record TakesTooLong(Duration estimate, TimeLimit limit) implements Shortfall {}

  /**
   * The body failed when it was run again.
   *
   * @param failure what it threw, in that throwable's own words
   */
  record Failed(String failure) implements Shortfall {}

  /**
   * The body failed when it was run again, and the whole test was not run again.
   *
   * @param failure what the body threw, in that throwable's own words
   * @param why why the whole test could not be
   */
  record FailedInPlace(String failure, NoFreshLife why) implements Shortfall {}

  /**
   * The body failed when it was run again, and so did the whole test.
   *
   * @param failure what the body threw, in that throwable's own words
   * @param afresh what became of the whole test
   */
  record FailedAfresh(String failure, String afresh) implements Shortfall {}

  /**
   * The body did not end when it was run again, and was interrupted.
   *
   * @param took how long running it again had taken by then
   * @param limit what had allowed no more
   */
  record Overran(Duration took, TimeLimit limit) implements Shortfall {}

  /**
   * The ledger broke, so that what the body left is not known.
   *
   * @param cause what was read or refused, in the exception's own words
   */
  record LedgerBroke(String cause) implements Shortfall {}
}
