package io.github.noslableak;

import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.slab.Counts;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Suspect.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Keeps count of what the segments of a rerun left. A segment is a round of iterations, or a time
 * in which nothing ran.
 */
sealed interface Tally extends AutoCloseable {

  /** Begins a segment. */
  void begin();

  /** Told before each iteration of a segment. */
  void iteration();

  /** Has stacks recorded with allocations from now on, where allocations are followed. */
  void recordStacks();

  /** Ends the segment that began last: quiesces and counts. */
  void end();

  /** Returns whose objects are counted apart; the first are those of the test itself. */
  List<Origin> origins();

  /**
   * Returns what a segment left of a cache.
   *
   * @param cache its place among the watched caches
   * @param segment the number of the segment, from 0 on
   * @param iterations how often the body ran in it
   */
  Round round(int cache, Origin origin, int segment, int iterations);

  /**
   * Returns what the segments of the rerun left of a cache, whoever allocated it.
   *
   * @param cache its place among the watched caches
   * @param segment the first segment of the rerun
   */
  long kept(int cache, Suspect suspect, int segment);

  /**
   * Returns how much a cache grew since the first segment began, as far as it is known whose: what
   * was allocated since and is left, and for others less what was freed that had been there before.
   * 0 where it is not known.
   *
   * @param cache its place among the watched caches
   */
  long leftSinceFirst(int cache, Origin origin);

  /** Returns how many segments have ended. */
  int segments();

  /**
   * Returns whether a garbage collection ran in the segment that ended last; see {@link
   * GarbageCollections}.
   */
  boolean wasDisturbed();

  /** Returns whether objects of a cache are left only until garbage is collected. */
  boolean isGarbage(int cache);

  /** Counts once more, when the teardown of the test is over and everything had time to go away. */
  void finish();

  /**
   * Corrects what was found before the teardown.
   *
   * @param cache its place among the watched caches
   * @param suspect what the rounds say
   * @param overTest growth of the cache from before the test to after its teardown, in objects
   *     beyond the tolerance
   * @param sinceRerun growth from before the rerun to after the teardown, likewise
   * @param atRest whether the cache was at rest before the test
   */
  Suspect afterTeardown(int cache, Suspect suspect, long overTest, long sinceRerun, boolean atRest);

  /**
   * Returns whether nothing is missing of what was counted of a cache: no event was lost, and it
   * was there all the time.
   *
   * @param cache its place among the watched caches
   */
  boolean isComplete(int cache);

  /** Returns whether each allocation is followed, so that other processes are told apart. */
  boolean follows();

  /**
   * Returns who allocated what is left, empty where allocations are not followed.
   *
   * @param caches the names of the caches that matter
   * @param segments the numbers of the segments that matter
   */
  Optional<Allocations> allocations(Set<String> caches, List<Integer> segments);

  @Override
  void close();

  /** Tells segments apart by the counters of the whole machine. */
  final class OfCounters implements Tally {

    private final Quiescer quiescer;
    private final List<Counts> boundaries = new ArrayList<>();

    OfCounters(Quiescer quiescer) {
      this.quiescer = quiescer;
      end();
    }

    @Override
    public void begin() {}

    @Override
    public void iteration() {}

    @Override
    public void recordStacks() {}

    @Override
    public void end() {
      boundaries.add(quiescer.countUntilSettled());
    }

    @Override
    public List<Origin> origins() {
      return List.of(Origin.ANYONE);
    }

    @Override
    public Round round(int cache, Origin origin, int segment, int iterations) {
      Counts before = boundaries.get(segment);
      Counts after = boundaries.get(segment + 1);
      return new Round(
          iterations,
          after.objects().get(cache) - before.objects().get(cache),
          before.unrest().get(cache) + after.unrest().get(cache));
    }

    /** What is given back in the end was not kept, and what does not scale is not the rounds'. */
    @Override
    public long kept(int cache, Suspect suspect, int segment) {
      return suspect.leaks() ? suspect.objects() : 0;
    }

    @Override
    public long leftSinceFirst(int cache, Origin origin) {
      return 0;
    }

    @Override
    public boolean wasDisturbed() {
      return false;
    }

    @Override
    public boolean isGarbage(int cache) {
      return false;
    }

    @Override
    public void finish() {}

    @Override
    public Suspect afterTeardown(
        int cache, Suspect suspect, long overTest, long sinceRerun, boolean atRest) {
      return suspect.afterTeardown(overTest, sinceRerun);
    }

    @Override
    public boolean isComplete(int cache) {
      return boundaries.stream()
          .noneMatch(counted -> counted.objects().get(cache) == Counts.VANISHED);
    }

    @Override
    public int segments() {
      return boundaries.size() - 1;
    }

    @Override
    public boolean follows() {
      return false;
    }

    @Override
    public Optional<Allocations> allocations(Set<String> caches, List<Integer> numbers) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** Tells segments apart by following each allocation. */
  final class OfLedger implements Tally {

    /** Rounds of quiescing at the end of a segment, at most. */
    private static final int MOST_ROUNDS = 10;

    private record Segment(int from, int until) {}

    /** What the ledger knew at the end of each segment. */
    private final List<Snapshot> ends = new ArrayList<>();

    /** What it knew when garbage had been collected right after. */
    private final List<Snapshot> collected = new ArrayList<>();

    private final AllocationLedger ledger;
    private final Quiescer quiescer;
    private final List<SlabCache> watched;
    private final Set<String> processes;
    private final List<Segment> segments = new ArrayList<>();
    private long collections;
    private boolean disturbed;
    private int from;
    private int mark;
    private Snapshot last;

    OfLedger(
        AllocationLedger ledger,
        Quiescer quiescer,
        List<SlabCache> watched,
        Set<String> processes) {
      this.processes = processes;
      this.ledger = ledger;
      this.quiescer = quiescer;
      this.watched = watched;
      this.last = ledger.snapshot();
    }

    @Override
    public void begin() {
      collections = GarbageCollections.collections();
      from = mark + 1;
    }

    @Override
    public void iteration() {
      ledger.mark(++mark);
    }

    @Override
    public void recordStacks() {
      ledger.recordStacks();
    }

    @Override
    public void end() {
      quiesce();
      // A kernel worker or a server may allocate for the body after it returned.
      ledger.mark(++mark);
      segments.add(new Segment(from, mark));
      ends.add(last);
      disturbed = GarbageCollections.collections() != collections;
      boolean closedNothing = GarbageCollections.collect().targets().isEmpty();
      quiesce();
      if (closedNothing) {
        ends.set(ends.size() - 1, last); // What went away meanwhile only took its time.
      }
      collected.add(last);
    }

    /** Quiesces until nothing of the test's goes away any more. */
    private void quiesce() {
      long before = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS; round++) {
        Counts ignored = quiescer.countOnce();
        last = ledger.snapshot();
        long now = last.caches().stream().mapToLong(this::liveOfTest).sum();
        if (now == 0 || (now == before && round > 0)) {
          return;
        }
        before = now;
      }
    }

    /** What others allocate comes and goes all the time. */
    private long liveOfTest(Snapshot.CacheLive cache) {
      return cache.live().entrySet().stream()
          .filter(entry -> isTest(entry.getKey()))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    @Override
    public boolean wasDisturbed() {
      return disturbed;
    }

    @Override
    public boolean isGarbage(int cache) {
      String name = watched.get(cache).name();
      if (!isFollowed(name)) {
        return false;
      }
      for (int segment = 0; segment < segments.size(); segment++) {
        if (garbage(name, segment, Origin.TEST) > 0) {
          return true;
        }
      }
      return false;
    }

    /** Only what is under suspicion is followed. */
    private boolean isFollowed(String cache) {
      return last.caches().stream().anyMatch(followed -> followed.cache().equals(cache));
    }

    private boolean hasGarbage(int segment) {
      return ends.get(segment).caches().stream()
          .anyMatch(cache -> garbage(cache.cache(), segment, Origin.TEST) > 0);
    }

    /** Returns how many objects of a segment the collection right after it gave back. */
    private long garbage(String cache, int segment, Origin origin) {
      return origin == Origin.TEST
          ? left(ends.get(segment), cache, segment, origin)
              - left(collected.get(segment), cache, segment, origin)
          : 0;
    }

    @Override
    public List<Origin> origins() {
      return processes.isEmpty() ? List.of(Origin.TEST, Origin.OTHERS) : List.of(Origin.TEST);
    }

    private static long live(Snapshot.CacheLive cache, Segment segment, Predicate<Owner> whose) {
      return cache.groups().stream()
          .filter(group -> whose.test(group.owner()))
          .mapToLong(group -> group.objectsIn(segment.from(), segment.until()))
          .sum();
    }

    private Snapshot.CacheLive live(int cache) {
      return last.cache(watched.get(cache).name());
    }

    /** What is left, and what only a garbage collection gave back. */
    @Override
    public Round round(int cache, Origin origin, int segment, int iterations) {
      String name = watched.get(cache).name();
      return new Round(
          iterations, left(last, name, segment, origin) + garbage(name, segment, origin), 0);
    }

    private long left(Snapshot snapshot, String cache, int segment, Origin origin) {
      return live(
          snapshot.cache(cache),
          segments.get(segment),
          owner -> isTest(owner) == (origin == Origin.TEST));
    }

    @Override
    public long kept(int cache, Suspect suspect, int segment) {
      if (segment >= segments.size()) {
        return 0; // The body was not run again after all.
      }
      int from = segments.get(segment).from();
      return live(cache).groups().stream()
          .mapToLong(group -> group.objectsIn(from, Integer.MAX_VALUE))
          .sum();
    }

    @Override
    public long leftSinceFirst(int cache, Origin origin) {
      int since = segments.get(0).from();
      long left =
          live(cache).groups().stream()
              .filter(group -> isTest(group.owner()) == (origin == Origin.TEST))
              .mapToLong(group -> group.objectsIn(since, Integer.MAX_VALUE))
              .sum();
      return origin == Origin.OTHERS ? left - live(cache).freedUnseen() : left;
    }

    @Override
    public void finish() {
      last = ledger.named(ledger.snapshot());
      for (int segment = 0; segment < ends.size(); segment++) {
        if (hasGarbage(segment)) {
          ends.set(segment, ledger.named(ends.get(segment)));
        }
      }
    }

    /**
     * Holds the ledger against the counters where it may not know everything: a ledger that lost
     * events, or knows objects of no cache, never acquits, and one that missed frees does not
     * accuse by itself.
     */
    @Override
    public Suspect afterTeardown(
        int cache, Suspect suspect, long overTest, long sinceRerun, boolean atRest) {
      if (last.lostEvents() > 0 || last.unassigned() > 0) {
        // Where the counters were at rest, and nothing is left, they acquit instead.
        return suspect.leaks() || (atRest && overTest <= 0)
            ? suspect.afterTeardown(overTest, sinceRerun)
            : suspect.with(Scaling.UNCLEAR);
      }
      if (live(cache).freesUnrecorded() > 0) {
        return suspect.afterTeardown(overTest, sinceRerun);
      }
      // Frees in bulk, such as those of kfree_rcu(), are not traced: where the cache was at rest,
      // the
      // ledger's books must agree with the counter.
      long booked =
          live(cache).live().values().stream().mapToLong(Long::longValue).sum()
              - live(cache).freedUnseen();
      boolean contradicted =
          suspect.leaks() && atRest && 2 * (booked - sinceRerun) >= suspect.objects();
      return contradicted ? suspect.afterTeardown(overTest, sinceRerun) : suspect;
    }

    @Override
    public boolean isComplete(int cache) {
      return last.lostEvents() == 0
          && last.unassigned() == 0
          && isFollowed(watched.get(cache).name())
          && live(cache).freesUnrecorded() == 0;
    }

    @Override
    public int segments() {
      return segments.size();
    }

    @Override
    public boolean follows() {
      return true;
    }

    @Override
    public Optional<Allocations> allocations(Set<String> caches, List<Integer> numbers) {
      List<Allocations.Group> groups = new ArrayList<>();
      for (SlabCache cache : watched) {
        if (caches.contains(cache.name()) && isFollowed(cache.name())) {
          groups.addAll(groups(cache.name(), numbers));
        }
      }
      return Optional.of(new Allocations(groups, last.lostEvents()));
    }

    /** Where garbage was collected, what it was is told as it was right before. */
    private List<Allocations.Group> groups(String cache, List<Integer> numbers) {
      Map<List<Object>, Long> objects = new LinkedHashMap<>();
      Map<List<Object>, Snapshot.Group> samples = new HashMap<>();
      for (int number : numbers) {
        boolean wasGarbage = garbage(cache, number, Origin.TEST) > 0;
        Snapshot told = wasGarbage ? ends.get(number) : last;
        Segment segment = segments.get(number);
        for (Snapshot.Group group : told.cache(cache).groups()) {
          long left = group.objectsIn(segment.from(), segment.until());
          if (left > 0) {
            List<Object> key = List.of(group.owner(), group.stack());
            objects.merge(key, left, Long::sum);
            samples.putIfAbsent(key, group);
          }
        }
      }
      List<Allocations.Group> groups = new ArrayList<>();
      objects.forEach(
          (key, left) ->
              groups.add(describe(cache, Objects.requireNonNull(samples.get(key)), left, numbers)));
      return groups;
    }

    private Allocations.Group describe(
        String cache, Snapshot.Group group, long objects, List<Integer> numbers) {
      Owner owner = group.owner();
      Allocations.Whose whose =
          isTest(owner)
              ? owner.kind() == Owner.Kind.KERNEL
                  ? Allocations.Whose.KERNEL
                  : Allocations.Whose.TEST
              : Allocations.Whose.OTHER;
      boolean self = owner.processId() == ProcessHandle.current().pid();
      return new Allocations.Group(
          cache,
          whose,
          self
              ? "this JVM"
              : owner.processId() == 0
                  ? "an interrupt"
                  : owner.name() + " (pid " + owner.processId() + ")",
          objects,
          group.stack().stream().map(Frame::displayName).toList(),
          iteration(group, numbers));
    }

    /** Iterations are counted over these segments. */
    private int iteration(Snapshot.Group group, List<Integer> numbers) {
      int before = 0;
      for (int number : numbers) {
        Segment segment = segments.get(number);
        if (group.objectsIn(segment.from(), segment.until()) > 0) {
          int first = group.byMark().ceilingKey(segment.from());
          return before + first - segment.from() + 1;
        }
        before += segment.until() - segment.from();
      }
      return before;
    }

    /** An owner whose birth was not seen may be the test's, so it is not taken for another. */
    private boolean isTest(Owner owner) {
      return owner.kind() != Owner.Kind.OTHERS || processes.stream().anyMatch(owner::isCalled);
    }

    @Override
    public void close() {
      ledger.close();
    }
  }
}
