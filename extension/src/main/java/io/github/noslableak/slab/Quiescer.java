package io.github.noslableak.slab;

import io.github.noslableak.kernel.DropCaches;
import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Libc;
import io.github.noslableak.kernel.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Brings the watched caches to rest and counts what is left.
 *
 * <p>One round is: drop caches, wait for a grace period, shrink, read. Every step is needed:
 *
 * <ul>
 *   <li>A name looked up recently survives a first pass over the cache, which only clears its
 *       referenced bit; and names that hold others go after those. So there are several passes, of
 *       which only the first costs something, under raised pressure ({@link CachePressure}).
 *   <li>Dentries and inodes are freed through RCU: without a grace period they still count. What is
 *       dropped in one round is freed in the course of the next: its callbacks run only after the
 *       grace period that was waited for. So a first reading proves nothing, and two that agree
 *       come after it.
 *   <li>Per-CPU slabs count as fully used until a shrink flushes them.
 * </ul>
 *
 * <p>Deferred freeing only ever makes a counter too high, never too low, so of several rounds the
 * lowest number is the truest one.
 */
public final class Quiescer implements AutoCloseable {

  private static final int PASSES = 5;

  /**
   * Not two: what is allocated just after the drop of one round is dropped in the next, but freed
   * only in the course of the one after, and so counts in two.
   */
  private static final int AGREEING_ROUNDS = 3;

  /** Rounds until a baseline that will not settle is taken as it is. */
  private static final int BASELINE_ROUNDS = 12;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** About two grace periods of an idle single-CPU kernel with HZ=250. */
  private static final long GRACE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * What was counted.
   *
   * @param objects the objects of each watched cache; {@link #VANISHED} where the cache was removed
   * @param spread by how many objects each cache moved between the rounds by itself; 0 once they
   *     agreed
   * @param settled whether the last rounds agreed, or nothing exceeded the ceiling
   * @param rounds how many rounds it took
   * @param took how long it took
   */
  public record Counted(
      List<Long> objects, List<Long> spread, boolean settled, int rounds, Duration took) {

    public Counted {
      objects = List.copyOf(objects);
      spread = List.copyOf(spread);
    }

    /** Returns this without so many objects of each cache, which are known to be there for now. */
    public Counted without(List<Long> known) {
      List<Long> others = new ArrayList<>();
      for (int i = 0; i < objects.size(); i++) {
        long counted = objects.get(i);
        others.add(counted == VANISHED ? VANISHED : Math.max(0, counted - known.get(i)));
      }
      return new Counted(others, spread, settled, rounds, took);
    }

    /** Returns this, with the lower number of both for each cache: what is freed late, is freed. */
    public Counted orLower(Counted later) {
      List<Long> lower = new ArrayList<>();
      for (int i = 0; i < objects.size(); i++) {
        lower.add(Math.min(objects.get(i), later.objects.get(i)));
      }
      return new Counted(lower, spread, settled, rounds + later.rounds, took.plus(later.took));
    }
  }

  /** Stands for the objects of a cache that the kernel has removed meanwhile. */
  public static final long VANISHED = SlabCounters.VANISHED;

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
    try {
      pressure = CachePressure.open();
      KernelFile drop = KernelFile.openForWriting(KernelProfile.DROP_CACHES);
      drop.write(DropCaches.SILENTLY);
      KernelFile barrier =
          profile.rcuBarrier() ? KernelFile.openForWriting(KernelProfile.RCU_BARRIER) : drop;
      return new Quiescer(profile, counters, pressure, drop, barrier);
    } catch (IOException | UncheckedIOException e) {
      counters.close();
      if (pressure != null) {
        pressure.close();
      }
      throw e;
    }
  }

  /**
   * Quiesces until three rounds agree and counts.
   *
   * @param thorough whether to wait for all pending RCU callbacks first, as a process should do
   *     once: the first drop of its life may free a whole page cache of inodes
   */
  public Counted baseline(boolean thorough) {
    long start = System.nanoTime();
    Libc.sync();
    round();
    if (thorough) {
      waitForCallbacks();
    }
    long[] current = round();
    long[] lowest = current;
    long[] highest = current;
    int agreeing = 1;
    for (int rounds = 3; rounds <= BASELINE_ROUNDS; rounds++) {
      long[] next = round();
      agreeing = Arrays.equals(current, next) ? agreeing + 1 : 1;
      if (agreeing == AGREEING_ROUNDS) {
        return counted(next, next, true, rounds, since(start));
      }
      lowest = SlabCounters.minimum(lowest, next);
      highest = SlabCounters.maximum(highest, next);
      current = next;
    }
    return counted(lowest, highest, false, BASELINE_ROUNDS, since(start));
  }

  /**
   * Quiesces until no cache holds more than its ceiling, and else until the linger has passed; then
   * waits for all RCU callbacks once, so that nothing pending is taken for a leak.
   *
   * @param ceilings for each watched cache the number of objects up to which it is at rest
   * @param linger how long to wait at most, apart from the closing barrier
   */
  public Counted settle(List<Long> ceilings, Duration linger) {
    return settle(ceilings, linger, true);
  }

  /** As {@link #settle}, without the barrier: what is left may only take its time. */
  public Counted glance(List<Long> ceilings, Duration patience) {
    return settle(ceilings, patience, false);
  }

  private Counted settle(List<Long> ceilings, Duration linger, boolean thorough) {
    long start = System.nanoTime();
    Libc.sync();
    long[] lowest = round();
    int rounds = 1;
    long pause = FIRST_PAUSE_NANOS;
    while (exceeds(lowest, ceilings)) {
      if (System.nanoTime() - start >= linger.toNanos()) {
        if (thorough) {
          waitForCallbacks();
          lowest = SlabCounters.minimum(lowest, round());
        }
        return counted(lowest, lowest, !exceeds(lowest, ceilings), rounds + 1, since(start));
      }
      Pause.of(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      lowest = SlabCounters.minimum(lowest, round());
      rounds++;
    }
    return counted(lowest, lowest, true, rounds, since(start));
  }

  /** Quiesces for one round and counts: not the last word, but enough to see a trend by. */
  public List<Long> sample() {
    return Arrays.stream(round()).boxed().toList();
  }

  private static boolean exceeds(long[] counts, List<Long> ceilings) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > ceilings.get(i)) {
        return true;
      }
    }
    return false;
  }

  private long[] round() {
    pressure.raisedFor(this::drop);
    if (profile.sheaves()) {
      counters.shrink(); // Hands the rcu_free sheaf to RCU without waiting: the next shrink counts.
    }
    waitForGracePeriod();
    counters.shrink();
    return counters.read();
  }

  private void drop() {
    dropCaches.write(DropCaches.ALL);
    for (int pass = 1; pass < PASSES; pass++) {
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

  private void waitForCallbacks() {
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

  private static Counted counted(
      long[] lowest, long[] highest, boolean settled, int rounds, Duration took) {
    List<Long> objects = new ArrayList<>();
    List<Long> spread = new ArrayList<>();
    for (int i = 0; i < lowest.length; i++) {
      objects.add(lowest[i]);
      spread.add(highest[i] - lowest[i]);
    }
    return new Counted(objects, spread, settled, rounds, took);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
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
