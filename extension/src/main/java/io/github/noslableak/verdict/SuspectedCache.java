package io.github.noslableak.verdict;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A cache that is looked at again.
 *
 * @param cache its name
 * @param tolerancePerIteration objects that each iteration may leave
 * @param suspectedPerIteration the growth that raised the suspicion, 0 or less where unrest did, or
 *     what the ledger did not see
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
   * @param unseen the caches that are followed in full, and of which more came all the same than
   *     the ledger saw: most likely somebody's whom the kernel does not trace
   * @param collected whether a garbage collection closed files while it ran: perhaps such as it
   *     forgot to close
   */
  public static List<SuspectedCache> among(
      List<CacheGrowth> growths,
      ToLongFunction<String> booked,
      Set<String> unseen,
      boolean collected) {
    boolean disturbed = collected || growths.stream().anyMatch(CacheGrowth::mayHide);
    Predicate<CacheGrowth> isSuspicious =
        growth -> unseen.contains(growth.cache()) || isSuspicious(growth, booked);
    boolean suspicious = growths.stream().anyMatch(isSuspicious);
    // Once the body is run again, all are looked at: so what others bring about later is told from
    // what the test does. Very many would only fill the ledger.
    boolean all = disturbed || (suspicious && growths.size() <= MOST_FOLLOWED);
    return growths.stream()
        .filter(growth -> all || isSuspicious.test(growth))
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
