package io.github.noslableak.books;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Account;
import io.github.noslableak.verdict.Counts;
import io.github.noslableak.verdict.Register;
import io.github.noslableak.verdict.Statement;
import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Tells periods apart by following each allocation, beside the counters. */
final class DoubleEntry implements Books {

  /** Passes of quiescing at the end of a period, at most. */
  private static final int MOST_PASSES = 10;

  /**
   * A period that has ended.
   *
   * @param from the mark of its first iteration
   * @param until the mark that ended it
   * @param opening the counters when it began
   * @param closing the counters when it ended
   * @param end what the ledger knew at its end
   * @param collected what it knew when garbage had been collected right after
   */
  private record Ended(
      int from, int until, Counts opening, Counts closing, Snapshot end, Snapshot collected) {

    long objects(Snapshot snapshot, String cache, Predicate<Owner> whose) {
      return snapshot.cache(cache).groups().stream()
          .filter(group -> whose.test(group.owner()))
          .mapToLong(this::objects)
          .sum();
    }

    long objects(Snapshot.Group group) {
      return group.objectsIn(from, until);
    }

    Ended named(AllocationLedger ledger) {
      return new Ended(from, until, opening, closing, ledger.named(end), collected);
    }
  }

  private final AllocationLedger ledger;
  private final Quiescer quiescer;
  private final List<String> followed;
  private final Set<String> processes;
  private final List<Ended> periods = new ArrayList<>();
  private long collections;
  private boolean disturbed;
  private int from;
  private int mark;
  private Counts counted;
  private Snapshot last;

  /**
   * Keeps books of these caches.
   *
   * @param processes names of other processes whose allocations are the test's; where there are
   *     any, those of all others do not matter
   */
  DoubleEntry(
      AllocationLedger ledger, Quiescer quiescer, List<String> followed, Set<String> processes) {
    this.ledger = ledger;
    this.quiescer = quiescer;
    this.followed = List.copyOf(followed);
    this.processes = Set.copyOf(processes);
    this.counted = quiescer.countOnce();
    this.last = ledger.snapshot();
  }

  @Override
  public void recordStacks() {
    ledger.recordStacks();
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
  public void end() {
    Counts opening = counted;
    quiesce();
    // A kernel worker or a server may allocate for the body after it returned.
    ledger.mark(++mark);
    Snapshot end = last;
    disturbed = GarbageCollections.collections() != collections;
    boolean closedNothing = GarbageCollections.collect().targets().isEmpty();
    quiesce();
    // Where it closed nothing, what went away meanwhile only took its time.
    periods.add(new Ended(from, mark, opening, counted, closedNothing ? last : end, last));
  }

  /** Quiesces until nothing of the test's goes away any more. */
  private void quiesce() {
    long before = Long.MAX_VALUE;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      counted = quiescer.countOnce();
      last = ledger.snapshot();
      long now = last.caches().stream().mapToLong(this::liveOfTest).sum();
      if (now == 0 || (now == before && pass > 0)) {
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

  /** An owner whose birth was not seen may be the test's, so it is not taken for another. */
  private boolean isTest(Owner owner) {
    return owner.whose() != Whose.OTHERS || processes.stream().anyMatch(owner::isCalled);
  }

  private boolean isOther(Owner owner) {
    return !isTest(owner);
  }

  @Override
  public int periods() {
    return periods.size();
  }

  @Override
  public boolean wasDisturbed() {
    return disturbed;
  }

  @Override
  public void finish() {
    last = ledger.named(ledger.snapshot());
    periods.replaceAll(
        period ->
            followed.stream().anyMatch(cache -> collected(period, cache) > 0)
                ? period.named(ledger)
                : period);
  }

  /** Returns how many objects of a period the collection right after it gave back. */
  private long collected(Ended period, String cache) {
    return period.objects(period.end(), cache, this::isTest)
        - period.objects(period.collected(), cache, this::isTest);
  }

  @Override
  public Statement statement() {
    List<Map<String, Account>> accounts = new ArrayList<>();
    for (Ended period : periods) {
      Map<String, Account> ofPeriod = new LinkedHashMap<>();
      for (String cache : followed) {
        if (period.opening().isThere(cache) && period.closing().isThere(cache)) {
          ofPeriod.put(cache, account(period, cache));
        }
      }
      accounts.add(ofPeriod);
    }
    Map<String, Register> registers = new LinkedHashMap<>();
    followed.forEach(cache -> registers.put(cache, register(last.cache(cache))));
    return new Statement(
        processes.isEmpty() ? List.of(Whose.OWN, Whose.OTHERS) : List.of(Whose.OWN),
        accounts,
        registers,
        last.lostEvents(),
        last.unassigned());
  }

  private Account account(Ended period, String cache) {
    return new Account(
        cache,
        period.opening().of(cache).orElseThrow(),
        period.closing().of(cache).orElseThrow(),
        period.opening().unrest(cache) + period.closing().unrest(cache),
        Optional.of(
            new Account.Booked(
                period.objects(last, cache, this::isTest),
                collected(period, cache),
                period.objects(last, cache, this::isOther))));
  }

  private Register register(Snapshot.CacheLive cache) {
    return new Register(
        leftSinceFirst(cache, this::isTest),
        leftSinceFirst(cache, this::isOther),
        cache.live().values().stream().mapToLong(Long::longValue).sum(),
        cache.freedUnseen(),
        periods.stream().map(period -> leftSince(cache, period, owner -> true)).toList(),
        cache.freesUnrecorded());
  }

  private long leftSinceFirst(Snapshot.CacheLive cache, Predicate<Owner> whose) {
    return periods.isEmpty() ? 0 : leftSince(cache, periods.get(0), whose);
  }

  private static long leftSince(Snapshot.CacheLive cache, Ended period, Predicate<Owner> whose) {
    return cache.groups().stream()
        .filter(group -> whose.test(group.owner()))
        .mapToLong(group -> group.objectsIn(period.from(), Integer.MAX_VALUE))
        .sum();
  }

  @Override
  public Optional<List<Allocated>> allocated(Set<String> caches, List<Integer> numbers) {
    List<Ended> asked = numbers.stream().map(periods::get).toList();
    return Optional.of(
        followed.stream()
            .filter(caches::contains)
            .flatMap(cache -> allocated(cache, asked).stream())
            .toList());
  }

  /** Where garbage was collected, what it was is told as it was right before. */
  private List<Allocated> allocated(String cache, List<Ended> asked) {
    record Way(Owner owner, List<?> stack) {}
    Map<Way, Long> objects = new LinkedHashMap<>();
    Map<Way, Snapshot.Group> samples = new HashMap<>();
    for (Ended period : asked) {
      Snapshot told = collected(period, cache) > 0 ? period.end() : last;
      for (Snapshot.Group group : told.cache(cache).groups()) {
        long left = period.objects(group);
        if (left > 0) {
          Way way = new Way(group.owner(), group.stack());
          objects.merge(way, left, Long::sum);
          samples.putIfAbsent(way, group);
        }
      }
    }
    List<Allocated> allocated = new ArrayList<>();
    objects.forEach(
        (way, left) -> {
          Snapshot.Group group = Objects.requireNonNull(samples.get(way));
          allocated.add(
              new Allocated(
                  cache,
                  whose(group.owner()),
                  group.owner(),
                  left,
                  group.stack(),
                  iteration(group, asked)));
        });
    return allocated;
  }

  private Whose whose(Owner owner) {
    if (isOther(owner)) {
      return Whose.OTHERS;
    }
    return owner.whose() == Whose.KERNEL ? Whose.KERNEL : Whose.OWN;
  }

  /** Iterations are counted over these periods. */
  private static int iteration(Snapshot.Group group, List<Ended> asked) {
    int before = 0;
    for (Ended period : asked) {
      if (period.objects(group) > 0) {
        int first = group.byMark().ceilingKey(period.from());
        return before + first - period.from() + 1;
      }
      before += period.until() - period.from();
    }
    return before;
  }

  @Override
  public Optional<Obstacle> unfollowed() {
    return Optional.empty();
  }

  @Override
  public void close() {
    ledger.close();
  }
}
