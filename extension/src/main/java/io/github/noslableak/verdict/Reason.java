package io.github.noslableak.verdict;

import java.util.Optional;

/** Why numbers decide nothing. */
public sealed interface Reason {

  /**
   * A cache neither grew in proportion nor stayed as it was when the body was run again.
   *
   * @param obstacle why it was not run more often, as a clause; empty where that is not the reason
   */
  record Unclear(String cache, Optional<String> obstacle) implements Reason {}

  /**
   * A cache grew in proportion by what other processes allocated, and there was no time to see
   * whether it does so anyway.
   *
   * @param obstacle as above
   */
  record Untried(String cache, Optional<String> obstacle) implements Reason {}

  /**
   * A cache grew, but not beyond its unrest, and the body was not run again.
   *
   * @param obstacle why not, as a clause
   */
  record NotRunAgain(String cache, String obstacle) implements Reason {}

  /** A cache grew after the last point at which the body can be run again. */
  record GrewInTeardown(String cache) implements Reason {}

  /**
   * The teardown gave back as many objects of a cache as the iterations after a warm-up left.
   *
   * @param obstacle why the body was not run again, as a clause; empty where that is not the reason
   */
  record GivenBackByTeardown(String cache, Optional<String> obstacle) implements Reason {}

  /**
   * A leak as small as wanted would not have been seen.
   *
   * @param sensitivity the smallest leak that would have been
   * @param wanted the leak in objects per iteration that a clean verdict must be able to see
   * @param setting the setting that says so
   */
  record NotSensitive(Sensitivity sensitivity, double wanted, String setting) implements Reason {}
}
