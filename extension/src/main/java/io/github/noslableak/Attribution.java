package io.github.noslableak;

import io.github.noslableak.engine.Following;

/** When allocations are followed, so that a failure says who allocated what leaked. */
public enum Attribution {
  /** As the setting {@code noslableak.attribution} says; without it as {@link #CONFIRM}. */
  DEFAULT,
  /**
   * From the first run on, and with the kernel's stacks, which cost most, while a body under
   * suspicion is run again.
   */
  CONFIRM,
  /** From the first run on, with stacks from then on: also where the body cannot be run again. */
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
