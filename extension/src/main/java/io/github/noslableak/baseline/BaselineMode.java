package io.github.noslableak.baseline;

/** What becomes of the file of known leaks. */
enum BaselineMode {
  /**
   * New leaks fail. Rates go down and leaks that are gone are removed, where the file is writable.
   */
  CHECK,

  /** New leaks are recorded and pass, and the file is created. */
  UPDATE,

  /** As {@link #CHECK}; the leaks of tests that do not exist any more are removed as well. */
  PRUNE
}
