package io.github.noslableak;

import io.github.noslableak.baseline.ObservedRate;
import io.github.noslableak.engine.Outcome;
import io.github.noslableak.report.BaselineText;
import io.github.noslableak.report.Section;
import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Verdict;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many objects each watched slab cache gained over the first run, measured by a {@link
 * SlabGuard}, and what was found.
 */
public final class SlabGrowth implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What was found. */
  private enum Finding {
    NONE,
    LEAK,
    INCONCLUSIVE
  }

  private final TreeMap<String, Long> objects = new TreeMap<>();
  private final TreeMap<String, Double> rates = new TreeMap<>();

  /** What leaks, in objects per iteration. */
  private final TreeMap<String, Double> leaks = new TreeMap<>();

  /** What does not, with the smallest leak that would have been seen. */
  private final TreeMap<String, Double> clean = new TreeMap<>();

  private final TreeMap<String, String> aliases;
  private final Finding finding;

  /** What is found where all that leaks is known. */
  private final Finding findingWithoutLeaks;

  private final String report;

  /** The start of it, which a build's log shows where the whole is elsewhere. */
  private final String brief;

  private SlabGrowth(Outcome.OfOne outcome) {
    Verdict verdict = outcome.verdict();
    Confirmation confirmation = outcome.confirmation();
    for (CacheGrowth growth : verdict.growths()) {
      objects.put(growth.cache(), growth.objects());
      rates.put(
          growth.cache(),
          verdict instanceof Verdict.Leak leak ? leak.perIteration(growth) : growth.perIteration());
      if (verdict instanceof Verdict.Leak leak && leak.leaked().contains(growth)) {
        leaks.put(growth.cache(), leak.perIteration(growth));
      } else if (!(verdict instanceof Verdict.Inconclusive)
          && confirmation.of(growth.cache()).filter(CacheFinding::isUndecided).isEmpty()) {
        clean.put(growth.cache(), Sensitivity.of(growth, confirmation).perIteration());
      }
    }
    aliases = new TreeMap<>(outcome.aliases());
    report = outcome.report();
    brief = outcome.brief();
    findingWithoutLeaks =
        outcome.inconclusiveFails()
                && confirmation.findings().stream().anyMatch(CacheFinding::isUndecided)
            ? Finding.INCONCLUSIVE
            : Finding.NONE;
    finding =
        outcome.isLeak()
            ? Finding.LEAK
            : verdict instanceof Verdict.Inconclusive && outcome.inconclusiveFails()
                ? Finding.INCONCLUSIVE
                : Finding.NONE;
  }

  /** Makes the result of a comparison: by how much the treatment's last round grew more. */
  private SlabGrowth(Outcome.OfTwo outcome) {
    for (Difference difference : outcome.differences()) {
      objects.put(difference.cache(), difference.lastRound());
      rates.put(
          difference.cache(),
          difference.treatmentPerIteration() - difference.controlPerIteration());
    }
    aliases = new TreeMap<>(outcome.aliases());
    report = outcome.report();
    brief = outcome.brief();
    findingWithoutLeaks = Finding.NONE;
    finding =
        outcome.isLeak()
            ? Finding.LEAK
            : outcome.differences().stream().anyMatch(Difference::isUndecided)
                    && outcome.inconclusiveFails()
                ? Finding.INCONCLUSIVE
                : Finding.NONE;
  }

  /** Makes that of a test that could not be judged, of which no growth is known. */
  private SlabGrowth(String report, Finding finding) {
    this.aliases = new TreeMap<>();
    this.report = report;
    this.brief = report;
    this.findingWithoutLeaks = finding;
    this.finding = finding;
  }

  /**
   * Makes that of a test that could not be judged.
   *
   * @param report says why not
   * @param fails whether it is to fail for that
   */
  static SlabGrowth unjudged(String report, boolean fails) {
    return new SlabGrowth(report, fails ? Finding.INCONCLUSIVE : Finding.NONE);
  }

  /** Makes the growth of a measurement. */
  static SlabGrowth of(Outcome outcome) {
    if (outcome instanceof Outcome.OfOne one) {
      return new SlabGrowth(one);
    }
    return new SlabGrowth((Outcome.OfTwo) outcome);
  }

  /**
   * Returns the growth of a cache.
   *
   * @param cache a watched cache, by any of the names that share its slabs
   * @return objects more than before; negative if fewer
   * @throws IllegalArgumentException if the cache was not watched
   */
  public long of(String cache) {
    return find(objects, cache);
  }

  /**
   * Returns what a cache gained per iteration: as running the body again confirmed it, or as the
   * first run showed it.
   *
   * @param cache a watched cache, by any of the names that share its slabs
   * @return objects per iteration
   * @throws IllegalArgumentException if the cache was not watched
   */
  public double perIteration(String cache) {
    return find(rates, cache);
  }

  private <V> V find(Map<String, V> values, String cache) {
    V value = values.get(aliases.getOrDefault(cache, cache));
    if (value == null) {
      throw new IllegalArgumentException(
          "\"" + cache + "\" was not watched; watched were " + objects.keySet());
    }
    return value;
  }

  /** Returns the growth in objects by cache, of every cache that was judged, sorted by name. */
  public Map<String, Long> byCache() {
    return Collections.unmodifiableMap(objects);
  }

  /** Returns whether some cache gained more objects than tolerated, again and again. */
  public boolean isLeak() {
    return finding == Finding.LEAK;
  }

  /**
   * Returns whether the numbers decide nothing, which {@code noslableak.inconclusive} does not let
   * pass.
   */
  public boolean isInconclusive() {
    return finding == Finding.INCONCLUSIVE;
  }

  /** Returns whether anything was found that is to fail: a leak, or numbers that decide nothing. */
  boolean isFinding() {
    return finding != Finding.NONE;
  }

  /**
   * Returns what a baseline is to know of each judged cache; nothing where the numbers decide
   * nothing.
   *
   * @param test the test's key
   */
  List<ObservedRate> observed(String test) {
    List<ObservedRate> rates = new ArrayList<>();
    if (finding != Finding.INCONCLUSIVE) {
      leaks.forEach((cache, rate) -> rates.add(ObservedRate.exactly(test, cache, rate)));
      clean.forEach((cache, seen) -> rates.add(ObservedRate.clean(test, cache, seen)));
    }
    return rates;
  }

  /** Returns the same with a section at the end of the report. */
  SlabGrowth with(Section section) {
    return new SlabGrowth(this, finding, section.addedTo(report), section.addedTo(brief));
  }

  /** Returns the same where all that leaks is known: other caches may still be unclear. */
  SlabGrowth withLeaksKnown() {
    SlabGrowth known = new SlabGrowth(this, findingWithoutLeaks, report, brief);
    return findingWithoutLeaks == Finding.NONE ? known : known.with(BaselineText.unclearBesides());
  }

  private SlabGrowth(SlabGrowth other, Finding finding, String report, String brief) {
    this.objects.putAll(other.objects);
    this.rates.putAll(other.rates);
    this.leaks.putAll(other.leaks);
    this.clean.putAll(other.clean);
    this.aliases = other.aliases;
    this.finding = finding;
    this.findingWithoutLeaks = other.findingWithoutLeaks;
    this.report = report;
    this.brief = brief;
  }

  /**
   * Returns the whole report, also of a clean measurement: what grew, and the smallest leak that
   * would have been seen.
   */
  public String report() {
    return report;
  }

  /**
   * Throws what was found, if anything was.
   *
   * @throws SlabLeakError if a cache leaks
   * @throws SlabInconclusiveError if the numbers decide nothing
   */
  void throwFinding() {
    throwFinding(Optional.empty());
  }

  /**
   * Throws what was found, in brief where the whole is elsewhere.
   *
   * @param whole the file with the whole report, if there is one
   */
  void throwFinding(Optional<Path> whole) {
    String message =
        whole
            .filter(file -> !brief.equals(report))
            .map(file -> brief + "\n\nThe whole report: " + file)
            .orElse(report);
    switch (finding) {
      case NONE -> {}
      case LEAK -> throw new SlabLeakError(message, this);
      case INCONCLUSIVE -> throw new SlabInconclusiveError(message, this);
    }
  }

  @Override
  public String toString() {
    return "SlabGrowth" + objects;
  }
}
