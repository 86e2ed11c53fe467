package io.github.noslableak.books;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.kernel.Writeback;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Counts what the test itself left, by both books.
 *
 * <p>The number of a cache is that of its opening and what the test allocated since and did not
 * free, which the ledger knows; and what the counter gained beyond the ledger, which the number may
 * be too high by, for others may have brought it. What others allocate and free does not come into
 * it, so nothing has to settle before, and a look is clean as soon as nothing of the test is alive.
 *
 * <p>Caches that the ledger cannot follow are counted as without one.
 */
final class LedgerCounter {

  private static final Counts NONE = Counts.atRest(Map.of());

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Each file that is in an epoll has one, however many hold it. */
  private static final String REGISTRATIONS = "ep_head";

  private static final int LOOKS_FOR_REGISTRATIONS = 10;
  private static final long BETWEEN_REGISTRATIONS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Even what goes away all the time is waited for no longer. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final BothBooks books;
  private final Quiescer quiescer;
  private final Set<String> untraced;
  private Reading opening;

  /** What the counters gained beyond the ledger until it was found to be others'. */
  private final Map<String, Long> cleared = new HashMap<>();

  private Map<String, Counts.Row> openingOfUntraced = Map.of();
  private int from;

  LedgerCounter(BothBooks books, Quiescer quiescer) {
    this.books = books;
    this.quiescer = quiescer;
    this.untraced = books.caches().stream().filter(books::isUntraced).collect(Collectors.toSet());
    this.opening = books.latest();
  }

  /** Counts before the test, or anew, so that nothing of what happened until now is its own. */
  Counts open() {
    long start = System.nanoTime();
    Counts settled = untraced.isEmpty() ? NONE : books.dropping(quiescer::countUntilSettled);
    if (from > 0 || !untraced.isEmpty()) {
      opening = books.read(); // The first was made when the ledger was opened.
    }
    openingOfUntraced = new LinkedHashMap<>(settled.rows());
    openingOfUntraced.keySet().retainAll(untraced);
    cleared.clear();
    from = books.mark();
    Counts counted = counts(opening, settled.settled(), settled.passes(), start);
    Map<String, Counts.Row> rows = new LinkedHashMap<>(counted.rows());
    rows.putAll(openingOfUntraced); // The number that settled, by the rule of the closing.
    return new Counts(rows, counted.settled(), counted.passes(), counted.took());
  }

  /** What the counters of these caches gained beyond the ledger until now is others'. */
  void clear(Set<String> caches) {
    for (String cache : caches) {
      cleared.put(cache, beyondLedger(books.latest(), cache));
    }
  }

  /**
   * What is nobody's for sure by the ledger: what it missed, and what it cannot tell whose it is.
   */
  private long beyondLedger(Reading reading, String cache) {
    return books.missedBetween(opening, reading, cache) + books.unsure(reading, cache, from);
  }

  /** Returns of which caches how many came since the opening that the ledger should have seen. */
  Map<String, Long> unseen() {
    Map<String, Long> unseen = new HashMap<>();
    for (String cache : books.caches()) {
      long objects = books.unseenBetween(opening, books.latest(), cache);
      if (objects > 0) {
        unseen.put(cache, objects);
      }
    }
    return unseen;
  }

  /** Counts when all that takes only its time has gone. */
  Counts countUntilSettled() {
    long start = System.nanoTime();
    return counts(books.settled(from), true, 1, start);
  }

  /** Quiesces for one pass and counts. */
  Counts countOnce() {
    long start = System.nanoTime();
    return counts(books.quiesced(), false, 1, start);
  }

  /**
   * Counts until no cache holds more than its ceiling, or the time is over.
   *
   * @param afterCallbacks whether all that RCU has to free is waited for in the end
   */
  Counts countWithin(Map<String, Long> ceilings, Duration time, boolean afterCallbacks) {
    long start = System.nanoTime();
    // What a test without any I/O left is known without quiescing.
    Reading reading = registeredAgain(books.read());
    Counts counted = counts(reading, true, 0, start);
    if (!untraced.isEmpty()) {
      reading = books.quiesced();
      counted = counts(reading, true, 1, start);
    }
    long pause = FIRST_PAUSE_NANOS;
    long left = books.own(reading, from);
    long since = start;
    while (mayGoAway(counted, reading, ceilings)) {
      // While something still goes away, the time begins anew.
      boolean late =
          System.nanoTime() - since >= time.toNanos()
              || System.nanoTime() - start >= LONGEST.toNanos();
      if (late && afterCallbacks) {
        quiescer.waitForCallbacks();
      } else if (counted.passes() == 1) {
        Writeback.await(); // What is written may hold what it belongs to.
      } else if (counted.passes() > 1) {
        Pause.of(Math.min(pause, Math.max(0, time.toNanos() - (System.nanoTime() - since))));
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      }
      if (late && !afterCallbacks) {
        break;
      }
      reading = books.quiesced();
      if (counted.passes() == 1 || late) {
        reading = books.withoutEndedNamespaces(reading, from);
      }
      long now = books.own(reading, from);
      if (now < left && counted.passes() > 1) {
        since = System.nanoTime();
      }
      left = Math.min(left, now);
      Counts again = counts(reading, true, counted.passes() + 1, start);
      counted = counted.passes() == 0 ? again : lowerOfUntraced(counted, again);
      if (late) {
        break;
      }
    }
    return new Counts(
        counted.rows(),
        !counted.exceeds(ceilings),
        counted.passes(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * A server takes a connection that it keeps off its epoll while it answers a request, and puts it
   * back when its client has the answer, and may have ended its test. What says in which epolls a
   * file is, is freed and made anew by that (fs/eventpoll.c, 5.11 on): so where one went that is
   * older than the test and none came, it is waited for, lest it come as growth when the body can
   * be run no more.
   */
  private Reading registeredAgain(Reading first) {
    Reading reading = first;
    for (int look = 0; look < LOOKS_FOR_REGISTRATIONS && isOffItsEpoll(reading); look++) {
      Pause.of(BETWEEN_REGISTRATIONS_NANOS);
      reading = books.read();
    }
    return reading;
  }

  private boolean isOffItsEpoll(Reading reading) {
    return books.caches().contains(REGISTRATIONS)
        && !untraced.contains(REGISTRATIONS)
        && reading.isThere(REGISTRATIONS)
        && opening.isThere(REGISTRATIONS)
        && reading.level(REGISTRATIONS).counted() < opening.level(REGISTRATIONS).counted()
        && books.own(reading, REGISTRATIONS, from) == 0;
  }

  /**
   * What a counter gained beyond the ledger does not go away by waiting; connections that others
   * made in passing do, and are not told from the test's before.
   */
  private boolean mayGoAway(Counts counted, Reading reading, Map<String, Long> ceilings) {
    return counted.exceeds(ceilings)
        && (counted.passes() == 0
            || books.own(reading, from) > 0
            || books.caches().stream().anyMatch(cache -> books.unsure(reading, cache, from) > 0)
            || untraced.stream()
                .anyMatch(
                    cache ->
                        counted.of(cache).orElse(0)
                            > ceilings.getOrDefault(cache, Long.MAX_VALUE)));
  }

  /** What is freed late only ever makes a counter too high. */
  private Counts lowerOfUntraced(Counts before, Counts now) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>(now.rows());
    Counts lower = now.lower(before);
    untraced.forEach(cache -> rows.put(cache, lower.rows().get(cache)));
    return new Counts(rows, now.settled(), now.passes(), now.took());
  }

  private Counts counts(Reading reading, boolean settled, int passes, long start) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>();
    for (String cache : books.caches()) {
      rows.put(cache, row(cache, reading));
    }
    return new Counts(rows, settled, passes, Duration.ofNanos(System.nanoTime() - start));
  }

  private Counts.Row row(String cache, Reading reading) {
    if (untraced.contains(cache)) {
      Counts.Row before = openingOfUntraced.get(cache);
      return reading.row(cache, before == null ? 0 : before.unrest());
    }
    if (!reading.isThere(cache) || !opening.isThere(cache)) {
      return new Counts.Row(OptionalLong.empty(), 0);
    }
    long own = books.own(reading, cache, from);
    long discrepancy = beyondLedger(reading, cache) - cleared.getOrDefault(cache, 0L);
    long beyond = Math.max(0, discrepancy);
    long lost = BothBooks.lostBetween(opening, reading);
    if (lost > 0) {
      // Which of them were the test's is not known.
      return new Counts.Row(
          OptionalLong.of(Math.max(0, opening.level(cache).counted() + own + discrepancy)),
          beyond + lost);
    }
    // Where the ledger may miss frees, fewer may be left.
    long fewer = Math.min(own, books.freesMissedBetween(opening, reading, cache));
    return new Counts.Row(
        OptionalLong.of(opening.level(cache).counted() + own - fewer + beyond), fewer + beyond);
  }
}
