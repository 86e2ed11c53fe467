package io.github.noslableak.books;

import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.slab.SlabCounters;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Whose;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The counters and the ledger of the watched caches, read at the same moment.
 *
 * <p>A counter is exact when it is read just after its cache was shrunk, unless somebody allocated
 * in between; and the ledger tells whether somebody did. So a cache is read again and again until
 * nothing of it came or went meanwhile, which takes microseconds, be the machine as busy as it may.
 * No quiescing is needed for that.
 */
final class BothBooks implements AutoCloseable {

  /** Attempts at a moment in which nothing of a cache comes or goes. */
  private static final int MOST_ATTEMPTS = 8;

  private final Quiescer quiescer;
  private final AllocationLedger ledger;
  private final List<String> caches;
  private final Set<String> processes;
  private int mark;
  private Reading latest;
  private boolean isLatestFresh;

  /**
   * Makes both.
   *
   * @param caches the watched caches, in the order in which both have them
   * @param processes names of other processes whose allocations are the test's
   */
  BothBooks(
      Quiescer quiescer, AllocationLedger ledger, List<SlabCache> caches, Set<String> processes) {
    this.quiescer = quiescer;
    this.ledger = ledger;
    this.caches = caches.stream().map(SlabCache::name).toList();
    this.processes = Set.copyOf(processes);
    this.latest = read();
  }

  /** Reads both. */
  Reading read() {
    Map<String, Reading.Level> levels = new LinkedHashMap<>();
    Map<String, Reading.Level> still = new HashMap<>();
    for (int attempt = 0; attempt < MOST_ATTEMPTS && still.size() < caches.size(); attempt++) {
      SlabCounters.Look[] look = new SlabCounters.Look[1];
      List<AllocationLedger.Held> held =
          ledger.beside(
              () -> {
                look[0] = quiescer.look(caches);
                return look[0].times();
              });
      for (int i = 0; i < caches.size(); i++) {
        enter(caches.get(i), look[0].objects()[i], held.get(i), levels, still);
      }
    }
    Snapshot snapshot = ledger.snapshot();
    levels.putAll(still);
    levels.values().removeIf(level -> level.counted() == SlabCounters.VANISHED);
    latest = new Reading(levels, snapshot, GarbageCollections.collections());
    isLatestFresh = true;
    return latest;
  }

  /** Where others are at work all the time, the lowest is nearest to the truth. */
  private static void enter(
      String cache,
      long objects,
      AllocationLedger.Held held,
      Map<String, Reading.Level> levels,
      Map<String, Reading.Level> still) {
    Reading.Level read = new Reading.Level(objects, held.objects(), 0);
    if (objects == SlabCounters.VANISHED || !held.changed()) {
      still.putIfAbsent(cache, read);
      return;
    }
    levels.merge(
        cache,
        read,
        (one, other) -> {
          Reading.Level low = one.offset() <= other.offset() ? one : other;
          long high = Math.max(one.offset() + one.unrest(), other.offset() + other.unrest());
          return new Reading.Level(low.counted(), low.booked(), high - low.offset());
        });
  }

  /** Quiesces for one pass and reads both. */
  Reading quiesced() {
    quiescer.quiesce();
    return read();
  }

  /** Returns the last reading. */
  Reading latest() {
    return latest;
  }

  /** Returns whether nothing of the test ran since the last reading. */
  boolean isLatestFresh() {
    return isLatestFresh;
  }

  /** Tells that something of the test runs from now on. */
  void goOn() {
    isLatestFresh = false;
  }

  /** Has everything that is allocated from now on belong to a new mark. */
  int mark() {
    mark++;
    ledger.mark(mark);
    return mark;
  }

  /** Returns the mark that comes next. */
  int nextMark() {
    return mark + 1;
  }

  /** An owner whose birth was not seen may be the test's, so it is not taken for another. */
  boolean isTest(Owner owner) {
    return owner.whose() != Whose.OTHERS || processes.stream().anyMatch(owner::isCalled);
  }

  /** Returns how many objects the test allocated from a mark on and that are left. */
  long own(Reading reading, String cache, int from) {
    return reading.ledger().cache(cache).groups().stream()
        .filter(group -> isTest(group.owner()))
        .mapToLong(group -> group.objectsIn(from, Integer.MAX_VALUE))
        .sum();
  }

  AllocationLedger ledger() {
    return ledger;
  }

  List<String> caches() {
    return caches;
  }

  @Override
  public void close() {
    ledger.close();
  }
}
