package io.github.noslableak.books;

import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.Cleaners;
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
import java.util.stream.Collectors;

/** Tells periods apart by following each allocation, beside the counters. */
final class DoubleEntry implements Books {

  private final BothBooks books;
  private final boolean countsEverybody;
  private final List<String> followed;
  private final Periods periods;

  private Reading opening;
  private boolean disturbed;
  private boolean closedGarbage;
  private boolean lacksEvents;
  private boolean closed;
  private int from;

  /** The mark of what is allocated between periods, which is the measurement's own. */
  private int gap;

  /**
   * Keeps books of all caches that both have.
   *
   * @param countsEverybody whether the measurement's counts hold what others allocate, for want of
   *     a ledger when it was opened
   */
  DoubleEntry(BothBooks books, boolean countsEverybody) {
    this.books = books;
    this.countsEverybody = countsEverybody;
    this.followed = books.caches();
    this.opening = books.latest();
    // A period that nobody begins, as of a factory, is all since the opening.
    this.from = books.nextMark();
    this.periods =
        new Periods(books::isTest, books::missedBetween, Cleaners.amongTasks(), Cleaners::hasEnded);
  }

  @Override
  public void recordStacks() {
    books.ledger().recordStacks();
  }

  @Override
  public void begin() {
    if (periods() > 0) {
      books.leaveOut(gap);
    }
    opening = books.latest();
    from = books.nextMark();
  }

  /** What came since is left in the test's account, as that of its teardown is. */
  @Override
  public void resume() {
    Reading ignored = books.settled(from);
    gap = books.mark();
  }

  @Override
  public void iteration() {
    books.goOn();
    int ignored = books.mark();
  }

  @Override
  public void end() {
    // The first run has been counted already.
    Reading closing = books.isLatestFresh() ? books.latest() : books.settled(from);
    // A kernel worker or a server may allocate for the body after it returned.
    int until = books.mark();
    gap = until;
    disturbed = periods.mayHaveCollected(opening, closing);
    closedGarbage = periods.hasCollected(opening, closing);
    lacksEvents = BothBooks.lostBetween(opening, closing) > 0;
    periods.add(new Periods.Ended(from, until, opening, closing));
    List<Reading> ignored = books.history();
  }

  private boolean isOther(Owner owner) {
    return !books.isTest(owner);
  }

  @Override
  public int periods() {
    return periods.all().size();
  }

  @Override
  public boolean wasDisturbed() {
    return disturbed;
  }

  @Override
  public boolean lacksEvents() {
    return lacksEvents;
  }

  @Override
  public boolean closedGarbage() {
    return closedGarbage;
  }

  @Override
  public void lingered() {
    periods.add(books.history());
    // Nor is it known else which of the files that were closed are older than the test.
    periods.lingered(books.ledger().namesCaches());
  }

  @Override
  public void nameFunctions() {
    books.ledger().findNames(books.latest().ledger());
  }

  /** The last count looked when all was quiet, which it may not be now. */
  @Override
  public void finish() {
    List<Reading> until = books.history();
    periods.add(until.subList(0, Math.max(0, until.size() - 1)));
    periods.add(List.of(named(books.latest())));
    periods.nameCollected(followed, this::named);
  }

  private Reading named(Reading reading) {
    return new Reading(
        reading.levels(),
        books.ledger().named(reading.ledger()),
        reading.cleanings(),
        reading.nanoTime());
  }

  private Reading last() {
    return periods.last().orElse(books.latest());
  }

  @Override
  public Statement statement() {
    List<Map<String, Account>> accounts = new ArrayList<>();
    for (int number = 0; number < periods(); number++) {
      Periods.Ended period = periods.all().get(number);
      Map<String, Account> ofPeriod = new LinkedHashMap<>();
      for (String cache : followed) {
        if (period.opening().isThere(cache) && period.closing().isThere(cache)) {
          ofPeriod.put(cache, periods.account(number, cache));
        }
      }
      accounts.add(ofPeriod);
    }
    Map<String, Register> registers = new LinkedHashMap<>();
    followed.forEach(cache -> registers.put(cache, register(cache)));
    return new Statement(
        List.of(Whose.OWN, Whose.UNBOOKED),
        accounts,
        registers,
        last().ledger().lostEvents(),
        periods.all().stream()
            .map(period -> BothBooks.lostBetween(period.opening(), last()))
            .toList());
  }

  private Register register(String cache) {
    Snapshot.CacheLive known = last().ledger().cache(cache);
    boolean everybody = countsEverybody || books.isUntraced(cache);
    List<Periods.Ended> ended = periods.all();
    Optional<Periods.Ended> first = ended.stream().findFirst();
    return new Register(
        first.map(period -> books.own(last(), cache, period.from())).orElse(0L),
        first.filter(period -> everybody).map(period -> others(known, period)).orElse(0L),
        everybody ? known.freedUnseen() : 0,
        ended.stream()
            .map(
                period ->
                    books.own(last(), cache, period.from())
                        + (everybody ? others(known, period) : 0))
            .toList(),
        ended.stream()
            .map(period -> period.objects(last().ledger(), cache, books::isTest))
            .toList(),
        known.freesUnrecorded(),
        first.map(period -> books.freesMissedBetween(period.opening(), last(), cache)).orElse(0L));
  }

  /** Returns how many objects others allocated since a period began, and are left. */
  private long others(Snapshot.CacheLive cache, Periods.Ended since) {
    return cache.groups().stream()
        .filter(group -> isOther(group.owner()))
        .mapToLong(group -> group.objectsIn(since.from(), Integer.MAX_VALUE))
        .sum();
  }

  @Override
  public Optional<List<Allocated>> allocated(Set<String> caches, List<Integer> numbers) {
    List<Periods.Ended> asked = numbers.stream().map(periods.all()::get).toList();
    return Optional.of(
        followed.stream()
            .filter(caches::contains)
            .flatMap(cache -> allocated(cache, asked).stream())
            .toList());
  }

  /** Where garbage was collected, what it was is told as it was right before. */
  private List<Allocated> allocated(String cache, List<Periods.Ended> asked) {
    record Way(Owner owner, List<?> stack) {}
    Map<Way, Long> objects = new LinkedHashMap<>();
    Map<Way, Snapshot.Group> samples = new HashMap<>();
    for (Periods.Ended period : asked) {
      Snapshot told =
          periods.wasCollected(period, cache) ? period.closing().ledger() : last().ledger();
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
    if (owner.equals(Owner.INTERRUPT_OF_OTHERS)) {
      return Whose.KERNEL;
    }
    if (isOther(owner)) {
      return Whose.OTHERS;
    }
    return owner.whose() == Whose.KERNEL ? Whose.KERNEL : Whose.OWN;
  }

  /** Iterations are counted over these periods. */
  private static int iteration(Snapshot.Group group, List<Periods.Ended> asked) {
    int before = 0;
    for (Periods.Ended period : asked) {
      if (period.objects(group) > 0) {
        int first = group.byMark().ceilingKey(period.from());
        return before + first - period.from() + 1;
      }
      before += period.until() - period.from();
    }
    return before;
  }

  @Override
  public Set<Left> left(Set<String> caches) {
    return closed
        ? Set.of()
        : books
            .ledger()
            .living(caches, object -> !isOther(object.owner()) && periods.isIn(object.mark()))
            .stream()
            .map(object -> new Left(object.cache(), object.address(), object.task(), object.time()))
            .collect(Collectors.toSet());
  }

  @Override
  public Optional<Obstacle> unfollowed() {
    return Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    books.close();
  }
}
