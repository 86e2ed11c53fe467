package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How much each cache may grow: the rule that applies to it, or else the default.
 *
 * <p>The nearest level with a rule for the cache decides: the method, its class, the class around
 * it. Within a level a name wins over a glob, and of globs the one that fixes more characters, then
 * the one that comes first. A rule replaces the default, it does not add to it.
 */
public final class Tolerances {

  private final long defaultObjects;
  private final List<List<ToleranceRule>> levels;

  private Tolerances(long defaultObjects, List<List<ToleranceRule>> levels) {
    this.defaultObjects = defaultObjects;
    this.levels = levels;
  }

  /** Returns the same tolerance for each cache. */
  public static Tolerances of(long defaultObjects) {
    return of(defaultObjects, List.of());
  }

  /**
   * Returns tolerances with rules.
   *
   * @param defaultObjects objects that may be left in a cache without a rule, 0 or more
   * @param levels the rules, those of the nearest level first
   * @throws IllegalArgumentException if a level has two rules for one name or glob
   */
  public static Tolerances of(long defaultObjects, List<List<ToleranceRule>> levels) {
    if (defaultObjects < 0) {
      throw new IllegalArgumentException("tolerance should be 0 or more, but is " + defaultObjects);
    }
    List<List<ToleranceRule>> copy = new ArrayList<>();
    for (List<ToleranceRule> level : levels) {
      Set<String> names = new HashSet<>();
      for (ToleranceRule rule : level) {
        if (!names.add(rule.cache())) {
          throw new IllegalArgumentException(
              "two tolerances for " + rule.cache() + " in one place");
        }
      }
      copy.add(List.copyOf(level));
    }
    return new Tolerances(defaultObjects, List.copyOf(copy));
  }

  /**
   * Returns the same rules with another default.
   *
   * @param objects objects that may be left in a cache without a rule, 0 or more
   * @throws IllegalArgumentException if negative
   */
  public Tolerances withDefault(long objects) {
    return of(objects, levels);
  }

  /**
   * Returns these and one more rule on the nearest level.
   *
   * @throws IllegalArgumentException if that level has a rule for the same name or glob
   */
  public Tolerances with(ToleranceRule rule) {
    List<List<ToleranceRule>> more = new ArrayList<>(levels);
    List<ToleranceRule> nearest = more.isEmpty() ? List.of() : more.remove(0);
    more.add(0, Stream.concat(nearest.stream(), Stream.of(rule)).toList());
    return of(defaultObjects, more);
  }

  /** Returns the rule that applies to a cache, if there is one. */
  public Optional<ToleranceRule> ruleFor(String cache) {
    return levels.stream()
        .map(level -> mostSpecific(level, cache))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<ToleranceRule> mostSpecific(List<ToleranceRule> level, String cache) {
    // Of equal ones min takes the first.
    return level.stream()
        .filter(rule -> rule.matches(cache))
        .min(
            Comparator.comparing(ToleranceRule::isExact)
                .thenComparing(ToleranceRule::literals)
                .reversed());
  }

  /**
   * Returns how many objects may be left in a cache.
   *
   * @param iterations how often the body ran, 1 or more
   * @param slotBytes bytes of slab that one object takes, 0 if not known
   */
  public long objectsFor(String cache, int iterations, long slotBytes) {
    return ruleFor(cache)
        .map(rule -> rule.objectsFor(iterations, slotBytes))
        .orElse(defaultObjects);
  }

  /**
   * Returns what became of each rule, in the order of the rules: once for each cache that grew more
   * than the default allows, or once if there is none; and in which caches a tolerance may hide a
   * leak.
   */
  public List<ToleranceUse> uses(List<CacheGrowth> growths) {
    List<ToleranceUse> uses = new ArrayList<>();
    for (List<ToleranceRule> level : levels) {
      for (ToleranceRule rule : level) {
        uses.addAll(uses(rule, growths));
      }
    }
    growths.stream()
        .filter(this::isOfWholeTest)
        .filter(growth -> growth.objects() >= growth.iterations() && !growth.exceedsTolerance())
        .map(
            growth ->
                new ToleranceUse.Hides(
                    growth.cache(), growth.objects(), growth.tolerance(), growth.iterations()))
        .forEach(uses::add);
    return uses;
  }

  /** What is tolerated in each iteration grows with them, as was meant. */
  private boolean isOfWholeTest(CacheGrowth growth) {
    return ruleFor(growth.cache()).filter(ToleranceRule::perIteration).isEmpty();
  }

  private List<ToleranceUse> uses(ToleranceRule rule, List<CacheGrowth> growths) {
    List<ToleranceUse> uses =
        growths.stream()
            .filter(growth -> ruleFor(growth.cache()).filter(rule::equals).isPresent())
            .filter(growth -> growth.objects() > defaultObjects)
            .sorted(Comparator.comparing(CacheGrowth::cache))
            .<ToleranceUse>map(
                growth ->
                    new ToleranceUse.Needed(
                        rule,
                        growth.cache(),
                        growth.objects(),
                        rule.objectsFor(growth.iterations(), growth.slotBytes())))
            .toList();
    return uses.isEmpty() ? List.of(new ToleranceUse.Unused(rule)) : uses;
  }
}
