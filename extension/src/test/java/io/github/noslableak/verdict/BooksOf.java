package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the books of one cache, {@code dentry}, for tests. */
final class BooksOf {

  static final String CACHE = "dentry";

  private final List<Map<String, Account>> periods = new ArrayList<>();
  private final List<Long> leftSince = new ArrayList<>();
  private long freedFromBefore;
  private long freesMissed;
  private long lostEvents;
  private long unassigned;
  private boolean traced;
  private List<Whose> whose = List.of(Whose.OWN, Whose.OTHERS);

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
    return new Statement(List.of(Whose.UNKNOWN), periods, Map.of(), 0, 0);
  }

  /** Adds periods by how much the counter grew in each, of which the ledger knows nothing. */
  static BooksOf beyond(long... growths) {
    BooksOf books = new BooksOf();
    books.whose = List.of(Whose.OWN, Whose.UNKNOWN);
    for (long growth : growths) {
      books.periods.add(
          Map.of(
              CACHE,
              new Account(
                  CACHE, 100, 100 + growth, 0, Optional.of(new Account.Booked(0, 0, 0, 0, 0)))));
      books.leftSince.add(0L);
    }
    return books;
  }

  /** Of a cache of which all that comes and goes is traced. */
  BooksOf traced() {
    traced = true;
    return this;
  }

  BooksOf period(long own, long collected, long others) {
    periods.add(
        Map.of(
            CACHE,
            new Account(
                CACHE,
                100,
                100 + own + others,
                0,
                Optional.of(new Account.Booked(own, collected, 0, others, own + others)))));
    leftSince.replaceAll(left -> left + own + others);
    leftSince.add(own + others);
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

  BooksOf lost(long events, long objects) {
    lostEvents = events;
    unassigned = objects;
    return this;
  }

  Statement statement() {
    long own = sum(Whose.OWN);
    long others = sum(Whose.OTHERS);
    Map<String, Register> registers = new HashMap<>();
    registers.put(
        CACHE,
        new Register(own, others, own + others, freedFromBefore, leftSince, freesMissed, traced));
    return new Statement(whose, periods, registers, lostEvents, unassigned);
  }

  private long sum(Whose whose) {
    return periods.stream()
        .flatMap(period -> period.values().stream())
        .flatMap(account -> account.booked().stream())
        .mapToLong(booked -> whose == Whose.OTHERS ? booked.others() : booked.own())
        .sum();
  }
}
