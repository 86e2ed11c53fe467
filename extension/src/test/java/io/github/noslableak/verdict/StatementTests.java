package io.github.noslableak.verdict;

import static io.github.noslableak.verdict.BooksOf.CACHE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatementTests {

  @Test
  void counters_alone_say_what_grew_give_or_take_their_unrest() {
    Account account = new Account(CACHE, 100, 107, 3, Optional.empty());

    assertThat(account.counted()).isEqualTo(7);
    assertThat(account.left(Whose.UNKNOWN)).isEqualTo(new Range(4, 10));
    assertThat(account.left(Whose.OWN)).as("nobody knows").isEqualTo(new Range(4, 10));
    assertThat(account.round(Whose.UNKNOWN, 5)).isEqualTo(new Round(5, 7, 3));
  }

  @Test
  void a_ledger_says_whose_objects_are_left() {
    Account account =
        new Account(CACHE, 100, 107, 3, Optional.of(new Account.Booked(2, 1, 2, 0, 6)));

    assertThat(account.left(Whose.OWN)).as("and what was collected").isEqualTo(new Range(3, 5));
    assertThat(account.left(Whose.UNBOOKED)).as("beyond the ledger").isEqualTo(new Range(-2, 4));
    assertThat(account.left(Whose.UNKNOWN)).as("everybody's").isEqualTo(new Range(4, 10));
    assertThat(account.discrepancy()).isEqualTo(1);
    assertThat(account.round(Whose.OWN, 1)).isEqualTo(new Round(1, 4, 1));
    assertThat(
            new Statement(
                    List.of(Whose.OWN), List.of(Map.of(CACHE, account)), Map.of(), 0, List.of())
                .wasCollected(CACHE))
        .isTrue();
    assertThat(BooksOf.ledger(3).statement().wasCollected(CACHE)).isFalse();
    assertThat(
            new Account(CACHE, 100, 101, 0, Optional.of(new Account.Booked(0, 0, 1, 0, 1)))
                .round(Whose.OWN, 1))
        .as("one or none")
        .isEqualTo(new Round(1, 0, 1));
  }

  @Test
  void a_range_has_limits_in_order() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Range(2, 1));
    assertThat(Range.exactly(2)).isEqualTo(new Range(2, 2));
  }

  @Test
  void a_cache_that_is_not_in_the_books_left_nothing_and_is_not_complete() {
    Statement books = BooksOf.counters(0, 3);

    assertThat(books.round("filp", Whose.UNKNOWN, 0, 2)).isEqualTo(new Round(2, 0, 0));
    assertThat(books.isComplete("filp")).isFalse();
    assertThat(books.isComplete(CACHE)).isTrue();
    assertThat(books.isFollowed()).isFalse();
    assertThat(books.register(CACHE)).isEmpty();
  }

  @Test
  void a_ledger_is_complete_where_it_missed_nothing() {
    assertThat(BooksOf.ledger(1).statement().isComplete(CACHE)).isTrue();
    assertThat(BooksOf.ledger(1).statement().isComplete("filp")).isFalse();
    assertThat(BooksOf.ledger(1).freesMissed(1).statement().isComplete(CACHE)).isFalse();
    assertThat(BooksOf.ledger(1).lost(1).statement().isComplete(CACHE)).isFalse();
    assertThat(BooksOf.ledger(1).lost(1).statement().isLacking()).isTrue();
    assertThat(BooksOf.ledger(1).statement().isLacking()).isFalse();
  }

  @Test
  void what_a_collection_gave_back_was_garbage() {
    assertThat(BooksOf.ledger(1).statement().isGarbage(CACHE)).isFalse();
    assertThat(BooksOf.ledger(1).period(0, 2, 0).statement().isGarbage(CACHE)).isTrue();
    assertThat(BooksOf.ledger(1).period(0, 2, 0).statement().isGarbage("filp")).isFalse();
    assertThat(BooksOf.counters(0, 3).isGarbage(CACHE)).isFalse();
  }

  @Test
  void a_suspicion_looks_at_all_caches_where_something_moved() {
    CacheGrowth still = new CacheGrowth("filp", 10, 10, 0, 2, 256);
    CacheGrowth grown = new CacheGrowth(CACHE, 10, 14, 2, 2, 192);
    CacheGrowth fell = new CacheGrowth("inode_cache", 10, 9, 0, 2, 600);

    assertThat(SuspectedCache.among(List.of(still), cache -> 0, Set.of(), false)).isEmpty();
    assertThat(SuspectedCache.among(List.of(still, grown), cache -> 0, Set.of(), false))
        .containsExactly(
            new SuspectedCache("filp", 0, 0, true), new SuspectedCache(CACHE, 1, 2, true));
    assertThat(SuspectedCache.among(List.of(still, fell), cache -> 0, Set.of(), false)).hasSize(2);
    assertThat(SuspectedCache.among(List.of(still), cache -> 0, Set.of(still.cache()), false))
        .as("what the ledger did not see")
        .containsExactly(new SuspectedCache(still.cache(), 0, 0, true));
    assertThat(SuspectedCache.among(List.of(still), cache -> 0, Set.of(), true))
        .as("a collection may have closed what it forgot")
        .hasSize(1);
  }

  @Test
  void what_the_ledger_knows_of_the_first_run_is_a_suspicion_though_no_counter_moved() {
    CacheGrowth still = new CacheGrowth(CACHE, 10, 10, 1, 2, 192);

    assertThat(SuspectedCache.among(List.of(still), cache -> 1, Set.of(), false)).isEmpty();
    assertThat(SuspectedCache.among(List.of(still), cache -> 2, Set.of(), false))
        .containsExactly(new SuspectedCache(CACHE, 0.5, 1, true));
  }

  @Test
  void of_very_many_caches_only_the_suspicious_ones_are_followed() {
    List<CacheGrowth> many = new java.util.ArrayList<>();
    for (int i = 0; i < 128; i++) {
      many.add(new CacheGrowth("cache-" + i, 10, 10, 0, 1, 64));
    }
    many.add(new CacheGrowth(CACHE, 10, 11, 0, 1, 192));

    assertThat(SuspectedCache.among(many.subList(1, 129), cache -> 0, Set.of(), false))
        .hasSize(128);
    assertThat(SuspectedCache.among(many, cache -> 0, Set.of(), false))
        .extracting(SuspectedCache::cache)
        .containsExactly(CACHE);
    many.add(new CacheGrowth("filp", 10, 10, 0, 1, 256, 4));
    assertThat(SuspectedCache.among(many, cache -> 0, Set.of(), false))
        .as("unrest may hide growth of any")
        .hasSize(130)
        .last()
        .isEqualTo(new SuspectedCache("filp", 0, 0, false));
  }

  @Test
  void periods_are_kept_as_they_were_given() {
    Map<String, Account> period = new java.util.HashMap<>();
    period.put(CACHE, new Account(CACHE, 1, 2, 0, Optional.empty()));
    Statement books =
        new Statement(List.of(Whose.UNKNOWN), List.of(period), Map.of(), 0, List.of());
    period.clear();

    assertThat(books.isComplete(CACHE)).isTrue();
  }
}
