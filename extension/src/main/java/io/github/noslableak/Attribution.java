package io.github.noslableak;

import io.github.noslableak.engine.Following;

/** When allocations are followed, so that a failure says who allocated what leaked. */
public enum Attribution {
  /** As the setting {@code noslableak.attribution} says; without it as {@link #CONFIRM}. */
  DEFAULT,
  /** While a body under suspicion is run again. A clean test pays nothing for it. */
  CONFIRM,
  /**
   * From the first run on. Costs time with each allocation, and finds also a leak that other
   * processes hide by giving as many objects back.
   */
  ALWAYS,
  /** Never: the counters alone decide, which count what everybody allocates. */
  NEVER;

  /**
   * Returns what is asked for.
   *
   * @param setting what the setting says
   */
  Following orElse(Following setting) {
    return switch (this) {
      case DEFAULT -> setting;
      case CONFIRM -> Following.CONFIRM;
      case ALWAYS -> Following.ALWAYS;
      case NEVER -> Following.NEVER;
    };
  }
}
