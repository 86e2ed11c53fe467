package io.github.noslableak.verdict;

import java.util.List;
import java.util.OptionalLong;

/**
 * A cache under suspicion and what running the body again showed.
 *
 * @param cache the cache's name
 * @param rounds the rounds in the order in which they ran
 * @param origin whose objects were counted
 * @param scaling what they say
 * @param idle what the cache gained while nothing ran, for as long as the last round took; empty
 *     where that was not asked
 * @param trials what came with and without the body by turns; none where that was not asked
 */
public record Suspect(
    String cache,
    Origin origin,
    List<Round> rounds,
    Scaling scaling,
    OptionalLong idle,
    List<Trial> trials) {

  /** Whose objects were counted. */
  public enum Origin {
    /** Everybody's: the counters do not tell. */
    ANYONE,
    /** Those of the test's own process tree and of the kernel. */
    TEST,
    /** Those of other processes. */
    OTHERS
  }

  private static final double NEARLY_ALL = 0.9;

  private static final int FEW = 16;

  private static final int QUIET = 4;

  /** Where as many should come, none comes in one case of four hundred. */
  private static final int ENOUGH = 6;

  public Suspect {
    rounds = List.copyOf(rounds);
    trials = List.copyOf(trials);
  }

  /** Makes one that was not put to trials. */
  public Suspect(
      String cache, Origin origin, List<Round> rounds, Scaling scaling, OptionalLong idle) {
    this(cache, origin, rounds, scaling, idle, List.of());
  }

  /**
   * Judges the rounds of a cache.
   *
   * @see Scaling#of
   */
  public static Suspect of(
      String cache,
      Origin origin,
      List<Round> rounds,
      double tolerancePerIteration,
      double suspectedPerIteration,
      OptionalLong idle) {
    Scaling scaling = Scaling.of(rounds, tolerancePerIteration, suspectedPerIteration);
    boolean byItself =
        scaling == Scaling.LEAKS
            && idle.isPresent()
            && (origin == Origin.OTHERS
                ? isChance(rounds, idle.getAsLong())
                : 2 * idle.getAsLong() >= rounds.get(rounds.size() - 1).objects());
    return new Suspect(cache, origin, rounds, byItself ? Scaling.GOES_ON_BY_ITSELF : scaling, idle);
  }

  /**
   * Judges a cache by the only run there was, each allocation of which was followed.
   *
   * @param growth what the counter says
   * @param test what the test itself left
   * @param others what other processes left
   */
  public static Suspect ofOneRun(CacheGrowth growth, Round test, Round others) {
    if (test.objects() > growth.tolerance()) {
      return new Suspect(
          growth.cache(), Origin.TEST, List.of(test), Scaling.LEAKS, OptionalLong.empty());
    }
    // What of the counter's growth the others do not explain, the ledger may have missed.
    boolean explained = growth.objects() - others.objects() <= growth.tolerance();
    return new Suspect(
        growth.cache(),
        Origin.OTHERS,
        List.of(others),
        explained ? Scaling.IS_OTHERS : Scaling.UNCLEAR,
        OptionalLong.empty());
  }

  /**
   * Other processes allocate whatever the body does: a few objects more in a longer round are
   * chance, unless they come in exact proportion and none while nothing runs.
   */
  private static boolean isChance(List<Round> rounds, long idle) {
    Round last = rounds.get(rounds.size() - 1);
    Round previous = rounds.get(rounds.size() - 2);
    boolean exact =
        last.objects() * previous.iterations() == previous.objects() * last.iterations();
    return last.objects() < FEW ? idle > 0 || !exact : 4 * idle >= last.objects();
  }

  /**
   * Holds it against times in which the body ran and did not run by turns: what the body brings
   * about comes at the same rate each time it runs, and hardly anything in between.
   */
  public Suspect after(List<Trial> turns) {
    if (!leaks()) {
      return this;
    }
    double rate = perIteration();
    long active = turns.stream().mapToLong(trial -> trial.active().objects()).sum();
    long between = turns.stream().mapToLong(trial -> trial.idle().objects()).sum();
    boolean keepsTime =
        turns.stream()
            .allMatch(
                trial ->
                    isAbout(trial.active().perIteration(), rate)
                        && 2 * Math.abs(trial.idle().objects()) < trial.active().objects());
    Scaling found = Scaling.UNCLEAR; // It comes with the body, mostly.
    if (QUIET * between >= active) {
      found = Scaling.GOES_ON_BY_ITSELF;
    } else if (keepsTime) {
      found = Scaling.LEAKS;
    }
    return new Suspect(cache, origin, rounds, found, idle, turns);
  }

  /** Beside what others do anyway, within a factor of two. */
  private static boolean isAbout(double perIteration, double rate) {
    return perIteration <= 2 * rate && 2 * perIteration >= rate;
  }

  /** Others may have brought about what the test did not allocate, or what nobody followed. */
  public boolean needsTrials() {
    return leaks()
        && trials.isEmpty()
        && (origin == Origin.OTHERS || (origin == Origin.ANYONE && !isExact()));
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
  public boolean isOpen() {
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
    return last.doubt() == 0
        && previous.doubt() == 0
        && previous.objects() > 0
        && last.objects() * previous.iterations() == previous.objects() * last.iterations();
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
  public Suspect afterTeardown(long overTest, long sinceRerun) {
    if (!leaks() || 2 * sinceRerun >= objects() || overTest >= NEARLY_ALL * objects()) {
      return this;
    }
    return with(overTest <= 0 ? Scaling.IS_GIVEN_BACK : Scaling.UNCLEAR);
  }

  /** Returns the same suspect with another finding. */
  public Suspect with(Scaling other) {
    return new Suspect(cache, origin, rounds, other, idle, trials);
  }
}
