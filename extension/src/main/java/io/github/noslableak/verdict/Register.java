package io.github.noslableak.verdict;

import java.util.List;

/**
 * What a ledger knows of one cache since it was opened, over all periods.
 *
 * @param own objects left that the test allocated since the first period began
 * @param others likewise of other processes
 * @param live all objects left that were allocated since the ledger was opened, by anybody
 * @param freedFromBefore objects freed since, whose allocation was before
 * @param leftSince for each period what a count of the cache is too high by afterwards: objects
 *     left that were allocated since it began
 * @param freesMissed objects that must have been freed without a record of it: their memory was
 *     allocated again. So fewer may be left than is said here
 * @param traced whether all that comes and goes of the cache is traced, so that what the ledger
 *     knows to be left is left
 */
public record Register(
    long own,
    long others,
    long live,
    long freedFromBefore,
    List<Long> leftSince,
    long freesMissed,
    boolean traced) {

  public Register {
    leftSince = List.copyOf(leftSince);
  }

  /** Returns by how many objects the cache grew by the ledger alone. */
  public long booked() {
    return live - freedFromBefore;
  }
}
