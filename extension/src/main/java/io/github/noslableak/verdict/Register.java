package io.github.noslableak.verdict;

import java.util.List;

/**
 * What a ledger knows of one cache since it was opened, over all periods.
 *
 * @param own objects left that the test allocated since the first period began
 * @param others likewise of other processes, where the count of the cache holds them
 * @param freedFromBefore objects freed since, whose allocation was before, where the count of the
 *     cache fell by them
 * @param leftSince for each period what a count of the cache is too high by afterwards: objects
 *     left that were allocated since it began
 * @param survivors for each period the test's own objects left that were allocated in it
 * @param freesMissed objects that must have been freed without a record of it: their memory was
 *     allocated again. So fewer may be left than is said here
 * @param contradicted by how many objects the counter grew less than the ledger since the first
 *     period began, where that may have missed frees; 0 where all is traced
 */
public record Register(
    long own,
    long others,
    long freedFromBefore,
    List<Long> leftSince,
    List<Long> survivors,
    long freesMissed,
    long contradicted) {

  public Register {
    leftSince = List.copyOf(leftSince);
    survivors = List.copyOf(survivors);
  }
}
