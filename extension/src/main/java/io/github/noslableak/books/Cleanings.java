package io.github.noslableak.books;

/**
 * How often what a garbage collection found had been cleaned up.
 *
 * @param before before the books were read
 * @param after after that
 * @param collections how often garbage had been collected
 */
record Cleanings(long before, long after, long collections) {

  /** Returns whether something may have been cleaned up from the other reading on. */
  boolean differFrom(Cleanings earlier) {
    return after != earlier.before;
  }

  /** Returns whether garbage was collected since the other reading. */
  boolean areAfterCollection(Cleanings earlier) {
    return collections != earlier.collections;
  }
}
