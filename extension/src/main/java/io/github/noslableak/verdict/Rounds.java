package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What running a body again says of the caches under suspicion.
 *
 * @param suspected the caches
 * @param books what the books say of all periods
 * @param course which of them were rounds
 * @param firstPeriod the first period that belongs to running the body again
 * @param promise the leak in objects per iteration that must be seen; see {@link Promise}
 */
public record Rounds(
    List<SuspectedCache> suspected,
    Statement books,
    Course course,
    int firstPeriod,
    Promise promise) {

  /** Two rounds may be too few to tell what no ledger holds from what others do anyway. */
  private static final int ROUNDS_FOR_UNBOOKED = 3;

  /** Of what else may leak beside what does, so many say enough. */
  private static final int ROUNDS_BESIDE_A_LEAK = 3;

  public Rounds {
    suspected = List.copyOf(suspected);
  }

  /** Returns whether further rounds would say nothing new. */
  public boolean areSettled() {
    List<CacheFinding> now = suspected.stream().map(this::finding).toList();
    boolean leaks = now.stream().anyMatch(CacheFinding::leaks);
    if (now.stream().anyMatch(CacheFinding::isUndecided)) {
      return leaks && course.rounds().size() >= ROUNDS_BESIDE_A_LEAK;
    }
    // Where a cache leaks, what others may do besides is not worth the time.
    return leaks
        || (suspected.stream().noneMatch(this::mayComeRarely)
            && (course.rounds().size() >= ROUNDS_FOR_UNBOOKED
                || ofEach().noneMatch(CacheFinding::mayStillLeak)));
  }

  private boolean mayComeRarely(SuspectedCache cache) {
    return finding(cache).mayComeRarely(cache.suspectedPerIteration());
  }

  /** Returns the caches whose counters showed nothing of the body's beyond the ledger. */
  public Set<String> cleared() {
    return caches(finding -> finding.whose() != Whose.UNBOOKED);
  }

  /** Returns the caches whose counters showed more of the body's than the ledger, or may have. */
  public Set<String> uncleared() {
    return caches(finding -> finding.whose() == Whose.UNBOOKED);
  }

  private Set<String> caches(Predicate<CacheFinding> found) {
    return suspected.stream()
        .map(this::finding)
        .filter(found)
        .map(CacheFinding::cache)
        .collect(Collectors.toSet());
  }

  /**
   * Returns whether others may have brought about what grew, so that turns must tell, or further
   * ones.
   */
  public boolean needPairs() {
    return ofEach().anyMatch(CacheFinding::needsTurns);
  }

  /** Returns what turns it takes, where they must tell. */
  public Turns turns() {
    return Turns.of(ofEach().filter(CacheFinding::needsTurns).toList());
  }

  /** Returns what it takes for the one that needs the least, where there is no time for all. */
  public Turns shortestTurns() {
    return Turns.shortest(ofEach().filter(CacheFinding::needsTurns).toList());
  }

  /** Returns whether another turn may tell of one, where there is no time for all. */
  public boolean mayTellOne() {
    return course.pairs().size() < Turns.FEWEST
        && ofEach().noneMatch(finding -> finding.leaks() && !finding.turns().isEmpty());
  }

  /**
   * Returns whether it must be asked what grows while nothing runs, where there are no turns. The
   * test's own growth that is exactly proportional is the body's; by counters alone, no other is.
   */
  public boolean needIdle() {
    return suspected.stream()
        .map(this::finding)
        .filter(finding -> finding.whose() != Whose.UNBOOKED)
        .anyMatch(f -> f.leaks() && f.isExact() == (f.whose() == Whose.UNKNOWN));
  }

  /** What no ledger holds may come to light only when the teardown gives the rest back. */
  private Stream<CacheFinding> ofEach() {
    return suspected.stream()
        .flatMap(cache -> books.whose().stream().map(whose -> finding(cache, whose)));
  }

  /** Judges the test's own objects; where they do not leak, what is in no ledger too. */
  private CacheFinding finding(SuspectedCache cache) {
    List<CacheFinding> found = books.whose().stream().map(whose -> finding(cache, whose)).toList();
    return found.stream()
        .filter(CacheFinding::leaks)
        .findFirst()
        .or(() -> found.stream().filter(this::isBeyondTheLedger).findFirst())
        .orElse(found.get(0));
  }

  /**
   * What an exact counter shows beyond the ledger again and again, the ledger does not clear: as
   * much in each of the last two rounds as a leak that is promised. What others do comes now and
   * then.
   */
  private boolean isBeyondTheLedger(CacheFinding finding) {
    int count = finding.rounds().size();
    return finding.whose() == Whose.UNBOOKED
        && finding.scaling() == Scaling.UNCLEAR
        && count >= 2
        && finding.rounds().subList(count - 2, count).stream()
            .allMatch(
                round ->
                    round.objects() > round.unrest()
                        && promise.isNear(round.objects() - round.unrest(), List.of(round)));
  }

  private CacheFinding finding(SuspectedCache cache, Whose whose) {
    if (whose != Whose.OWN && course.pairs().isEmpty()) {
      CacheFinding untried = finding(cache, whose, OptionalLong.empty());
      // Two rounds alone are in exact proportion by chance now and then.
      boolean asFirst = untried.perIteration() == cache.suspectedPerIteration();
      return asFirst && isResting(cache.cache(), whose) ? untried.besideRest() : untried;
    }
    OptionalLong idle = idle(cache.cache(), whose);
    CacheFinding finding = finding(cache, whose, idle);
    if (whose != Whose.OWN) {
      return byTurns(cache, finding);
    }
    boolean blurred =
        books.isGarbage(cache.cache())
            && finding.rounds().stream().anyMatch(round -> round.unrest() > 0);
    CacheFinding found = blurred ? orExact(cache, idle, finding) : finding;
    if (found.scaling() == Scaling.UNCLEAR) {
      found = found.orCollected(cache.tolerancePerIteration(), cache.suspectedPerIteration(), idle);
    }
    boolean repeats = found.scaling() != Scaling.DOES_NOT_REPEAT;
    return repeats && found.scaling() != Scaling.UNCLEAR ? found : orOutOfPool(cache, idle, found);
  }

  /**
   * What a collection closed blurs the rounds, for other ends of connections may have gone with it.
   * Where all that may be left is in exact proportion, or what is left at least, that is it.
   */
  private CacheFinding orExact(SuspectedCache cache, OptionalLong idle, CacheFinding finding) {
    List<Round> least =
        course.rounds().stream()
            .map(
                run -> new Round(run.iterations(), books.leastLeft(cache.cache(), run.period()), 0))
            .toList();
    return Stream.of(finding.atMost(), least)
        .map(rounds -> judged(cache, rounds, idle))
        .filter(exact -> exact.leaks() && exact.isExact())
        .findFirst()
        .orElse(finding);
  }

  private static CacheFinding judged(
      SuspectedCache cache, List<Round> ownRounds, OptionalLong idle) {
    return CacheFinding.of(
        cache.cache(),
        Whose.OWN,
        ownRounds,
        cache.tolerancePerIteration(),
        cache.suspectedPerIteration(),
        idle);
  }

  /**
   * What is kept to be used again when all is over was so before the rounds: each takes out what
   * the one before it gave back, so that it seems to be the last one's. Such as a connection that
   * one request leaves, while the next one forgets it. Where what each round left, and the last one
   * with what it kept, is in exact proportion, it stays.
   */
  private CacheFinding orOutOfPool(SuspectedCache cache, OptionalLong idle, CacheFinding finding) {
    int last = course.rounds().size() - 1;
    List<Long> kept =
        course.rounds().stream().map(run -> books.kept(cache.cache(), run.period())).toList();
    List<Round> rounds = new ArrayList<>(finding.atMost());
    if (finding.leaks()
        || last < 1
        || kept.get(last) == 0
        || kept.subList(0, last).stream().anyMatch(objects -> objects > 0)
        || rounds.subList(0, last).stream().anyMatch(round -> round.objects() == 0)) {
      return finding;
    }
    Round of = rounds.get(last);
    rounds.set(last, new Round(of.iterations(), of.objects() + kept.get(last), 0));
    CacheFinding with = judged(cache, rounds, idle);
    return with.leaks() && with.isExact() ? with : finding;
  }

  private CacheFinding finding(SuspectedCache cache, Whose whose, OptionalLong idle) {
    return CacheFinding.of(
        cache.cache(),
        whose,
        course.rounds().stream().map(run -> round(cache.cache(), whose, run)).toList(),
        cache.tolerancePerIteration(),
        cache.suspectedPerIteration(),
        idle);
  }

  /**
   * Judges by the turns, of which each tells more than the last rest. Only what they do not confirm
   * may be chance for what came in that.
   */
  private CacheFinding byTurns(SuspectedCache cache, CacheFinding byIdle) {
    Whose whose = byIdle.whose();
    CacheFinding byRounds = finding(cache, whose, OptionalLong.empty());
    List<OnOff> turns = turns(cache.cache(), whose);
    if (turns.size() < Turns.MOST) {
      return byRounds.afterSome(turns);
    }
    CacheFinding found = byRounds.after(turns);
    boolean mayBeChance = whose == Whose.UNBOOKED && !found.leaks() && !byIdle.leaks();
    return mayBeChance ? byIdle : found;
  }

  /** Returns what grew for sure while nothing ran, in as much time as the last round took. */
  private OptionalLong idle(String cache, Whose whose) {
    return course
        .idle()
        .map(
            time -> {
              Round round = books.round(cache, whose, time.period(), 1);
              long sure =
                  round.objects() < 0
                      ? round.objects()
                      : Math.max(0, round.objects() - round.unrest());
              return OptionalLong.of(Math.round(time.share() * sure));
            })
        .orElseGet(OptionalLong::empty);
  }

  private boolean isResting(String cache, Whose whose) {
    return course
        .idle()
        .map(time -> books.round(cache, whose, time.period(), 1))
        .filter(round -> round.objects() == 0 && round.unrest() == 0)
        .isPresent();
  }

  private Round round(String cache, Whose whose, Course.Run run) {
    return books.round(cache, whose, run.period(), run.iterations());
  }

  private List<OnOff> turns(String cache, Whose whose) {
    return course.pairs().stream()
        .map(
            pair ->
                new OnOff(
                    round(cache, whose, pair.active()),
                    books.round(cache, whose, pair.idle(), pair.active().iterations())))
        .toList();
  }

  /**
   * Says what the rounds showed, when the teardown of the test is over.
   *
   * @param overTest for each watched cache its growth from before the test to after its teardown,
   *     in objects beyond the tolerance
   * @param sinceRounds likewise its growth since before the rounds
   * @param shortfall why there were not enough of them, if there were not
   */
  public Confirmation confirmation(
      Map<String, Long> overTest, Map<String, Long> sinceRounds, Optional<Shortfall> shortfall) {
    List<CacheFinding> found = new ArrayList<>();
    for (SuspectedCache cache : suspected) {
      long whole = overTest.getOrDefault(cache.cache(), 0L);
      long since = sinceRounds.getOrDefault(cache.cache(), 0L);
      CacheFinding finding =
          afterTeardown(
              cache, orRare(cache, bySurvivors(cache, shortfall), since, shortfall), whole, since);
      if (course.pairs().size() < Turns.MOST && finding.needsTurns()) {
        finding = finding.with(Scaling.UNTRIED);
      }
      // Where the body could not be run again, unrest alone is no finding that could stand; and
      // what only took its time is gone by now.
      boolean gone =
          shortfall.isPresent()
              && whole <= 0
              && (cache.suspectedPerIteration() <= 0 || cache.atRest());
      if (!finding.isUndecided() || !gone) {
        found.add(finding);
      }
    }
    return new Confirmation(found, shortfall, books.isFollowed(), false, course.missing());
  }

  /**
   * Judges by what is left when all is over, where the rounds did not tell: a round ends while what
   * only takes its time is still there, and that blurs what stays. Where nothing of any round is
   * left, none of them left anything; where as much of each is left as a leak leaves, the first run
   * included, that is one. What takes the place of something else, as in a cache of bounded size,
   * is not: then of the first run nothing is left.
   */
  private CacheFinding bySurvivors(SuspectedCache cache, Optional<Shortfall> shortfall) {
    CacheFinding finding = finding(cache);
    if (finding.leaks() && wentByItself(cache, finding)) {
      return finding.with(Scaling.IS_GIVEN_BACK);
    }
    if (finding.leaks() || course.rounds().isEmpty()) {
      return finding;
    }
    if (shortfall.isPresent() && finding.isUndecided() && leftNothing(cache)) {
      return finding.with(Scaling.DOES_NOT_REPEAT); // As often as it was run.
    }
    List<Long> survivors = survivors(cache.cache());
    if (finding.whose() != Whose.OWN || survivors.isEmpty()) {
      return finding;
    }
    List<Round> left =
        course.rounds().stream()
            .map(run -> new Round(run.iterations(), survivors.get(run.period()), 0))
            .toList();
    if (left.stream().allMatch(round -> round.objects() == 0)) {
      boolean gone = finding.isUndecided() && !books.wasCollected(cache.cache());
      return gone ? finding.with(Scaling.DOES_NOT_REPEAT) : finding;
    }
    CacheFinding stayed = judged(cache, left, OptionalLong.empty());
    boolean alsoOfFirst =
        firstPeriod > 0 && survivors.get(0) >= stayed.perIteration() * left.get(0).iterations();
    return stayed.leaks() && alsoOfFirst ? stayed : finding;
  }

  /**
   * Returns whether nothing of the test's own is left of any run, and no garbage collection closed
   * it: then it only took its time, as the inode of a deleted file does that waits to be written
   * back while a build writes much. Of other objects that is not known: a thread that ends, or a
   * pool that fills, gives them back as well.
   */
  private boolean wentByItself(SuspectedCache cache, CacheFinding finding) {
    List<Long> survivors = survivors(cache.cache());
    return finding.whose() == Whose.OWN
        && cache.isWrittenBack()
        && !survivors.isEmpty()
        && survivors.stream().allMatch(left -> left == 0)
        && !books.wasCollected(cache.cache())
        && books.whose().stream()
            .filter(whose -> whose != Whose.OWN)
            .noneMatch(whose -> finding(cache, whose).leaks());
  }

  /** Returns whether each allocation was followed, and no round left anything of a cache. */
  private boolean leftNothing(SuspectedCache cache) {
    return books.isFollowed()
        && !books.isLackingSince(firstPeriod)
        && books.whose().stream()
            .flatMap(whose -> finding(cache, whose).rounds().stream())
            .allMatch(round -> round.most() <= 0);
  }

  /** Returns what is left of each period; nothing where the ledger may not know it. */
  private List<Long> survivors(String cache) {
    return books
        .register(cache)
        .filter(known -> !books.isLackingSince(firstPeriod))
        .filter(known -> known.freesMissed() == 0 && known.contradicted() == 0)
        .map(Register::survivors)
        .filter(known -> known.size() == books.periods().size())
        .orElse(List.of());
  }

  /**
   * What stayed unclear in all rounds, and is below what is promised, never makes a test
   * inconclusive. Where the ledger lacks something, or an exact counter shows more, that is not
   * known.
   */
  private CacheFinding orRare(
      SuspectedCache cache, CacheFinding finding, long sinceRounds, Optional<Shortfall> shortfall) {
    boolean known =
        shortfall.isEmpty() && !(books.isFollowed() && books.isLackingSince(firstPeriod));
    return known
            && finding.scaling() == Scaling.UNCLEAR
            && promise.isAbove(finding.rounds())
            && !(cache.atRest() && isMore(sinceRounds, finding.rounds()))
        ? finding.with(Scaling.RARER_THAN_PROMISED)
        : finding;
  }

  /** Returns whether an exact counter shows more than the books, and so much that it matters. */
  private boolean isMore(long sinceRounds, List<Round> rounds) {
    return sinceRounds > rounds.stream().mapToLong(Round::most).sum()
        && promise.isNear(sinceRounds, rounds);
  }

  /**
   * Holds a finding against the counters, after the teardown: they alone count, or the ledger may
   * not know everything. A ledger that lost events, or knows objects of no cache, never clears a
   * cache, and one that missed frees does not find a leak by itself.
   */
  private CacheFinding afterTeardown(
      SuspectedCache cache, CacheFinding finding, long overTest, long sinceRounds) {
    if (!books.isFollowed()) {
      return finding.afterTeardown(overTest, sinceRounds);
    }
    if (books.isLackingSince(firstPeriod)) {
      // Where the counters were at rest, and nothing is left, they decide instead.
      return finding.leaks() || (cache.atRest() && overTest <= 0)
          ? finding.afterTeardown(overTest, sinceRounds)
          : finding.with(Scaling.UNCLEAR);
    }
    Optional<Register> register = books.register(cache.cache());
    if (register.isEmpty()
        || register.get().freesMissed() > 0
        || finding.whose() == Whose.UNBOOKED) {
      return finding.afterTeardown(overTest, sinceRounds);
    }
    // What the ledger confirmed of a cache that is traced in full, no counter clears. Of others it
    // may have missed frees: then it must agree with the counter.
    boolean contradicted =
        finding.leaks() && 2 * register.get().contradicted() >= finding.objects();
    if (contradicted && cache.atRest()) {
      return finding.afterTeardown(overTest, sinceRounds);
    }
    if (!contradicted) {
      return finding;
    }
    // Others moved the counter, so it is not known which of the two is right.
    return finding.with(stood(cache.cache()) ? Scaling.DOES_NOT_REPEAT : Scaling.UNCLEAR);
  }

  /** Returns whether the counter of a cache ended each round as it began it. */
  private boolean stood(String cache) {
    return course.rounds().stream()
        .map(run -> books.periods().get(run.period()).get(cache))
        .allMatch(account -> account != null && account.unrest() == 0 && account.counted() == 0);
  }

  /**
   * Returns how many objects of a cache all rounds left, whoever allocated them.
   *
   * @param confirmation what was found
   */
  public long left(String cache, Confirmation confirmation) {
    return suspected.stream()
        .filter(suspect -> suspect.cache().equals(cache))
        .flatMap(suspect -> confirmation.of(cache).stream())
        .mapToLong(this::left)
        .sum();
  }

  /**
   * The counters do not tell the rounds' objects from the first run's, so only what is confirmed to
   * leak is taken for theirs.
   */
  private long left(CacheFinding finding) {
    if (books.isFollowed()) {
      List<Long> leftSince =
          books.register(finding.cache()).map(Register::leftSince).orElse(List.of());
      return firstPeriod < leftSince.size() ? leftSince.get(firstPeriod) : 0;
    }
    return finding.leaks()
        ? finding.objects()
            + course.pairs().stream()
                .mapToLong(pair -> round(finding.cache(), finding.whose(), pair.active()).objects())
                .sum()
        : 0;
  }
}
