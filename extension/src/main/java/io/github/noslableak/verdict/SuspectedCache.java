package io.github.noslableak.verdict;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A cache that is looked at again.
 *
 * @param cache its name
 * @param tolerancePerIteration objects that each iteration may leave
 * @param suspectedPerIteration the growth that raised the suspicion, 0 or less where unrest did
 * @param atRest whether the cache was at rest before the test
 */
public record SuspectedCache(
    String cache, double tolerancePerIteration, double suspectedPerIteration, boolean atRest) {

  private static final List<String> WRITTEN_BACK =
      List.of("_inode_cache", "btrfs_inode", "xfs_inode");

  private static final String SOCKETS = "sock_inode_cache";

  /** More caches than these are followed only where each of them is suspicious by itself. */
  private static final int MOST_FOLLOWED = 128;

  /**
   * Returns the caches to look at again: none where nothing grew, and nothing moved that was not
   * the body, for that may have hidden growth of any.
   *
   * @param growths over the first run
   * @param booked for each cache the objects that the test itself left in the first run by the
   *     ledger; 0 where that was not followed
   * @param collected whether a garbage collection closed files while it ran: perhaps such as it
   *     forgot to close
   */
  public static List<SuspectedCache> among(
      List<CacheGrowth> growths, ToLongFunction<String> booked, boolean collected) {
    boolean disturbed = collected || growths.stream().anyMatch(CacheGrowth::mayHide);
    boolean suspicious = growths.stream().anyMatch(growth -> isSuspicious(growth, booked));
    // Once the body is run again, all are looked at: so what others bring about later is told from
    // what the test does. Very many would only fill the ledger.
    boolean all = disturbed || (suspicious && growths.size() <= MOST_FOLLOWED);
    return growths.stream()
        .filter(growth -> all || isSuspicious(growth, booked))
        .map(growth -> of(growth, booked.applyAsLong(growth.cache())))
        .toList();
  }

  private static boolean isSuspicious(CacheGrowth growth, ToLongFunction<String> booked) {
    return growth.exceedsTolerance() || booked.applyAsLong(growth.cache()) > growth.tolerance();
  }

  private static SuspectedCache of(CacheGrowth growth, long booked) {
    return new SuspectedCache(
        growth.cache(),
        (double) growth.tolerance() / growth.iterations(),
        Math.max(growth.perIteration(), (double) booked / growth.iterations()),
        growth.unrest() == 0);
  }

  /**
   * Returns whether its objects are inodes that wait to be written back, also those of deleted
   * files; inodes of sockets, whose cache's name ends so too, do not.
   */
  boolean isWrittenBack() {
    return WRITTEN_BACK.stream().anyMatch(cache::endsWith) && !cache.equals(SOCKETS);
  }
}
