package io.github.noslableak.books;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.trace.alloc.Closings;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What each period left by two books, as far as it is known by now: of what a period left, some may
 * go away later, because it took its time, because the teardown of the test gave it back, or
 * because garbage was collected by chance.
 */
final class Periods {

  /**
   * A period that has ended.
   *
   * @param from the mark of its first iteration
   * @param until the mark that ended it
   * @param opening both books when it began
   * @param closing both books when it ended
   */
  record Ended(int from, int until, Reading opening, Reading closing) {

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

  /** Says by how many objects a counter grew between two readings beyond what a ledger missed. */
  interface Missed {
    long between(Reading earlier, Reading later, String cache);
  }

  private static final String OPEN_FILES = "filp";
  private static final String INODES = "_inode_cache";
  private static final String SOCKETS = "sock" + INODES;

  /** Two grace periods, and what a closed socket takes. */
  private static final long FREED_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** What cleaning up after a collection may take until it is over, with much to spare. */
  private static final long CLEANED_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Predicate<Owner> isTest;
  private final Missed missed;
  private final IntPredicate isCleaner;
  private final IntPredicate hasEnded;
  private final List<Ended> periods = new ArrayList<>();

  /** The readings at the ends of all periods, and all that came after the last of them. */
  private final List<Reading> readings = new ArrayList<>();

  /** From this reading on what goes away was kept to be used again. */
  private int lingered = Integer.MAX_VALUE;

  private boolean collectsKept;

  /**
   * Makes none yet.
   *
   * @param isTest whether an owner's objects are the test's
   * @param missed what the ledger may have missed of what the test did
   * @param isCleaner whether a thread closes what a garbage collection found
   * @param hasEnded whether a thread has ended
   */
  Periods(Predicate<Owner> isTest, Missed missed, IntPredicate isCleaner, IntPredicate hasEnded) {
    this.isTest = isTest;
    this.missed = missed;
    this.isCleaner = isCleaner;
    this.hasEnded = hasEnded;
  }

  /** Adds a period, its closing being the last reading. */
  void add(Ended period) {
    periods.add(period);
    readings.add(period.closing());
  }

  /** Adds readings that were made after the last period. */
  void add(List<Reading> later) {
    readings.addAll(later);
  }

  /**
   * Tells that what goes away from now on was kept to be used again.
   *
   * @param butCollected whether what a garbage collection closes is told from that
   */
  void lingered(boolean butCollected) {
    lingered = readings.size();
    collectsKept = butCollected;
  }

  List<Ended> all() {
    return List.copyOf(periods);
  }

  /** Returns whether what was allocated in a mark belongs to one of the periods. */
  boolean isIn(int mark) {
    return periods.stream().anyMatch(period -> period.from() <= mark && mark < period.until());
  }

  /** Returns the last reading, if there is one. */
  Optional<Reading> last() {
    return readings.isEmpty() ? Optional.empty() : Optional.of(readings.get(readings.size() - 1));
  }

  /** Has the closing of each period that a collection took something of changed. */
  void nameCollected(List<String> caches, UnaryOperator<Reading> named) {
    periods.replaceAll(
        period ->
            caches.stream().anyMatch(cache -> wasCollected(period, cache))
                ? new Ended(
                    period.from(), period.until(), period.opening(), named.apply(period.closing()))
                : period);
  }

  /** Returns whether objects of a period went away later while garbage was collected. */
  boolean wasCollected(Ended period, String cache) {
    int number = periods.indexOf(period);
    return IntStream.range(number + 1, readings.size())
        .anyMatch(later -> collectedBefore(later, period, cache) > 0);
  }

  /** Returns how many objects of a period went away before a reading, since the one before it. */
  private long goneBefore(int reading, Ended period, String cache) {
    return Math.max(0, gone(reading - 1, reading, period, cache));
  }

  private long gone(int since, int until, Ended period, String cache) {
    return period.objects(readings.get(since).ledger(), cache, isTest)
        - period.objects(readings.get(until).ledger(), cache, isTest);
  }

  /**
   * Returns how many objects of a period, of one cache, that went away before a reading may have
   * been closed on account of a garbage collection. What the threads that do that close is freed
   * some time after it; the end of a period waits for that. Where the ledger tells who closed an
   * open file, they are no more than these threads closed of those of the period; else any number,
   * if these had something to do after a collection, and open files went away meanwhile.
   */
  private long mostCollectedBefore(int reading, Ended period) {
    int since = reading - 1;
    int closing = periods.indexOf(period);
    while (reading != periods.size()
        && since > closing
        && readings.get(reading).nanoTime() - readings.get(since).nanoTime() < FREED_AFTER_NANOS) {
      since--;
    }
    if (reading >= lingered && !collectsKept) {
      return 0;
    }
    if (tellsWhoClosed(readings.get(reading))) {
      return closed(isCleaner, period, since, reading);
    }
    boolean mayBe =
        readings.get(reading).cleanings().differFrom(readings.get(since).cleanings())
            && isAfterCollection(reading, since)
            && mayHaveClosedFiles(since, reading);
    return mayBe ? Long.MAX_VALUE : 0;
  }

  private long closed(IntPredicate by, Ended period, int since, int until) {
    return readings.get(until).ledger().closings().by(by, period.from(), period.until())
        - readings.get(since).ledger().closings().by(by, period.from(), period.until());
  }

  private long collectedBefore(int reading, Ended period, String cache) {
    long gone = goneBefore(reading, period, cache);
    long collected = gone == 0 ? 0 : Math.min(gone, mostCollectedBefore(reading, period));
    return collected > 0 && wentInPairs(reading, period, collected)
        ? Math.min(gone, 2 * collected)
        : collected;
  }

  /**
   * Returns whether all that went since the last reading were connections that a collection closed,
   * with the other ends of each.
   */
  private boolean wentInPairs(int reading, Ended period, long collected) {
    List<String> followed = followed(reading);
    return readings.get(reading).ledger().closings().areTimed(isCleaner)
        && followed.contains(SOCKETS)
        && Stream.of(SOCKETS, OPEN_FILES)
            .filter(followed::contains)
            .allMatch(cache -> goneBefore(reading, period, cache) == 2 * collected);
  }

  /**
   * Returns how many more may have been left until then: a server of the test's JVM closes its end
   * of a connection when a collection closed the client's. Others, such as those that were kept,
   * may have gone by themselves in the same time.
   */
  private long otherEndsBefore(int reading, Ended period, String cache) {
    long gone = goneBefore(reading, period, cache);
    long collected = gone == 0 ? 0 : mostCollectedBefore(reading, period);
    boolean mayBe =
        collected > 0
            && gone > collectedBefore(reading, period, cache)
            && readings.get(reading).ledger().closings().areTimed(isCleaner)
            && followed(reading).contains(SOCKETS);
    return mayBe ? Math.min(gone - collected, collected) : 0;
  }

  /** Returns whether what was found by a garbage collection may have been closed in a period. */
  boolean mayHaveCollected(Reading opening, Reading closing) {
    return tellsWhoClosed(closing)
        ? hasCollected(opening, closing)
        : closing.cleanings().differFrom(opening.cleanings());
  }

  /**
   * Returns whether what a garbage collection found is likely to have been closed: by a cleaning
   * thread, or by one that ended after it. It costs a run to be wrong here, so what a thread closed
   * that ended by itself may count too.
   */
  boolean hasCollected(Reading opening, Reading closing) {
    return hasClosed(isCleaner, opening, closing)
        || (closing.cleanings().areAfterCollection(opening.cleanings())
            && hasClosed(hasEnded, opening, closing));
  }

  private static boolean hasClosed(IntPredicate thread, Reading opening, Reading closing) {
    return closing.ledger().closings().by(thread) > opening.ledger().closings().by(thread);
  }

  private static boolean tellsWhoClosed(Reading reading) {
    return reading.ledger().closings().areKnown();
  }

  /** The cleaning threads wake once a minute without one. */
  private boolean isAfterCollection(int reading, int since) {
    int earlier = since;
    while (earlier >= 0
        && readings.get(since).nanoTime() - readings.get(earlier).nanoTime()
            < CLEANED_AFTER_NANOS) {
      earlier--;
    }
    Reading before = earlier < 0 ? periods.get(0).opening() : readings.get(earlier);
    return readings.get(reading).cleanings().areAfterCollection(before.cleanings());
  }

  /**
   * Of a closed socket, too, it is the open file that goes first. Where these are not followed,
   * inodes of a file system that went meanwhile are far more likely those of files that were
   * deleted or unmounted.
   */
  private boolean mayHaveClosedFiles(int since, int until) {
    List<String> followed = followed(since);
    return followed.contains(OPEN_FILES)
        ? wentAway(OPEN_FILES, since, until)
        : followed.stream()
            .filter(cache -> cache.endsWith(INODES) && !cache.equals(SOCKETS))
            .noneMatch(cache -> wentAway(cache, since, until));
  }

  private List<String> followed(int reading) {
    return readings.get(reading).ledger().caches().stream().map(Snapshot.CacheLive::cache).toList();
  }

  private boolean wentAway(String cache, int since, int until) {
    return periods.stream().anyMatch(period -> gone(since, until, period, cache) > 0);
  }

  /**
   * Returns how many objects of earlier periods went away in a period while garbage was collected.
   * Nobody forces a collection; one that comes by itself closes what was forgotten, and in another
   * period than the one that left it.
   */
  private long collectedIn(int number, List<Ended> lost, String cache) {
    if (lost.isEmpty()) {
      return 0;
    }
    Closings closings = readings.get(number).ledger().closings();
    long closed = // Of which period they were, is not known else.
        !closings.areKnown() || closings.areTimed(isCleaner)
            ? Long.MAX_VALUE
            : closings.by(isCleaner)
                - periods.get(number).opening().ledger().closings().by(isCleaner);
    return Math.min(
        closed, lost.stream().mapToLong(period -> collectedBefore(number, period, cache)).sum());
  }

  private Stream<Ended> earlier(int number) {
    return periods.subList(0, number).stream();
  }

  /** Returns whether anything of earlier periods went away in a period, but what was collected. */
  private boolean tookThePlaceOfOthers(int number, String cache) {
    return earlier(number)
        .anyMatch(
            period ->
                goneBefore(number, period, cache)
                    > collectedBefore(number, period, cache)
                        + otherEndsBefore(number, period, cache));
  }

  /**
   * What went away of a period after the last of all periods.
   *
   * @param all how many objects
   * @param collected those that went while garbage was collected, when the teardown was over
   * @param perhaps those that went in the teardown while garbage was collected, and other ends of
   *     connections that were collected
   * @param kept those that were kept to be used again
   */
  private record GivenBack(long all, long collected, long perhaps, long kept) {}

  private GivenBack givenBack(Ended period, String cache) {
    long all = 0;
    long collected = 0;
    long perhaps = 0;
    long kept = 0;
    for (int reading = periods.size(); reading < readings.size(); reading++) {
      long gone = goneBefore(reading, period, cache);
      all += gone;
      if (gone == 0) {
        continue; // As most of the time: what comes next looks through the ledger again.
      }
      long byCollection = collectedBefore(reading, period, cache);
      long otherEnds = otherEndsBefore(reading, period, cache);
      if (reading == periods.size()) {
        perhaps += byCollection;
      } else {
        collected += byCollection;
      }
      perhaps += otherEnds;
      if (reading >= lingered) {
        kept += gone - byCollection - otherEnds;
      }
    }
    return new GivenBack(all, collected, perhaps, kept);
  }

  /**
   * What a period left is by how much the test's objects became more in it: what took the place of
   * an earlier period's is none. Less what the teardown of the test gave back of it; where garbage
   * was collected meanwhile, that may have closed it as well.
   */
  Account account(int number, String cache) {
    Ended period = periods.get(number);
    Reading.Level before = period.opening().level(cache);
    Reading.Level after = period.closing().level(cache);
    long more =
        left(periods.subList(0, number + 1), period.closing(), cache)
            - (number == 0 ? 0 : left(periods.subList(0, number), readings.get(number - 1), cache));
    GivenBack gone = givenBack(period, cache);
    List<Ended> lost =
        earlier(number).filter(other -> goneBefore(number, other, cache) > 0).toList();
    return new Account(
        cache,
        before.counted(),
        after.counted(),
        before.unrest() + after.unrest(),
        Optional.of(
            new Account.Booked(
                more - gone.all(),
                collectedIn(number, lost, cache) + gone.collected(),
                gone.perhaps()
                    + lost.stream().mapToLong(other -> otherEndsBefore(number, other, cache)).sum(),
                gone.kept() > 0 && tookThePlaceOfOthers(number, cache) ? 0 : gone.kept(),
                after.counted()
                    - before.counted()
                    - missed.between(period.opening(), period.closing(), cache)
                    - unsure(period, cache))));
  }

  /** What is left of what interrupts of others allocated: perhaps the test's. */
  private long unsure(Ended period, String cache) {
    return period.objects(
        readings.get(readings.size() - 1).ledger(), cache, Owner.INTERRUPT_OF_OTHERS::equals);
  }

  private long left(List<Ended> of, Reading at, String cache) {
    return of.stream().mapToLong(period -> period.objects(at.ledger(), cache, isTest)).sum();
  }
}
