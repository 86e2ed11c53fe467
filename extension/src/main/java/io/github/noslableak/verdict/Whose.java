package io.github.noslableak.verdict;

/** Whose an object is, as far as it is known who allocated it. */
public enum Whose {
  /** The test's: of its own process tree, or of the kernel on its behalf. */
  OWN,
  /** The kernel's: a kernel thread or an interrupt, for whoever caused the work. */
  KERNEL,
  /** Another process's. */
  OTHERS,
  /** Nobody's by the ledger, which does not hold it; the counter shows it all the same. */
  UNBOOKED,
  /** Not known: counters do not tell. */
  UNKNOWN
}
