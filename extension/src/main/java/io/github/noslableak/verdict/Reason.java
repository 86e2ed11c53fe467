package io.github.noslableak.verdict;

import java.util.Optional;

/** Why numbers decide nothing. */
public sealed interface Reason {

  /**
   * A cache neither grew in proportion nor stayed as it was when the body was run again.
   *
   * @param shortfall why it was not run more often; empty where that is not the reason
   */
  record Unclear(String cache, Optional<Shortfall> shortfall) implements Reason {}

  /**
   * A cache grew in proportion by what other processes allocated, and there was no time to see
   * whether it does so anyway.
   *
   * @param shortfall as above
   */
  record Untried(String cache, Optional<Shortfall> shortfall) implements Reason {}

  /**
   * A cache grew, but not beyond its unrest, and the body was not run again.
   *
   * @param shortfall why not
   */
  record NotRunAgain(String cache, Shortfall shortfall) implements Reason {}

  /**
   * A cache that nobody follows lost objects after the last point at which the body can be run
   * again: as many of the test's may be left.
   *
   * @param objects how many, 1 or more
   */
  record ShrankInTeardown(String cache, long objects) implements Reason {}

  /** A cache grew after the last point at which the body can be run again. */
  record GrewInTeardown(String cache) implements Reason {}

  /**
   * The teardown gave back as many objects of a cache as the iterations after a warm-up left.
   *
   * @param shortfall why the body was not run again; empty where that is not the reason
   */
  record GivenBackByTeardown(String cache, Optional<Shortfall> shortfall) implements Reason {}

  /**
   * A leak as small as wanted would not have been seen.
   *
   * @param sensitivity the smallest leak that would have been
   * @param wanted the leak in objects per iteration that a clean verdict must be able to see
   * @param setting the setting that says so
   */
  record NotSensitive(Sensitivity sensitivity, double wanted, String setting) implements Reason {}
}
