package io.github.noslableak.books;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.Owner;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Account;
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
   * @param opening both books when it began
   * @param closing both books when it ended
   */
  private record Ended(int from, int until, Reading opening, Reading closing) {

    long objects(Snapshot snapshot, String cache, Predicate<Owner> whose) {
      return snapshot.cache(cache).groups().stream()
          .filter(group -> whose.test(group.owner()))
          .mapToLong(this::objects)
          .sum();
    }

    long objects(Snapshot.Group group) {
      return group.objectsIn(from, until);
    }
  }

  private final BothBooks books;
  private final List<String> followed;
  private final List<Ended> periods = new ArrayList<>();

  /** The readings at the ends of all periods, and that of the end of the test. */
  private final List<Reading> readings = new ArrayList<>();

  private Reading opening;
  private boolean disturbed;
  private boolean finished;
  private int from;

  /** Keeps books of all caches that both have. */
  DoubleEntry(BothBooks books) {
    this.books = books;
    this.followed = books.caches();
    this.opening = books.latest();
  }

  @Override
  public void recordStacks() {
    books.ledger().recordStacks();
  }

  @Override
  public void begin() {
    opening = books.latest();
    from = books.nextMark();
  }

  @Override
  public void iteration() {
    books.goOn();
    int ignored = books.mark();
  }

  @Override
  public void end() {
    // The first run has been counted already.
    Reading closing = books.isLatestFresh() ? books.latest() : quiesced();
    // A kernel worker or a server may allocate for the body after it returned.
    int until = books.mark();
    disturbed = closing.collections() != opening.collections();
    periods.add(new Ended(from, until, opening, closing));
    readings.add(closing);
  }

  /** Quiesces until nothing of the test's goes away any more. */
  private Reading quiesced() {
    long before = Long.MAX_VALUE;
    for (int pass = 1; ; pass++) {
      Reading reading = books.quiesced();
      long now = followed.stream().mapToLong(cache -> books.own(reading, cache, from)).sum();
      if (now == 0 || (now == before && pass > 1) || pass == MOST_PASSES) {
        return reading;
      }
      before = now;
    }
  }

  private boolean isOther(Owner owner) {
    return !books.isTest(owner);
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
    Reading last = books.read();
    readings.add(
        new Reading(last.levels(), books.ledger().named(last.ledger()), last.collections()));
    finished = true;
    periods.replaceAll(
        period ->
            followed.stream().anyMatch(cache -> givenBack(period, cache).collected() > 0)
                ? new Ended(
                    period.from(), period.until(), period.opening(), named(period.closing()))
                : period);
  }

  private Reading named(Reading reading) {
    return new Reading(
        reading.levels(), books.ledger().named(reading.ledger()), reading.collections());
  }

  private Snapshot last() {
    return readings.isEmpty()
        ? books.latest().ledger()
        : readings.get(readings.size() - 1).ledger();
  }

  /**
   * What went away of a period after its end.
   *
   * @param collected what went while garbage was collected between later periods: it was left until
   *     then
   * @param perhaps what went while garbage was collected in the teardown of the test, which may
   *     have given it back as well
   */
  private record GivenBack(long collected, long perhaps) {}

  /**
   * Nobody forces a collection; one that comes by itself closes what was forgotten, and in another
   * period than the one that left it.
   */
  private GivenBack givenBack(Ended period, String cache) {
    long collected = 0;
    long perhaps = 0;
    for (int i = readings.indexOf(period.closing()); i + 1 < readings.size(); i++) {
      Reading later = readings.get(i + 1);
      // What a collection found is closed some time after it.
      long collections = readings.get(Math.max(0, i - 1)).collections();
      if (i >= 0 && later.collections() != collections) {
        long gone =
            period.objects(readings.get(i).ledger(), cache, books::isTest)
                - period.objects(later.ledger(), cache, books::isTest);
        if (finished && i + 2 == readings.size()) {
          perhaps += gone;
        } else {
          collected += gone;
        }
      }
    }
    return new GivenBack(collected, perhaps);
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
    followed.forEach(cache -> registers.put(cache, register(last().cache(cache))));
    return new Statement(
        List.of(Whose.OWN, Whose.UNKNOWN),
        accounts,
        registers,
        last().lostEvents(),
        last().unassigned());
  }

  private Account account(Ended period, String cache) {
    Reading.Level before = period.opening().level(cache);
    Reading.Level after = period.closing().level(cache);
    GivenBack gone = givenBack(period, cache);
    return new Account(
        cache,
        before.counted(),
        after.counted(),
        before.unrest() + after.unrest(),
        Optional.of(
            new Account.Booked(
                period.objects(last(), cache, books::isTest),
                gone.collected(),
                gone.perhaps(),
                period.objects(last(), cache, this::isOther),
                after.counted()
                    - before.counted()
                    - books.missedBetween(period.opening(), period.closing(), cache))));
  }

  private Register register(Snapshot.CacheLive cache) {
    return new Register(
        leftSinceFirst(cache, books::isTest),
        leftSinceFirst(cache, this::isOther),
        cache.live().values().stream().mapToLong(Long::longValue).sum(),
        cache.freedUnseen(),
        periods.stream().map(period -> leftSince(cache, period)).toList(),
        cache.freesUnrecorded(),
        !books.isUntraced(cache.cache()));
  }

  private long leftSinceFirst(Snapshot.CacheLive cache, Predicate<Owner> whose) {
    return periods.isEmpty() ? 0 : leftSince(cache, periods.get(0), whose);
  }

  /** Counters know of everybody's objects, the ledger of the test's. */
  private long leftSince(Snapshot.CacheLive cache, Ended period) {
    return leftSince(
        cache, period, books.isUntraced(cache.cache()) ? owner -> true : books::isTest);
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
      Snapshot told = givenBack(period, cache).collected() > 0 ? period.closing().ledger() : last();
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
    books.close();
  }
}
