package io.github.noslableak.engine;

import io.github.noslableak.books.Books;
import io.github.noslableak.verdict.Account;
import io.github.noslableak.verdict.Balance;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.Statement;
import io.github.noslableak.verdict.SuspectedCache;
import io.github.noslableak.verdict.Whose;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The first run, when its last iteration is over.
 *
 * @param opening what was known before
 * @param took how long its iterations took; all of it where none were told of
 * @param lived how long it was since the opening
 * @param samples counts taken on the way, if there were any
 * @param counted counted right after, if it was
 */
record FirstRun(
    Opening opening,
    Duration took,
    Duration lived,
    Optional<Samples> samples,
    Optional<Counts> counted) {

  /** Returns what later counts are held against. */
  Balance balance() {
    return counted
        .map(counts -> opening.balance().withFirstRun(counts))
        .orElseGet(opening::balance);
  }

  /**
   * Returns what rounds of whole tests take, each of which runs the body once: what the first run's
   * iterations and all around them took, for each of them.
   *
   * @param iterations those of the first run
   * @param turns how long turns may take
   */
  Schedule lives(int iterations, Optional<Duration> turns) {
    Duration each = lived.minus(took).plus(took.dividedBy(iterations));
    return new Schedule(iterations, each.multipliedBy(iterations), turns);
  }

  /**
   * Returns the caches of which more came than tolerated that the ledger did not see.
   *
   * @param unseen how many, by cache
   */
  Set<String> unseen(Map<String, Long> unseen) {
    return balance().ofFirstRun().stream()
        .filter(growth -> unseen.getOrDefault(growth.cache(), 0L) > growth.tolerance())
        .map(CacheGrowth::cache)
        .collect(Collectors.toSet());
  }

  /**
   * Returns the caches under suspicion.
   *
   * @param unseen those of which more came than the ledger saw
   */
  List<SuspectedCache> suspected(Set<String> unseen) {
    Optional<Statement> followed =
        opening.books().map(books -> books.statement()).filter(Statement::isFollowed);
    return SuspectedCache.among(
        balance().ofFirstRun(),
        cache -> followed.map(books -> booked(books, cache)).orElse(0L),
        unseen,
        opening.books().filter(Books::closedGarbage).isPresent());
  }

  /** Returns how many objects of a cache the test itself left in the first run. */
  private static long booked(Statement books, String cache) {
    Account account = books.periods().get(0).get(cache);
    return account == null ? 0 : account.left(Whose.OWN).most();
  }

  /** Returns the slopes of caches over the samples, where there were enough. */
  Map<String, Slope> slopes(List<CacheGrowth> growths) {
    Map<String, Slope> slopes = new HashMap<>();
    if (samples.isPresent() && counted.isPresent()) {
      for (CacheGrowth growth : growths) {
        samples
            .get()
            .slope(growth.cache(), counted.get().of(growth.cache()))
            .ifPresent(slope -> slopes.put(growth.cache(), slope));
      }
    }
    return slopes;
  }
}
