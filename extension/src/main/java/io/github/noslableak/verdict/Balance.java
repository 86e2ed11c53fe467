package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The counts of a measurement before its end, and what follows from them for each later count.
 *
 * @param terms what the caches are judged by
 * @param beforeTest counted before anything of the test
 * @param afterWarmup counted after the warm-up; empty where there was none
 * @param afterFirstRun counted after the last iteration of the first run, where the body can still
 *     be run; empty where that was not counted
 */
public record Balance(
    Terms terms, Counts beforeTest, Optional<Counts> afterWarmup, Optional<Counts> afterFirstRun) {

  /** Returns the same once the first run was counted. */
  public Balance withFirstRun(Counts counted) {
    return new Balance(terms, beforeTest, afterWarmup, Optional.of(counted));
  }

  /** Returns the opening: what the iterations are held against. */
  public Counts opening() {
    return afterWarmup.orElse(beforeTest);
  }

  /** Returns for each cache the number of objects up to which it is at rest after the first run. */
  public Map<String, Long> ceilings() {
    return ceilings(opening());
  }

  private Map<String, Long> ceilings(Counts from) {
    return from.ceilings(terms::tolerance);
  }

  /**
   * Returns the same for the end of the test. After a warm-up, a cache that grew over the
   * iterations is at rest only where it was before the whole test.
   */
  public Map<String, Long> ceilingsOfTheEnd() {
    Map<String, Long> ceilings = ceilings(beforeTest);
    if (afterWarmup.isEmpty()) {
      return ceilings;
    }
    Map<String, Long> ofIterations = ceilings(afterWarmup.get());
    ofIterations.forEach(
        (cache, ceiling) -> {
          boolean grew =
              afterFirstRun
                  .map(first -> first.of(cache).orElse(Long.MAX_VALUE) > ceiling)
                  .orElse(true);
          ceilings.merge(cache, ceiling, (whole, own) -> grew ? Math.min(whole, own) : own);
        });
    return ceilings;
  }

  /** Returns the growth of each cache over the first run. */
  public List<CacheGrowth> ofFirstRun() {
    return afterFirstRun.map(first -> growths(opening(), first)).orElse(List.of());
  }

  /** Returns the growth of each cache that can be compared, up to a later count. */
  public List<CacheGrowth> until(Counts later) {
    return growths(opening(), later);
  }

  private List<CacheGrowth> growths(Counts from, Counts to) {
    return compare(from, to, terms).judged();
  }

  /**
   * Returns the caches that cannot be judged.
   *
   * @param later counted at the end
   * @param termsByThen the same caches as they are by then: others may share their slabs
   */
  public List<Unjudged> unjudged(Counts later, Terms termsByThen) {
    return compare(opening(), later, termsByThen).unjudged();
  }

  private Growths compare(Counts from, Counts to, Terms then) {
    return Growths.between(
        readings(from, terms, from),
        readings(to, then, from),
        terms::tolerance,
        terms.iterations(),
        terms::slotBytes);
  }

  /** What is expected to move, moved by itself before. */
  private static List<Reading> readings(Counts counts, Terms by, Counts before) {
    List<Reading> readings = new ArrayList<>();
    for (String name : counts.rows().keySet()) {
      by.find(name)
          .ifPresent(
              cache ->
                  readings.add(
                      new Reading(
                          name,
                          counts.of(name),
                          Math.max(before.unrest(name), counts.unrest(name)),
                          cache.aliases())));
    }
    return readings;
  }

  /** Returns by how much each cache grew beyond its tolerance since before the test. */
  public Map<String, Long> excessOverTest(Counts after) {
    return excess(beforeTest, after);
  }

  /** Returns by how much each cache grew beyond its tolerance since the first run was counted. */
  public Map<String, Long> excessSinceFirstRun(Counts after) {
    return excess(afterFirstRun.orElse(opening()), after);
  }

  private Map<String, Long> excess(Counts from, Counts after) {
    Map<String, Long> excess = new HashMap<>();
    ceilings(from)
        .forEach(
            (cache, ceiling) ->
                after.of(cache).ifPresent(objects -> excess.put(cache, objects - ceiling)));
    return excess;
  }

  /**
   * Says what a ledger that followed the only run tells of it: who allocated what it left. A ledger
   * that lost something says nothing.
   *
   * @param why why there was no other run
   */
  public Confirmation ofOnlyRun(Counts after, Statement books, Shortfall why) {
    List<CacheFinding> found = new ArrayList<>();
    for (CacheGrowth growth : until(after)) {
      Optional<Register> register = books.register(growth.cache());
      if (register.isPresent()
          && books.isComplete(growth.cache())
          && (growth.exceedsTolerance() || register.get().own() > growth.tolerance())) {
        Register known = register.get();
        found.add(
            CacheFinding.ofOneRun(
                growth,
                new Round(growth.iterations(), known.own(), 0),
                new Round(growth.iterations(), known.others() - known.freedFromBefore(), 0)));
      }
    }
    return found.isEmpty() ? Confirmation.impossible(why) : Confirmation.ofFirstRun(found, why);
  }

  /**
   * Judges.
   *
   * @param after counted after everything
   * @param confirmation what running the body again showed
   * @param rerun what running it again left
   */
  public Verdict verdict(Counts after, Confirmation confirmation, Rerun rerun) {
    Counts end = withoutRounds(after, confirmation, rerun);
    if (afterWarmup.isEmpty()) {
      return Verdict.of(growths(beforeTest, end), confirmation);
    }
    // Without a count at the end of the iterations, what the whole test left stands for it: at
    // least as much, so that no leak is missed for lack of a count.
    List<CacheGrowth> overTest = growths(beforeTest, end);
    return Verdict.afterWarmup(
        afterFirstRun.isEmpty() ? overTest : ofFirstRun(), overTest, until(end), confirmation);
  }

  /** What running the body again left. */
  public sealed interface Rerun {

    /** It was not run again. */
    record None() implements Rerun {}

    /** It was, and what that left is not known: the ledger of it broke. */
    record Unknown() implements Rerun {}

    /** It was. */
    record Known(Rounds rounds) implements Rerun {}
  }

  /** What running the body again left is no growth of the first run. */
  private Counts withoutRounds(Counts after, Confirmation confirmation, Rerun rerun) {
    if (rerun instanceof Rerun.None || afterFirstRun.isEmpty()) {
      return after;
    }
    Counts first = afterFirstRun.get();
    return after.map(
        (cache, counted) -> {
          OptionalLong known = first.of(cache);
          return known.isEmpty()
              ? counted
              : ofFirstRun(cache, counted, known.getAsLong(), confirmation, rerun);
        });
  }

  private long ofFirstRun(
      String cache, long counted, long known, Confirmation confirmation, Rerun rerun) {
    if (!(rerun instanceof Rerun.Known again)) {
      return Math.min(counted, known); // Nothing is known of what the rounds left.
    }
    if (again.rounds().books().isGarbage(cache)) {
      return known; // Before garbage was collected.
    }
    long without = Math.max(0, counted - again.rounds().left(cache, confirmation));
    // What a run that broke off left is not the first run's; nor is what the rounds may leave of a
    // cache that nobody looked at in them.
    boolean unknown =
        confirmation.shortfall().isPresent()
            || (terms.tolerance(cache) > 0 && confirmation.of(cache).isEmpty());
    return unknown ? Math.min(without, known) : without;
  }

  /**
   * Returns the same verdict, or that it is inconclusive where counters alone decide and one fell
   * when the body was over: what somebody else gave back then hides as much of the test's.
   *
   * @param verdict that of a test whose body was not run again
   */
  public static Verdict byCountersAlone(Verdict verdict) {
    if (!(verdict instanceof Verdict.Clean)) {
      return verdict;
    }
    return verdict.growths().stream()
        .filter(growth -> growth.objects() < 0)
        .findFirst()
        .<Verdict>map(
            fell ->
                new Verdict.Inconclusive(
                    verdict.growths(),
                    Confirmation.unneeded(),
                    new Reason.ShrankInTeardown(fell.cache(), -fell.objects())))
        .orElse(verdict);
  }

  /**
   * Returns the same verdict, or that it is inconclusive where it could not have seen a leak as
   * small as wanted.
   *
   * @param wanted the leak in objects per iteration that a clean verdict must be able to see
   * @param setting the setting that says so
   */
  public static Verdict sensitiveEnough(
      Verdict verdict, Confirmation confirmation, OptionalDouble wanted, String setting) {
    if (wanted.isEmpty() || verdict instanceof Verdict.Leak) {
      return verdict;
    }
    return verdict.growths().stream()
        .map(growth -> Sensitivity.of(growth, confirmation))
        .filter(sensitivity -> sensitivity.perIteration() > wanted.getAsDouble())
        .max(Comparator.comparing(Sensitivity::perIteration))
        .<Verdict>map(
            blind ->
                new Verdict.Inconclusive(
                    verdict.growths(),
                    confirmation,
                    new Reason.NotSensitive(blind, wanted.getAsDouble(), setting)))
        .orElse(verdict);
  }
}
