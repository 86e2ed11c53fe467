package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the books of one cache, {@code dentry}, for tests. */
final class BooksOf {

  static final String CACHE = "dentry";

  private final List<Map<String, Account>> periods = new ArrayList<>();
  private final List<Long> leftSince = new ArrayList<>();
  private List<Long> survivors = List.of();
  private List<Long> lostSince = List.of();
  private long freedFromBefore;
  private long freesMissed;
  private long lostEvents;
  private long others;
  private long contradicted;

  /** Adds periods by what the test left in each. */
  static BooksOf ledger(long... own) {
    BooksOf books = new BooksOf();
    for (long objects : own) {
      books.period(objects, 0, 0);
    }
    return books;
  }

  /** Adds periods by how much the counter grew in each. */
  static Statement counters(long unrest, long... growths) {
    List<Map<String, Account>> periods = new ArrayList<>();
    long before = 100;
    for (long growth : growths) {
      periods.add(
          Map.of(CACHE, new Account(CACHE, before, before + growth, unrest, Optional.empty())));
      before += growth;
    }
    return new Statement(List.of(Whose.UNKNOWN), periods, Map.of(), 0, List.of());
  }

  /** Adds periods by how much the counter grew in each, of which the ledger knows nothing. */
  static BooksOf beyond(long... growths) {
    BooksOf books = new BooksOf();
    for (long growth : growths) {
      books.period(0, 0, growth);
    }
    return books;
  }

  /** Adds a period in which the counter grew by more than the ledger holds. */
  BooksOf period(long own, long collected, long beyond) {
    periods.add(
        Map.of(
            CACHE,
            new Account(
                CACHE,
                100,
                100 + own + beyond,
                0,
                Optional.of(new Account.Booked(own, collected, 0, 0, own)))));
    leftSince.replaceAll(left -> left + own + beyond);
    leftSince.add(own + beyond);
    return this;
  }

  /** So many objects of others are left, and counted. */
  BooksOf others(long objects) {
    others = objects;
    return this;
  }

  /** By so many objects the counter grew less than the ledger, which may have missed frees. */
  BooksOf contradicted(long objects) {
    contradicted = objects;
    return this;
  }

  BooksOf freedFromBefore(long objects) {
    freedFromBefore = objects;
    return this;
  }

  BooksOf freesMissed(long objects) {
    freesMissed = objects;
    return this;
  }

  /** So much of each period is left in the end. */
  BooksOf survivors(Long... objects) {
    survivors = List.of(objects);
    return this;
  }

  /** So many events were lost since the beginning of each period. */
  BooksOf lostSince(Long... events) {
    lostSince = List.of(events);
    return this;
  }

  BooksOf lost(long events) {
    lostEvents = events;
    return this;
  }

  Statement statement() {
    long own =
        periods.stream()
            .flatMap(period -> period.values().stream())
            .flatMap(account -> account.booked().stream())
            .mapToLong(Account.Booked::own)
            .sum();
    return new Statement(
        List.of(Whose.OWN, Whose.UNBOOKED),
        periods,
        Map.of(
            CACHE,
            new Register(
                own, others, freedFromBefore, leftSince, survivors, freesMissed, contradicted)),
        lostEvents,
        lostSince);
  }
}
