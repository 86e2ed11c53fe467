package io.github.noslableak.diagnosis;

/** What dumps say about a leak of slab. */
public enum Conclusion {
  /** Slab has most of the memory, and what could be reclaimed is not most of that. */
  LEAK,
  /** Caches grew from one dump to the next. */
  GROWS,
  /** Slab has most of the memory, but the kernel may drop most of that. */
  RECLAIMABLE,
  /** Slab has more than is usual; one dump does not tell more. */
  HIGH,
  /** No cache grew from one dump to the next. */
  DOES_NOT_GROW,
  /** Slab has as little of the memory as is usual. */
  NOT_SLAB,
  /** How much memory the machine has is not known. */
  UNKNOWN;

  /** Returns whether it is not said that there is nothing to be found. */
  public boolean isOpen() {
    return this != DOES_NOT_GROW && this != NOT_SLAB;
  }

  /** Returns whether there is something to be found. */
  public boolean isFinding() {
    return this == LEAK || this == GROWS;
  }
}
