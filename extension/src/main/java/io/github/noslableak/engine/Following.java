package io.github.noslableak.engine;

/** When each allocation is followed, so that a failure says who allocated what leaked. */
public enum Following {
  /** While a body under suspicion is run again. */
  CONFIRM,
  /** From the first run on. */
  ALWAYS,
  /** Never: the counters alone decide. */
  NEVER
}
