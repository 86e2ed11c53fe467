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
import java.util.stream.IntStream;

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

  /** The readings at the ends of all periods, and all that came after the last of them. */
  private final List<Reading> readings = new ArrayList<>();

  private Reading opening;
  private boolean disturbed;
  private int from;

  /** From this reading on what goes away was kept to be used again. */
  private int lingered = Integer.MAX_VALUE;

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
    if (!periods.isEmpty()) {
      books.leaveOut(periods.get(periods.size() - 1).until());
    }
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
    disturbed = closing.cleanings() != opening.cleanings();
    periods.add(new Ended(from, until, opening, closing));
    readings.add(closing);
    List<Reading> ignored = books.history();
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
  public void lingered() {
    readings.addAll(books.history());
    lingered = readings.size();
  }

  @Override
  public void finish() {
    Reading last = books.read();
    List<Reading> until = books.history();
    readings.addAll(until.subList(0, until.size() - 1));
    readings.add(named(last));
    periods.replaceAll(
        period ->
            followed.stream().anyMatch(cache -> wasCollected(period, cache))
                ? new Ended(
                    period.from(), period.until(), period.opening(), named(period.closing()))
                : period);
  }

  /** Returns whether objects of a period went away later while garbage was collected. */
  private boolean wasCollected(Ended period, String cache) {
    int number = periods.indexOf(period);
    return IntStream.range(number + 1, readings.size())
        .anyMatch(later -> wasCollectedBefore(later) && goneBefore(later, period, cache) > 0);
  }

  private Reading named(Reading reading) {
    return new Reading(
        reading.levels(), books.ledger().named(reading.ledger()), reading.cleanings());
  }

  private Snapshot last() {
    return readings.isEmpty()
        ? books.latest().ledger()
        : readings.get(readings.size() - 1).ledger();
  }

  /** Returns how many objects of a period went away before a reading, since the one before it. */
  private long goneBefore(int reading, Ended period, String cache) {
    return Math.max(
        0,
        period.objects(readings.get(reading - 1).ledger(), cache, books::isTest)
            - period.objects(readings.get(reading).ledger(), cache, books::isTest));
  }

  /** What a collection found is closed some time after it. */
  private boolean wasCollectedBefore(int reading) {
    return reading < lingered
        && readings.get(reading).cleanings() != readings.get(Math.max(0, reading - 2)).cleanings();
  }

  /**
   * Returns how many objects of earlier periods went away in a period while garbage was collected.
   * Nobody forces a collection; one that comes by itself closes what was forgotten, and in another
   * period than the one that left it.
   */
  private long collectedIn(int number, String cache) {
    return number == 0 || !wasCollectedBefore(number)
        ? 0
        : periods.subList(0, number).stream()
            .mapToLong(earlier -> goneBefore(number, earlier, cache))
            .sum();
  }

  /**
   * What went away of a period after the last of all periods.
   *
   * @param all how many objects
   * @param collected those that went while garbage was collected, when the teardown was over
   * @param perhaps those that went in the teardown while garbage was collected
   */
  private record GivenBack(long all, long collected, long perhaps) {}

  private GivenBack givenBack(Ended period, String cache) {
    long all = 0;
    long collected = 0;
    long perhaps = 0;
    for (int reading = periods.size(); reading < readings.size(); reading++) {
      long gone = goneBefore(reading, period, cache);
      all += gone;
      if (wasCollectedBefore(reading)) {
        if (reading == periods.size()) {
          perhaps += gone;
        } else {
          collected += gone;
        }
      }
    }
    return new GivenBack(all, collected, perhaps);
  }

  @Override
  public Statement statement() {
    List<Map<String, Account>> accounts = new ArrayList<>();
    for (int number = 0; number < periods.size(); number++) {
      Ended period = periods.get(number);
      Map<String, Account> ofPeriod = new LinkedHashMap<>();
      for (String cache : followed) {
        if (period.opening().isThere(cache) && period.closing().isThere(cache)) {
          ofPeriod.put(cache, account(number, cache));
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

  /**
   * What a period left is by how much the test's objects became more in it: what took the place of
   * an earlier period's is none. Less what the teardown of the test gave back of it; where garbage
   * was collected meanwhile, that may have closed it as well.
   */
  private Account account(int number, String cache) {
    Ended period = periods.get(number);
    Reading.Level before = period.opening().level(cache);
    Reading.Level after = period.closing().level(cache);
    long more =
        left(periods.subList(0, number + 1), period.closing(), cache)
            - (number == 0 ? 0 : left(periods.subList(0, number), readings.get(number - 1), cache));
    GivenBack gone = givenBack(period, cache);
    return new Account(
        cache,
        before.counted(),
        after.counted(),
        before.unrest() + after.unrest(),
        Optional.of(
            new Account.Booked(
                more - gone.all(),
                collectedIn(number, cache) + gone.collected(),
                gone.perhaps(),
                period.objects(last(), cache, this::isOther),
                after.counted()
                    - before.counted()
                    - books.missedBetween(period.opening(), period.closing(), cache))));
  }

  private long left(List<Ended> of, Reading at, String cache) {
    return of.stream().mapToLong(period -> period.objects(at.ledger(), cache, books::isTest)).sum();
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
      Snapshot told = wasCollected(period, cache) ? period.closing().ledger() : last();
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
