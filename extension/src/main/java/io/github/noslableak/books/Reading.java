package io.github.noslableak.books;

import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Counts;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What both books say at one moment.
 *
 * @param levels for each watched cache that is there, its level
 * @param ledger what the ledger knows
 * @param cleanings how often what a garbage collection found had been cleaned up
 * @param nanoTime when, by {@link System#nanoTime()}
 */
record Reading(Map<String, Level> levels, Snapshot ledger, Cleanings cleanings, long nanoTime) {

  /**
   * One cache.
   *
   * @param counted the counter's objects
   * @param booked by how many the cache grew by the ledger since that was opened
   * @param freed how many were freed since that the ledger had not seen come
   * @param unrest by how many objects the counter may be too high, because others were at work
   */
  record Level(long counted, long booked, long freed, long unrest) {

    /** Moves only by what the ledger misses: up by allocations, down by frees. */
    long offset() {
      return counted - booked;
    }

    /** What the counter shows beyond those that the ledger saw come and knows to live. */
    long unseen() {
      return counted - (booked + freed);
    }
  }

  Reading {
    levels = Map.copyOf(levels);
  }

  boolean isThere(String cache) {
    return levels.containsKey(cache);
  }

  /** Returns whether a cache stood still when it was read. */
  boolean isAtRest(String cache) {
    return isThere(cache) && level(cache).unrest() == 0;
  }

  Level level(String cache) {
    Level level = levels.get(cache);
    if (level == null) {
      throw new IllegalArgumentException(cache + " is not there");
    }
    return level;
  }

  /** Returns the counter as a row of counts. */
  Counts.Row row(String cache, long unrest) {
    return isThere(cache)
        ? new Counts.Row(OptionalLong.of(level(cache).counted()), unrest)
        : new Counts.Row(OptionalLong.empty(), 0);
  }

  /**
   * Returns by how many objects the counter of a cache grew beyond what the ledger knows of since
   * another reading: allocations that it missed, less the frees that it missed.
   */
  long discrepancySince(Reading earlier, String cache) {
    return isThere(cache) && earlier.isThere(cache)
        ? level(cache).offset() - earlier.level(cache).offset()
        : 0;
  }

  /**
   * Returns how many objects of a cache live for sure that came unseen by the ledger since another
   * reading: where some that were there before are gone meanwhile, as many more may live.
   */
  long leastUnseenSince(Reading earlier, String cache) {
    return isThere(cache) && earlier.isThere(cache)
        ? level(cache).unseen() - earlier.level(cache).unseen()
        : 0;
  }
}
