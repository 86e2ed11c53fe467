package io.github.noslableak.books;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.verdict.Account;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Statement;
import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Tells periods apart by the counters of the whole machine. */
final class CountersOnly implements Books {

  private final Quiescer quiescer;

  /** Counted before the first period and after each. */
  private final List<Counts> boundaries = new ArrayList<>();

  private final Optional<Obstacle> unfollowed;

  CountersOnly(Quiescer quiescer, Optional<Obstacle> unfollowed) {
    this.quiescer = quiescer;
    this.unfollowed = unfollowed;
    boundaries.add(quiescer.countLowest());
  }

  @Override
  public boolean lacksEvents() {
    return false;
  }

  @Override
  public void recordStacks() {}

  @Override
  public void begin() {}

  @Override
  public void resume() {
    boundaries.set(boundaries.size() - 1, quiescer.countLowest());
  }

  @Override
  public void iteration() {}

  @Override
  public void end() {
    boundaries.add(quiescer.countLowest());
  }

  @Override
  public int periods() {
    return boundaries.size() - 1;
  }

  /** What a collection closed, the counters do not tell from what was never open. */
  @Override
  public boolean wasDisturbed() {
    return false;
  }

  @Override
  public boolean closedGarbage() {
    return false;
  }

  @Override
  public void lingered() {}

  @Override
  public void nameFunctions() {}

  @Override
  public void finish() {}

  @Override
  public Statement statement() {
    List<Map<String, Account>> accounts = new ArrayList<>();
    for (int period = 0; period < periods(); period++) {
      accounts.add(accounts(boundaries.get(period), boundaries.get(period + 1)));
    }
    return new Statement(List.of(Whose.UNKNOWN), accounts, Map.of(), 0, List.of());
  }

  private static Map<String, Account> accounts(Counts opening, Counts closing) {
    Map<String, Account> accounts = new LinkedHashMap<>();
    for (String cache : opening.rows().keySet()) {
      OptionalLong before = opening.of(cache);
      OptionalLong after = closing.of(cache);
      if (before.isPresent() && after.isPresent()) {
        accounts.put(
            cache,
            new Account(
                cache,
                before.getAsLong(),
                after.getAsLong(),
                opening.unrest(cache) + closing.unrest(cache),
                Optional.empty()));
      }
    }
    return accounts;
  }

  @Override
  public Optional<List<Allocated>> allocated(Set<String> caches, List<Integer> periods) {
    return Optional.empty();
  }

  @Override
  public Set<Left> left(Set<String> caches) {
    return Set.of();
  }

  @Override
  public Optional<Obstacle> unfollowed() {
    return unfollowed;
  }

  @Override
  public void close() {}
}
