package io.github.noslableak.engine;

/** How allocations are followed, which tells the test's from others'. */
public enum Following {
  /** From the first run on, with stacks while a body under suspicion is run again. */
  CONFIRM,
  /** The same, with stacks from the first run on. */
  ALWAYS,
  /** Never: the counters alone decide. */
  NEVER
}
