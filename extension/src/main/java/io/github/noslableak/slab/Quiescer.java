package io.github.noslableak.slab;

import io.github.noslableak.kernel.CachePressure;
import io.github.noslableak.kernel.DropCaches;
import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Libc;
import io.github.noslableak.kernel.Pause;
import io.github.noslableak.kernel.Writeback;
import io.github.noslableak.verdict.Counts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Brings the watched caches to rest and counts what is left.
 *
 * <p>One pass is: drop caches, wait for a grace period, shrink, read. Every step is needed:
 *
 * <ul>
 *   <li>A name looked up recently survives a first sweep over the cache, which only clears its
 *       referenced bit; and names that hold others go after those. So a pass sweeps several times,
 *       of which only the first costs something, under raised pressure ({@link CachePressure}).
 *   <li>Dentries and inodes are freed through RCU: without a grace period they still count. What is
 *       dropped in one pass is freed in the course of the next: its callbacks run only after the
 *       grace period that was waited for. So a first reading proves nothing, and two that agree
 *       come after it.
 *   <li>Per-CPU slabs count as fully used until a shrink flushes them.
 * </ul>
 *
 * <p>Deferred freeing only ever makes a counter too high, never too low, so of several passes the
 * lowest number is the truest one.
 */
public final class Quiescer implements AutoCloseable {

  private static final int SWEEPS = 5;

  /**
   * Not two: what is allocated just after the drop of one pass is dropped in the next, but freed
   * only in the course of the one after, and so counts in two.
   */
  private static final int AGREEING_PASSES = 3;

  /** Passes until a count that will not settle is taken as it is. */
  private static final int MOST_PASSES = 12;

  /** As long as what is left of a first run is waited for; see the engine's schedule. */
  private static final Duration LOOKING = Duration.ofMillis(250);

  private static final int MOST_LOOKS = 4;

  private static final long MOST_LOOKING_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** About two grace periods of an idle single-CPU kernel with HZ=250. */
  private static final long GRACE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final KernelProfile profile;
  private final SlabCounters counters;
  private final CachePressure pressure;
  private final KernelFile dropCaches;
  private final KernelFile rcuBarrier;

  private Quiescer(
      KernelProfile profile,
      SlabCounters counters,
      CachePressure pressure,
      KernelFile dropCaches,
      KernelFile rcuBarrier) {
    this.profile = profile;
    this.counters = counters;
    this.pressure = pressure;
    this.dropCaches = dropCaches;
    this.rcuBarrier = rcuBarrier;
  }

  /**
   * Opens every descriptor that quiescing and counting need. The machine's lock must be held.
   *
   * @throws IOException if one cannot be opened, for example because a cache has gone
   */
  public static Quiescer open(KernelProfile profile, List<SlabCache> caches) throws IOException {
    SlabCounters counters = SlabCounters.open(profile, caches);
    CachePressure pressure = null;
    KernelFile drop = null;
    try {
      pressure = CachePressure.open();
      drop = KernelFile.openForWriting(KernelProfile.DROP_CACHES);
      drop.write(DropCaches.SILENTLY);
      KernelFile barrier =
          profile.rcuBarrier() ? KernelFile.openForWriting(KernelProfile.RCU_BARRIER) : drop;
      return new Quiescer(profile, counters, pressure, drop, barrier);
    } catch (IOException | UncheckedIOException e) {
      counters.close();
      if (pressure != null) {
        pressure.close();
      }
      if (drop != null) {
        drop.close();
      }
      throw e;
    }
  }

  /** Quiesces until three passes agree and counts; what will not settle is taken as it is. */
  public Counts countUntilSettled() {
    return countUntilSettled(Duration.ZERO);
  }

  /**
   * Counts so before a test, for as long as is looked for the lowest number after it, so that what
   * others hold for a moment is no part of either: by how much a cache rose meanwhile is its
   * unrest.
   */
  public Counts countAtOpening() {
    return countUntilSettled(LOOKING);
  }

  private Counts countUntilSettled(Duration least) {
    long start = System.nanoTime();
    Writeback.await();
    quiesce();
    Counts current = pass();
    Counts lowest = current;
    Map<String, Long> rises = new HashMap<>();
    int agreeing = 1;
    int passes = 2;
    while (true) {
      boolean longEnough = System.nanoTime() - start >= least.toNanos();
      boolean settled = agreeing >= AGREEING_PASSES;
      if (longEnough && (settled || passes >= MOST_PASSES)) {
        boolean still = settled && rises.values().stream().allMatch(rise -> rise == 0);
        return new Counts(unrest(lowest, rises), still, passes, since(start));
      }
      if (settled) {
        lowest = lookOn(lowest);
      }
      Counts next = pass();
      passes++;
      agreeing = current.rows().equals(next.rows()) ? agreeing + 1 : 1;
      lowest = lowest.lower(next);
      addRises(rises, lowest, next);
      current = next;
    }
  }

  /**
   * Looks for a moment in which others hold nothing of the watched caches: for a quarter of the
   * time that an opening takes or more, and again, until each cache has come down to its lowest
   * number in two such looks; four at most. What somebody holds for a moment now and then is no
   * part of that number. By how much the second lowest look lies above it is its unrest.
   */
  public Counts countLowest() {
    long start = System.nanoTime();
    Writeback.await();
    quiesce();
    List<Counts> looks = new ArrayList<>();
    Counts lowest = look();
    looks.add(lowest);
    Map<String, Long> apart;
    do {
      Counts next = look();
      looks.add(next);
      lowest = lowest.lower(next);
      apart = secondLowest(lowest, looks);
    } while (apart.values().stream().anyMatch(objects -> objects > 0) && looks.size() < MOST_LOOKS);
    return new Counts(unrest(lowest, apart), true, lowest.passes(), since(start));
  }

  private Counts look() {
    long start = System.nanoTime();
    Counts lowest = pass();
    do {
      lowest = lookOn(lowest).lower(pass());
    } while (System.nanoTime() - start < LOOKING.toNanos() / MOST_LOOKS);
    return lowest;
  }

  /** Returns by how much the second lowest of some looks lies above the lowest number. */
  private static Map<String, Long> secondLowest(Counts lowest, List<Counts> looks) {
    Map<String, Long> apart = new HashMap<>();
    lowest
        .objects()
        .forEach(
            (cache, objects) ->
                looks.stream()
                    .flatMapToLong(look -> look.of(cache).stream())
                    .sorted()
                    .skip(1)
                    .limit(1)
                    .forEach(second -> apart.put(cache, second - objects)));
    return apart;
  }

  private static void addRises(Map<String, Long> rises, Counts lowest, Counts next) {
    next.minus(lowest.objects())
        .objects()
        .forEach((cache, rise) -> rises.merge(cache, rise, Math::max));
  }

  /**
   * Looks on between two passes, which take so long that what others give back for a moment would
   * be missed; each time for another while, so that nothing periodic keeps step with it.
   *
   * @return the lowest that was seen
   */
  private Counts lookOn(Counts before) {
    long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(MOST_LOOKING_NANOS);
    Counts lowest = before;
    do {
      counters.shrink();
      lowest = lowest.lower(read(0, System.nanoTime()));
      Pause.of(BETWEEN_LOOKS_NANOS);
    } while (System.nanoTime() - until < 0);
    return lowest;
  }

  private static Map<String, Counts.Row> unrest(Counts lowest, Map<String, Long> rises) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>();
    lowest
        .rows()
        .forEach(
            (cache, row) ->
                rows.put(cache, new Counts.Row(row.objects(), rises.getOrDefault(cache, 0L))));
    return rows;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Quiesces until no cache holds more than its ceiling, and else until the linger has passed; then
   * waits for all RCU callbacks once, so that nothing pending is taken for a leak.
   *
   * @param ceilings by name, the number of objects up to which a cache is at rest
   * @param linger how long to wait at most, apart from the closing barrier
   */
  public Counts countAfterLinger(Map<String, Long> ceilings, Duration linger) {
    return countWithin(ceilings, linger, true);
  }

  /**
   * As {@link #countAfterLinger}, without the barrier: what is left may only take its time. Where
   * nothing is left, looks on until it took as long as at the opening: what others gave back for
   * just that moment hides as much of the test's.
   */
  public Counts countBriefly(Map<String, Long> ceilings, Duration patience) {
    long start = System.nanoTime();
    Counts counted = countWithin(ceilings, patience, false);
    Counts lowest = counted;
    Map<String, Long> rises = new HashMap<>();
    while (counted.settled() && System.nanoTime() - start < LOOKING.toNanos()) {
      lowest = lookOn(lowest);
      Counts next = pass();
      lowest = lowest.lower(next);
      addRises(rises, lowest, next);
    }
    return new Counts(unrest(lowest, rises), counted.settled(), lowest.passes(), lowest.took());
  }

  private Counts countWithin(Map<String, Long> ceilings, Duration time, boolean barrierAtTheEnd) {
    long start = System.nanoTime();
    Writeback.await();
    Counts lowest = pass();
    long pause = FIRST_PAUSE_NANOS;
    while (lowest.exceeds(ceilings)) {
      if (System.nanoTime() - start >= time.toNanos()) {
        if (barrierAtTheEnd) {
          waitForCallbacks();
          lowest = lowest.lower(pass());
        }
        break;
      }
      Pause.of(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      lowest = lowest.lower(pass());
    }
    return new Counts(lowest.rows(), !lowest.exceeds(ceilings), lowest.passes(), since(start));
  }

  /** Quiesces for one pass and counts: not the last word, but enough to see a trend by. */
  public Counts countOnce() {
    return pass();
  }

  /** Quiesces for one pass and reads nothing. */
  public void quiesce() {
    pressure.raisedFor(this::drop);
    if (profile.sheaves()) {
      counters.shrink(); // Hands the rcu_free sheaf to RCU without waiting: the next shrink counts.
    }
    waitForGracePeriod();
    counters.shrink();
  }

  /**
   * Quiesces and waits for all pending RCU callbacks, as a process should do once: the first drop
   * of its life may free a whole page cache of inodes.
   */
  public void quiesceFirst() {
    Writeback.await();
    quiesce();
    waitForCallbacks();
  }

  /**
   * Reads some watched caches, each by itself, without quiescing.
   *
   * @param caches their names
   * @return a look at each, in the order in which they are named
   */
  public Map<String, SlabCounters.Look> look(List<String> caches) {
    return counters.look(caches);
  }

  private Counts pass() {
    long start = System.nanoTime();
    quiesce();
    return read(1, start);
  }

  private Counts read(int passes, long start) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>();
    counters.read().forEach((cache, objects) -> rows.put(cache, new Counts.Row(objects, 0)));
    return new Counts(rows, false, passes, since(start));
  }

  private void drop() {
    dropCaches.write(DropCaches.ALL);
    for (int sweep = 1; sweep < SWEEPS; sweep++) {
      dropCaches.write(DropCaches.DENTRIES_AND_INODES);
    }
  }

  private void waitForGracePeriod() {
    switch (profile.grace()) {
      case MEMBARRIER -> {
        if (Libc.membarrier(Libc.MEMBARRIER_GLOBAL) != 0) {
          Pause.of(GRACE_PAUSE_NANOS);
        }
      }
      case RCU_BARRIER -> rcuBarrier.write("1");
      case PAUSE -> Pause.of(GRACE_PAUSE_NANOS);
    }
  }

  /** Waits until all that RCU has to free is freed. */
  public void waitForCallbacks() {
    counters.shrink();
    if (profile.rcuBarrier()) {
      rcuBarrier.write("1");
      return;
    }
    for (int i = 0; i < 3; i++) { // Before 6.7: three grace periods, each with its callbacks.
      waitForGracePeriod();
      Pause.of(GRACE_PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    counters.close();
    pressure.close();
    dropCaches.close();
    if (rcuBarrier != dropCaches) {
      rcuBarrier.close();
    }
  }
}
