package io.github.noslableak.baseline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The known leaks of a code base, kept as a text file in version control: one line per test and
 * cache, sorted, so that two branches merge.
 *
 * <p>A known leak passes up to its recorded rate, so the build breaks on new leaks only. Rates only
 * go down by themselves; an improvement never fails. Immutable.
 *
 * <p>Rates are compared in the precision they are written in, ten-thousandths of an object per
 * iteration, rounded up: a leak may grow by less than 0.0001 objects per iteration unnoticed.
 */
public final class Baseline {

  private static final List<String> HEADER =
      List.of(
          "# Known slab leaks: each passes up to its recorded rate, anything above it or new fails.",
          "# test | cache | objects per iteration | since | note",
          "# NoSlabLeak lowers rates and removes leaks that are gone; to record what leaks today, run",
          "# once with noslableak.baseline.mode=update. Notes are yours. Comments above a line go with",
          "# it. In test and cache \\| is a bar, \\\\ a backslash, \\# a hash, \\n a line break, \\u0009 a",
          "# tab and so on for what cannot be seen; the note is the rest of the line as it stands.",
          "");

  private record Key(String test, String cache) implements Comparable<Key> {

    static Key of(KnownLeak leak) {
      return new Key(leak.test(), leak.cache());
    }

    @Override
    public int compareTo(Key other) {
      int order = test.compareTo(other.test);
      return order == 0 ? cache.compareTo(other.cache) : order;
    }
  }

  /** A leak and the comments above it. */
  private record Entry(KnownLeak leak, List<String> comments) {}

  private final List<String> header;
  private final SortedMap<Key, Entry> entries;
  private final List<String> trailer;

  private Baseline(List<String> header, SortedMap<Key, Entry> entries, List<String> trailer) {
    this.header = header;
    this.entries = entries;
    this.trailer = trailer;
  }

  /** Returns a baseline of no leaks, with a comment that explains the file. */
  public static Baseline empty() {
    return new Baseline(HEADER, new TreeMap<>(), List.of());
  }

  /**
   * Reads a baseline. Blank lines and lines that start with {@code #} are comments: those up to the
   * last blank line before the first leak are the header and stay on top, the others belong to the
   * leak below them.
   *
   * @throws BaselineSyntaxException if a line is neither a leak nor a comment, or names a leak
   *     again
   */
  public static Baseline parse(List<String> lines) {
    SortedMap<Key, Entry> entries = new TreeMap<>();
    Map<Key, Integer> lineNumbers = new TreeMap<>();
    List<String> header = List.of();
    List<String> comments = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        comments.add(lines.get(i));
        continue;
      }
      if (entries.isEmpty()) {
        int end = comments.size();
        while (end > 0 && !comments.get(end - 1).isBlank()) {
          end--;
        }
        end = end == 0 ? comments.size() : end;
        header = List.copyOf(comments.subList(0, end));
        comments.subList(0, end).clear();
      }
      KnownLeak leak = parse(line, i + 1);
      Integer earlier = lineNumbers.putIfAbsent(Key.of(leak), i + 1);
      if (earlier != null) {
        throw new BaselineSyntaxException(
            i + 1, "names the test and cache of line " + earlier + " again: leave one of them");
      }
      entries.put(Key.of(leak), new Entry(leak, List.copyOf(comments)));
      comments.clear();
    }
    return entries.isEmpty()
        ? new Baseline(List.copyOf(comments), entries, List.of())
        : new Baseline(header, entries, List.copyOf(comments));
  }

  private static KnownLeak parse(String line, int number) {
    try {
      return BaselineLine.parse(line);
    } catch (IllegalArgumentException e) {
      throw new BaselineSyntaxException(number, String.valueOf(e.getMessage()));
    }
  }

  /** Returns the lines of the file: the header, the leaks by test and cache, their comments. */
  public List<String> render() {
    List<String> lines = new ArrayList<>(header);
    for (Entry entry : entries.values()) {
      lines.addAll(entry.comments());
      lines.add(BaselineLine.render(entry.leak()));
    }
    lines.addAll(trailer);
    return lines;
  }

  /** Returns the known leaks, by test and cache. */
  public List<KnownLeak> leaks() {
    return entries.values().stream().map(Entry::leak).toList();
  }

  /** Returns what is known about a cache in a test. */
  public Optional<KnownLeak> find(String test, String cache) {
    return Optional.ofNullable(entries.get(new Key(test, cache))).map(Entry::leak);
  }

  /** Returns whether a leak is known and no faster than recorded. */
  public boolean covers(String test, String cache, double perIteration) {
    return find(test, cache)
        .filter(known -> Rate.of(perIteration).compareTo(Rate.of(known.perIteration())) <= 0)
        .isPresent();
  }

  /** Returns whether a leak is known and not surely faster than recorded. */
  public boolean covers(ObservedRate observed) {
    return covers(observed.test(), observed.cache(), observed.atLeast());
  }

  /**
   * Lowers the rates of leaks that became slower, as far as the measurement is sure, and removes
   * those that are gone. What a measurement could not have seen stays. No rate goes up. Where a
   * test was observed several times, its fastest leak counts.
   */
  public Baseline ratchet(Collection<ObservedRate> observed) {
    Map<Key, ObservedRate> fastest = new TreeMap<>();
    observed.forEach(
        rate -> fastest.merge(new Key(rate.test(), rate.cache()), rate, ObservedRate::orFaster));
    SortedMap<Key, Entry> changed = new TreeMap<>(entries);
    fastest.forEach(
        (key, rate) -> changed.computeIfPresent(key, (k, known) -> ratchet(known, rate)));
    return with(changed);
  }

  private static @Nullable Entry ratchet(Entry entry, ObservedRate observed) {
    if (Rate.of(observed.atMost()).compareTo(Rate.of(entry.leak().perIteration())) > 0) {
      return entry;
    }
    return observed.isClean()
        ? null
        : new Entry(entry.leak().withRate(observed.atMost()), entry.comments());
  }

  /**
   * Records what leaks: new leaks are added, and the rates of those that are not covered go up to
   * what was observed at most. Known leaks keep their day and note.
   *
   * @param observed rates; those of clean caches are ignored
   * @param date the day of new leaks, as 2026-11-24
   */
  public Baseline with(Collection<ObservedRate> observed, String date) {
    SortedMap<Key, Entry> changed = new TreeMap<>(entries);
    for (ObservedRate rate : observed) {
      if (!rate.isClean() && !covers(rate)) {
        changed.merge(
            new Key(rate.test(), rate.cache()),
            new Entry(new KnownLeak(rate.test(), rate.cache(), rate.atMost(), date, ""), List.of()),
            (known, found) ->
                new Entry(
                    known
                        .leak()
                        .withRate(
                            Math.max(known.leak().perIteration(), found.leak().perIteration())),
                    known.comments()));
      }
    }
    return with(changed);
  }

  /** Removes the leaks of tests that do not exist any more. */
  public Baseline prune(Predicate<String> exists) {
    SortedMap<Key, Entry> changed = new TreeMap<>(entries);
    changed.keySet().removeIf(key -> !exists.test(key.test()));
    return with(changed);
  }

  private Baseline with(SortedMap<Key, Entry> changed) {
    return new Baseline(header, changed, trailer);
  }

  /**
   * Returns the tests of this baseline that were not seen, sorted, each with the test that it may
   * be called now.
   *
   * @param seen the keys of the tests that ran
   */
  public List<UnseenTest> unseen(Set<String> seen) {
    Set<String> known = Collections.unmodifiableSet(tests());
    List<String> unknown = seen.stream().filter(test -> !known.contains(test)).sorted().toList();
    return known.stream()
        .filter(test -> !seen.contains(test))
        .map(test -> UnseenTest.of(test, unknown))
        .toList();
  }

  private Set<String> tests() {
    Set<String> tests = new LinkedHashSet<>();
    entries.keySet().forEach(key -> tests.add(key.test()));
    return tests;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Baseline baseline && render().equals(baseline.render());
  }

  @Override
  public int hashCode() {
    return render().hashCode();
  }

  @Override
  public String toString() {
    return "Baseline" + leaks();
  }
}
