package io.github.noslableak.books;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.proc.Cleaners;
import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.slab.NetworkNamespaces;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.slab.SlabCounters;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Coverage;
import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The counters and the ledger of the watched caches, read at the same moment.
 *
 * <p>A counter is exact when it is read just after its cache was shrunk, unless somebody allocated
 * in between; and the ledger tells whether somebody did. So a cache is read again and again until
 * nothing of it came or went meanwhile, which takes microseconds, be the machine as busy as it may.
 * No quiescing is needed for that.
 */
final class BothBooks implements AutoCloseable {

  /** Passes of quiescing until what does not settle is taken as it is. */
  private static final int MOST_PASSES = 10;

  /** Attempts at a moment in which nothing of a cache comes or goes. */
  private static final int MOST_ATTEMPTS = 8;

  /** What a kernel worker takes at most to take a network namespace down. */
  private static final long TAKING_DOWN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final Duration BETWEEN_NAMESPACES = Duration.ofMillis(20);

  private final Quiescer quiescer;
  private final AllocationLedger ledger;
  private final List<String> caches;
  private final Map<String, Coverage> coverage = new HashMap<>();
  private final Set<String> processes;
  private final List<Reading> history = new ArrayList<>();
  private final Set<Integer> leftOut = new HashSet<>();
  private Set<String> unseenJudged = Set.of();
  private int mark;
  private int asides;
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
    caches.forEach(cache -> coverage.put(cache.name(), Coverage.of(cache)));
    this.processes = Set.copyOf(processes);
    this.latest = read();
  }

  /** Reads both. */
  Reading read() {
    long cleanings = Cleaners.cleanings();
    Map<String, Reading.Level> levels = new LinkedHashMap<>();
    Map<String, Reading.Level> still = new HashMap<>();
    Set<String> gone = new HashSet<>();
    for (int attempt = 0;
        attempt < MOST_ATTEMPTS && still.size() + gone.size() < caches.size();
        attempt++) {
      Map<String, SlabCounters.Look> looks = new LinkedHashMap<>();
      List<AllocationLedger.Held> held =
          ledger.beside(
              () -> {
                looks.putAll(quiescer.look(caches));
                return times(looks.values());
              });
      Iterator<AllocationLedger.Held> meanwhile = held.iterator();
      looks.forEach(
          (cache, look) -> {
            AllocationLedger.Held known = meanwhile.next();
            if (look.objects().isPresent()) {
              enter(cache, look.objects().getAsLong(), known, levels, still);
            } else if (!still.containsKey(cache)) {
              gone.add(cache);
            }
          });
    }
    levels.putAll(still);
    levels.keySet().removeAll(gone);
    latest =
        new Reading(
            levels,
            ledger.latest(),
            new Cleanings(cleanings, Cleaners.cleanings(), GarbageCollections.count()),
            System.nanoTime());
    isLatestFresh = true;
    history.add(latest);
    return latest;
  }

  private static long[] times(Collection<SlabCounters.Look> looks) {
    return looks.stream().flatMapToLong(look -> LongStream.of(look.from(), look.until())).toArray();
  }

  /** Where others are at work all the time, the lowest is nearest to the truth. */
  private static void enter(
      String cache,
      long objects,
      AllocationLedger.Held held,
      Map<String, Reading.Level> levels,
      Map<String, Reading.Level> still) {
    Reading.Level read = new Reading.Level(objects, held.objects(), held.freedUnseen(), 0);
    if (!held.changed()) {
      still.putIfAbsent(cache, read);
      return;
    }
    levels.merge(
        cache,
        read,
        (one, other) -> {
          Reading.Level low = one.offset() <= other.offset() ? one : other;
          long high = Math.max(one.offset() + one.unrest(), other.offset() + other.unrest());
          return new Reading.Level(low.counted(), low.booked(), low.freed(), high - low.offset());
        });
  }

  /** Quiesces for one pass and reads both. */
  Reading quiesced() {
    ledger.dropping(quiescer::quiesce);
    return read();
  }

  /** Does what drops caches, of which no stacks are recorded. */
  Counts dropping(Supplier<Counts> counting) {
    AtomicReference<Counts> counted = new AtomicReference<>();
    ledger.dropping(() -> counted.set(counting.get()));
    return Objects.requireNonNull(counted.get());
  }

  /** Quiesces until nothing goes away any more of what the test allocated from a mark on. */
  Reading settled(int from) {
    long before = Long.MAX_VALUE;
    for (int pass = 1; ; pass++) {
      Reading reading = quiesced();
      long now = own(reading, from);
      if (now == 0 || (now == before && pass > 1) || pass == MOST_PASSES) {
        return withoutEndedNamespaces(reading, from);
      }
      before = now;
    }
  }

  /**
   * Reads again when no network namespace that has ended is kept any more. The kernel frees it with
   * the next one, so some that belong to nobody come and go, until the first of them is freed: then
   * all that ended before it are.
   */
  Reading withoutEndedNamespaces(Reading before, int from) {
    Reading reading = before;
    long start = System.nanoTime();
    asides++; // Those of an earlier time may still be taken down.
    for (int made = 1; isNamespaceLeft(reading, from); made++) {
      ledger.mark(-asides);
      boolean could = NetworkNamespaces.comeAndGo();
      ledger.mark(mark);
      Pause.of(BETWEEN_NAMESPACES.toNanos());
      reading = quiesced();
      boolean freed = could && aside(reading) < made;
      if (!could || freed) {
        break;
      }
      if (System.nanoTime() - start >= TAKING_DOWN_NANOS) {
        NetworkNamespaces.giveUp();
        break;
      }
    }
    return reading;
  }

  private boolean isNamespaceLeft(Reading reading, int from) {
    return caches.contains(NetworkNamespaces.CACHE)
        && own(reading, NetworkNamespaces.CACHE, from) > 0;
  }

  private long aside(Reading reading) {
    return reading.ledger().cache(NetworkNamespaces.CACHE).groups().stream()
        .mapToLong(group -> group.objectsIn(-asides, -asides + 1))
        .sum();
  }

  /** Returns the last reading. */
  Reading latest() {
    return latest;
  }

  /** Returns all readings since the last time that this was asked. */
  List<Reading> history() {
    List<Reading> since = List.copyOf(history);
    history.clear();
    return since;
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

  /** Returns whether what an owner allocated is the test's. */
  boolean isTest(Owner owner) {
    return owner.isOwn(latest.ledger().lostEvents() > 0)
        || (owner.processId() > 0 && processes.stream().anyMatch(owner::isCalled));
  }

  /** What was allocated in a mark is the measurement's own, such as what looking around takes. */
  void leaveOut(int mark) {
    leftOut.add(mark);
  }

  /** Returns how many objects of all caches the test allocated from a mark on and are left. */
  long own(Reading reading, int from) {
    return caches.stream().mapToLong(cache -> own(reading, cache, from)).sum();
  }

  /** Returns how many objects of a cache the test allocated from a mark on and are left. */
  long own(Reading reading, String cache, int from) {
    return left(reading, cache, from, this::isTest);
  }

  /**
   * Returns how many objects of a cache are left that interrupts of other processes allocated from
   * a mark on: perhaps the test's. The ledger has them, and cannot say whose they are, as if it had
   * missed them.
   */
  long unsure(Reading reading, String cache, int from) {
    return left(reading, cache, from, Owner.INTERRUPT_OF_OTHERS::equals);
  }

  private long left(Reading reading, String cache, int from, Predicate<Owner> whose) {
    return reading.ledger().cache(cache).groups().stream()
        .filter(group -> whose.test(group.owner()))
        .mapToLong(
            group ->
                group.objectsIn(from, Integer.MAX_VALUE)
                    - leftOut.stream()
                        .filter(mark -> mark >= from)
                        .mapToLong(mark -> group.objectsIn(mark, mark + 1))
                        .sum())
        .sum();
  }

  /** Returns whether the ledger cannot follow a cache, so that its counter decides. */
  boolean isUntraced(String cache) {
    return coverageOf(cache) == Coverage.PARTIAL;
  }

  /**
   * From now on, what the counters show beyond the ledger of caches that are traced in full is
   * judged of these alone: it is somebody's whom the kernel does not trace, unless the body brings
   * it about each time it runs. At first it is judged of none.
   */
  void judgeUnseen(Set<String> caches) {
    unseenJudged = Set.copyOf(caches);
  }

  /**
   * Returns by how many objects the counter of a cache grew between two readings beyond what the
   * ledger knows of, and may have missed of what the test did. Of a cache all of the test's objects
   * in which are traced it missed nothing, unless that is judged.
   */
  long missedBetween(Reading earlier, Reading later, String cache) {
    if (!isTestTraced(earlier, later, cache)) {
      return later.discrepancySince(earlier, cache);
    }
    return unseenJudged.contains(cache) ? unseenBetween(earlier, later, cache) : 0;
  }

  /**
   * Returns how many objects of a cache that is traced in full came unseen between two readings and
   * live for sure; 0 where that is not known.
   */
  long unseenBetween(Reading earlier, Reading later, String cache) {
    boolean known =
        coverageOf(cache) == Coverage.FULL
            && isTestTraced(earlier, later, cache)
            && ledger.namesCaches()
            && earlier.isAtRest(cache)
            && later.isAtRest(cache);
    return known ? Math.max(0, later.leastUnseenSince(earlier, cache)) : 0;
  }

  /** Returns whether no event was lost, and it is known of which cache each object is. */
  private boolean isTestTraced(Reading earlier, Reading later, String cache) {
    return coverageOf(cache).isOfTest()
        && lostBetween(earlier, later) == 0
        && !later.ledger().uncertain().contains(cache);
  }

  private Coverage coverageOf(String cache) {
    return Objects.requireNonNull(coverage.get(cache));
  }

  /**
   * Returns how many frees of a cache the ledger may have missed between two readings, by the
   * counter; none where all is traced and named. Frees in bulk, such as those of kfree_rcu(), are
   * not; and where events name no cache, an object may be taken for another cache's.
   */
  long freesMissedBetween(Reading earlier, Reading later, String cache) {
    boolean sure = coverageOf(cache).isOfTest() && ledger.namesCaches();
    return sure ? 0 : Math.max(0, -later.discrepancySince(earlier, cache));
  }

  static long lostBetween(Reading earlier, Reading later) {
    return later.ledger().lostEvents() - earlier.ledger().lostEvents();
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
