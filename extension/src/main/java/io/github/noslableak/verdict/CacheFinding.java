package io.github.noslableak.verdict;

import java.util.List;
import java.util.OptionalLong;

/**
 * A cache under suspicion and what running the body again showed.
 *
 * @param cache the cache's name
 * @param rounds the rounds in the order in which they ran
 * @param whose whose objects were counted
 * @param scaling what they say
 * @param idle what the cache gained while nothing ran, for as long as the last round took; empty
 *     where that was not asked
 * @param turns what came with and without the body by turns; none where that was not asked
 */
public record CacheFinding(
    String cache,
    Whose whose,
    List<Round> rounds,
    Scaling scaling,
    OptionalLong idle,
    List<OnOff> turns) {

  private static final double NEARLY_ALL = 0.9;

  private static final int FEW = 16;

  private static final int QUIET = 4;

  /** Poisson: with 6 expected, P(none) = e^-6, 1 in 403. */
  private static final int ENOUGH = 6;

  public CacheFinding {
    rounds = List.copyOf(rounds);
    turns = List.copyOf(turns);
  }

  /** Makes one that was not put to turns. */
  public CacheFinding(
      String cache, Whose whose, List<Round> rounds, Scaling scaling, OptionalLong idle) {
    this(cache, whose, rounds, scaling, idle, List.of());
  }

  /**
   * Judges the rounds of a cache.
   *
   * @see Scaling#of
   */
  public static CacheFinding of(
      String cache,
      Whose whose,
      List<Round> rounds,
      double tolerancePerIteration,
      double suspectedPerIteration,
      OptionalLong idle) {
    Scaling scaling = Scaling.of(rounds, tolerancePerIteration, suspectedPerIteration);
    boolean byItself =
        scaling == Scaling.LEAKS
            && idle.isPresent()
            && (whose == Whose.UNBOOKED
                ? isChance(rounds, idle.getAsLong())
                : 2 * idle.getAsLong() >= rounds.get(rounds.size() - 1).objects());
    return new CacheFinding(
        cache, whose, rounds, byItself ? Scaling.GOES_ON_BY_ITSELF : scaling, idle);
  }

  /**
   * Judges a cache by the only run there was, each allocation of which was followed.
   *
   * @param growth what the counter says
   * @param test what the test itself left
   * @param others what other processes left
   */
  public static CacheFinding ofOneRun(CacheGrowth growth, Round test, Round others) {
    if (test.objects() > growth.tolerance()) {
      return new CacheFinding(
          growth.cache(), Whose.OWN, List.of(test), Scaling.LEAKS, OptionalLong.empty());
    }
    // What of the counter's growth the others do not explain, the ledger may have missed.
    boolean explained = growth.objects() - others.objects() <= growth.tolerance();
    return new CacheFinding(
        growth.cache(),
        Whose.OTHERS,
        List.of(others),
        explained ? Scaling.IS_OTHERS : Scaling.UNCLEAR,
        OptionalLong.empty());
  }

  /**
   * Other processes allocate regardless of the body: a few objects more in a longer round are
   * noise, unless they come in exact proportion and none while nothing runs.
   */
  private static boolean isChance(List<Round> rounds, long idle) {
    Round last = rounds.get(rounds.size() - 1);
    Round previous = rounds.get(rounds.size() - 2);
    boolean exact =
        last.objects() * previous.iterations() == previous.objects() * last.iterations();
    return last.objects() < FEW ? idle > 0 || !exact : QUIET * idle >= last.objects();
  }

  /**
   * Holds it against times in which the body ran and did not run by turns: what the body brings
   * about comes at the same rate each time it runs, and hardly anything in between.
   */
  public CacheFinding after(List<OnOff> turns) {
    if (!leaks()) {
      return this;
    }
    double rate = perIteration();
    long active = turns.stream().mapToLong(turn -> turn.active().objects()).sum();
    long between = turns.stream().mapToLong(turn -> turn.idle().objects()).sum();
    boolean keepsTime = turns.stream().allMatch(this::isLike);
    // What a leak of that rate leaves in the turns, whatever else comes in both.
    double leak = rate * turns.stream().mapToLong(turn -> turn.active().iterations()).sum();
    Scaling found = Scaling.UNCLEAR; // It comes with the body in part.
    if (QUIET * between >= active) {
      found = QUIET * (active - between) <= leak ? Scaling.GOES_ON_BY_ITSELF : Scaling.UNCLEAR;
    } else if (keepsTime) {
      found = Scaling.LEAKS;
    }
    return new CacheFinding(cache, whose, rounds, found, idle, turns);
  }

  /**
   * Holds it against the first turn or turns, of which there may be more. Where the rounds were in
   * exact proportion, the first may tell: of what no ledger holds, if as much came as that
   * proportion wants and nothing in the rest; by counters alone, if it came at that rate and hardly
   * anything in the rest. Else the first two may, if both are like that. Further ones, which other
   * caches need, must not contradict.
   *
   * @return this, without turns, if they do not tell
   */
  CacheFinding afterSome(List<OnOff> turns) {
    boolean tell = tellsAlone(turns.get(0)) || (turns.size() > 1 && tell(turns.subList(0, 2)));
    return leaks() && tell && turns.stream().allMatch(this::isLike)
        ? new CacheFinding(cache, whose, rounds, scaling, idle, turns)
        : this;
  }

  private boolean tellsAlone(OnOff turn) {
    boolean like = whose == Whose.UNKNOWN ? comesWithBody(turn) : isExact(turn);
    return isExact() && like && turn.active().objects() >= Turns.LEAST_EXACT;
  }

  private boolean tell(List<OnOff> both) {
    return both.stream().allMatch(this::comesWithBody)
        && both.stream().mapToLong(turn -> turn.active().objects()).sum() >= Turns.LEAST_OF_TWO;
  }

  private boolean isExact(OnOff turn) {
    return turn.active().isNearestToProportionTo(rounds.get(rounds.size() - 1))
        && turn.idle().objects() == 0
        && turn.idle().unrest() == 0;
  }

  private boolean comesWithBody(OnOff turn) {
    Round active = turn.active();
    Round rest = turn.idle();
    return active.objects() > 0
        && Scaling.isSame(active.perIteration(), perIteration())
        && QUIET * active.unrest() <= active.objects()
        && QUIET * (Math.abs(rest.objects()) + rest.unrest()) <= active.objects();
  }

  /**
   * Judges by the most that may have been left. What went away in the teardown while garbage was
   * collected was in proportion before: that it is a forgotten close() is far more likely than a
   * teardown that gives back what each run left, just when garbage is collected.
   */
  CacheFinding orCollected(
      double tolerancePerIteration, double suspectedPerIteration, OptionalLong idle) {
    CacheFinding most =
        of(cache, whose, atMost(), tolerancePerIteration, suspectedPerIteration, idle);
    return most.leaks() ? most : this;
  }

  /** Returns the rounds with the most that each may have left. */
  List<Round> atMost() {
    return rounds.stream().map(round -> new Round(round.iterations(), round.most(), 0)).toList();
  }

  /** Returns whether about as much came as the rate of the rounds wants, and less in the rest. */
  private boolean isLike(OnOff turn) {
    return isAbout(turn.active().perIteration(), perIteration())
        && 2 * Math.abs(turn.idle().objects()) < turn.active().objects();
  }

  /** Beside what others do anyway, within a factor of two. */
  private static boolean isAbout(double perIteration, double rate) {
    return perIteration <= 2 * rate && 2 * perIteration >= rate;
  }

  /**
   * Others may have brought about what no ledger holds. By counters alone, it is theirs rather than
   * not, but where it was in exact proportion, also to the first run, and nothing came while
   * nothing ran.
   */
  public boolean needsTurns() {
    return leaks()
        && turns.isEmpty()
        && (whose == Whose.UNBOOKED
            || (whose == Whose.UNKNOWN && !(isExact() && idle.isPresent())));
  }

  /** Returns whether another round may yet show it to leak. */
  public boolean mayStillLeak() {
    return scaling == Scaling.UNCLEAR && rounds.get(rounds.size() - 1).objects() > 0;
  }

  /** Returns whether the cache leaks. */
  public boolean leaks() {
    return scaling == Scaling.LEAKS;
  }

  /**
   * Returns whether the last two rounds left nothing, and that may yet be chance: a leak in one of
   * many iterations, as suspected, comes when it comes.
   *
   * @param suspectedPerIteration the growth per iteration that raised the suspicion; 0 or less
   *     where only unrest did
   */
  public boolean mayComeRarely(double suspectedPerIteration) {
    int count = rounds.size();
    return scaling == Scaling.DOES_NOT_REPEAT
        && suspectedPerIteration > 0
        && suspectedPerIteration
                * (rounds.get(count - 1).iterations() + rounds.get(count - 2).iterations())
            < ENOUGH;
  }

  /** Returns whether nothing clear was found. */
  public boolean isUndecided() {
    return scaling == Scaling.UNCLEAR || scaling == Scaling.UNTRIED;
  }

  /**
   * Returns the growth in objects per iteration: of the last two rounds, which were found to agree,
   * or of all.
   */
  public double perIteration() {
    List<Round> agreeing =
        leaks() ? rounds.subList(Math.max(0, rounds.size() - 2), rounds.size()) : rounds;
    long objects = agreeing.stream().mapToLong(Round::objects).sum();
    long iterations = agreeing.stream().mapToLong(Round::iterations).sum();
    return iterations == 0 ? 0 : (double) objects / iterations;
  }

  /** Returns the objects that all rounds left. */
  public long objects() {
    return rounds.stream().mapToLong(Round::objects).sum();
  }

  /**
   * Returns whether the growth is proportional to the object, which nothing but the body can bring
   * about.
   */
  public boolean isExact() {
    int count = rounds.size();
    if (count < 2) {
      return false;
    }
    Round last = rounds.get(count - 1);
    Round previous = rounds.get(count - 2);
    return previous.objects() > 0 && last.isInProportionTo(previous);
  }

  /**
   * Corrects what counters showed before the test's teardown, which gives back what the test only
   * held meanwhile, such as files in a temporary directory on tmpfs.
   *
   * @param overTest growth from before the test to after its teardown, beyond the tolerance
   * @param sinceRerun growth from before the rounds to after the teardown, beyond the tolerance: at
   *     most what the rounds leaked, for the teardown also gave back what was held before them;
   *     half of it is more than noise
   */
  public CacheFinding afterTeardown(long overTest, long sinceRerun) {
    // What came in turns stays like that of rounds.
    long came = objects() + turns.stream().mapToLong(turn -> turn.active().objects()).sum();
    if (!leaks() || 2 * sinceRerun >= came || overTest >= NEARLY_ALL * came) {
      return this;
    }
    return with(overTest <= 0 ? Scaling.IS_GIVEN_BACK : Scaling.UNCLEAR);
  }

  /** Returns the same where nothing at all came or went while nothing ran. */
  CacheFinding besideRest() {
    return new CacheFinding(cache, whose, rounds, scaling, OptionalLong.of(0), turns);
  }

  /** Returns the same suspect with another finding. */
  public CacheFinding with(Scaling other) {
    return new CacheFinding(cache, whose, rounds, other, idle, turns);
  }
}
