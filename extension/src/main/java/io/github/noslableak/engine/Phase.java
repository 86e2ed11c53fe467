package io.github.noslableak.engine;

import io.github.noslableak.verdict.Counts;

/** How far a measurement is; each phase holds what is known by then. */
sealed interface Phase permits Opening, Running, Examined {

  /**
   * Returns the same with more set aside: what came between two counts. Nothing is once the first
   * run was counted.
   *
   * @param before counted before it was set up
   * @param after counted after
   */
  default Phase settingAside(Counts before, Counts after) {
    return this;
  }
}
