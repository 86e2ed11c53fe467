package io.github.noslableak.engine;

import io.github.noslableak.books.Books;
import io.github.noslableak.verdict.Balance;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Terms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known before the first measured iteration.
 *
 * @param terms what the caches are judged by
 * @param beforeTest counted before anything of the test
 * @param afterWarmup counted after the warm-up, if there was one
 * @param setAside for each cache the objects that are there for now and will be undone before the
 *     end, such as those of a mount; {@link Measuring#setAside}
 * @param books opened before the count, where the first run is followed too
 */
record Opening(
    Terms terms,
    Counts beforeTest,
    Optional<Counts> afterWarmup,
    Map<String, Long> setAside,
    Optional<Books> books)
    implements Phase {

  Opening {
    setAside = Map.copyOf(setAside);
  }

  /** Returns the same, counted anew after the warm-up. */
  Opening afterWarmup(Counts counted) {
    return new Opening(terms, beforeTest, Optional.of(counted.minus(setAside)), setAside, books);
  }

  /** Returns the same, as if nothing of what happened until now were part of the measurement. */
  Opening anew(Counts counted) {
    return new Opening(terms, counted, afterWarmup, setAside, books);
  }

  /**
   * Returns the same, where a ledger tells what was allocated until now from what comes after: what
   * was set aside is none of it then.
   */
  Opening followedAnew(Counts counted) {
    return new Opening(terms, counted, Optional.empty(), Map.of(), books);
  }

  @Override
  public Opening settingAside(Counts before, Counts after) {
    Map<String, Long> more = new HashMap<>(setAside);
    for (String cache : before.rows().keySet()) {
      if (before.isThere(cache) && after.isThere(cache)) {
        long grown = after.of(cache).getAsLong() - before.of(cache).getAsLong();
        more.merge(cache, Math.max(0, grown), Long::sum);
      }
    }
    return new Opening(terms, beforeTest, afterWarmup, more, books);
  }

  /** Returns what later counts are held against. */
  Balance balance() {
    return new Balance(terms, beforeTest, afterWarmup, Optional.empty());
  }

  /**
   * Returns up to how many objects each cache may hold after the first run, beside what is set
   * aside.
   */
  Map<String, Long> ceilings() {
    Map<String, Long> ceilings = new HashMap<>();
    balance()
        .ceilings()
        .forEach(
            (cache, ceiling) ->
                ceilings.put(
                    cache,
                    ceiling
                        + Math.min(setAside.getOrDefault(cache, 0L), Long.MAX_VALUE - ceiling)));
    return ceilings;
  }
}
