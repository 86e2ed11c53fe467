package io.github.noslableak.verdict;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the books say at one moment, of all periods that have ended.
 *
 * @param whose whose objects are told apart, those of the test itself first
 * @param periods for each period the accounts of the caches that were there all the time
 * @param registers the ledger's, by cache; none where allocations are not followed
 * @param lostEvents events of the ledger that were not recorded
 * @param lostSince for each period those of them since it began
 */
public record Statement(
    List<Whose> whose,
    List<Map<String, Account>> periods,
    Map<String, Register> registers,
    long lostEvents,
    List<Long> lostSince) {

  public Statement {
    whose = List.copyOf(whose);
    periods = periods.stream().map(Map::copyOf).toList();
    registers = Map.copyOf(registers);
    lostSince = List.copyOf(lostSince);
  }

  /** Returns whether the ledger may know too little of any cache. */
  public boolean isLacking() {
    return lostEvents > 0;
  }

  /**
   * Returns whether the ledger may know too little of what was allocated since a period began: what
   * was lost before is nothing of that.
   */
  public boolean isLackingSince(int period) {
    return period < lostSince.size() ? lostSince.get(period) > 0 : isLacking();
  }

  /** Returns whether each allocation is followed, so that other processes are told apart. */
  public boolean isFollowed() {
    return !whose.contains(Whose.UNKNOWN);
  }

  /**
   * Returns what a period left of a cache; nothing where the cache is not known in it.
   *
   * @param period its number, from 0 on
   * @param iterations how often the body ran in it
   */
  public Round round(String cache, Whose of, int period, int iterations) {
    return Optional.ofNullable(periods.get(period).get(cache))
        .map(account -> account.round(of, iterations))
        .orElseGet(() -> new Round(iterations, 0, 0));
  }

  /** Returns how many of a period's objects are left for sure, of the test's own. */
  long leastLeft(String cache, int period) {
    return Optional.ofNullable(periods.get(period).get(cache))
        .map(account -> account.left(Whose.OWN).least())
        .orElse(0L);
  }

  /** Returns how many of a period's objects were kept to be used again, and went in the end. */
  long kept(String cache, int period) {
    return Optional.ofNullable(periods.get(period).get(cache))
        .flatMap(Account::booked)
        .map(Account.Booked::kept)
        .orElse(0L);
  }

  /** Returns what the ledger knows of a cache, if it follows that. */
  public Optional<Register> register(String cache) {
    return Optional.ofNullable(registers.get(cache));
  }

  /** Returns whether objects of a cache were left only until garbage was collected. */
  public boolean isGarbage(String cache) {
    return periods.stream()
        .map(period -> period.get(cache))
        .filter(Objects::nonNull)
        .flatMap(account -> account.booked().stream())
        .anyMatch(booked -> booked.collected() > 0);
  }

  /** Returns whether garbage was collected when objects of a cache went away. */
  public boolean wasCollected(String cache) {
    return periods.stream()
        .map(period -> period.get(cache))
        .filter(Objects::nonNull)
        .flatMap(account -> account.booked().stream())
        .anyMatch(booked -> booked.collected() > 0 || booked.perhaps() > 0);
  }

  /** Returns whether nothing is missing of what is said of a cache. */
  public boolean isComplete(String cache) {
    return isFollowed()
        ? !isLacking() && register(cache).filter(known -> known.freesMissed() == 0).isPresent()
        : periods.stream().allMatch(period -> period.containsKey(cache));
  }
}
