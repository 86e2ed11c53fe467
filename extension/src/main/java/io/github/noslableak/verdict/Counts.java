package io.github.noslableak.verdict;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;

/**
 * What was counted: a number for each watched cache, by name.
 *
 * @param rows each watched cache, in the order in which they are watched
 * @param settled whether the last passes agreed, or nothing exceeded its ceiling
 * @param passes how many passes it took
 * @param took how long it took
 */
public record Counts(Map<String, Row> rows, boolean settled, int passes, Duration took) {

  /**
   * One cache.
   *
   * @param objects its objects; empty where the kernel has removed the cache meanwhile
   * @param unrest by how many objects it moved between the passes, or between looks, by itself; 0
   *     once they agreed
   */
  public record Row(OptionalLong objects, long unrest) {}

  public Counts {
    rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
  }

  /** Returns the counts of caches that are at rest. */
  public static Counts atRest(Map<String, Long> objects) {
    Map<String, Row> rows = new LinkedHashMap<>();
    objects.forEach((cache, count) -> rows.put(cache, new Row(OptionalLong.of(count), 0)));
    return new Counts(rows, true, 1, Duration.ZERO);
  }

  /** Returns the objects of a watched cache, empty where the kernel has removed it meanwhile. */
  public OptionalLong of(String cache) {
    return row(cache).objects();
  }

  /** Returns the objects of the watched caches that are there. */
  public Map<String, Long> objects() {
    Map<String, Long> objects = new LinkedHashMap<>();
    rows.forEach((cache, row) -> row.objects().ifPresent(count -> objects.put(cache, count)));
    return objects;
  }

  /** Returns whether a watched cache was still there. */
  public boolean isThere(String cache) {
    return of(cache).isPresent();
  }

  /** Returns by how many objects a watched cache moved between the passes by itself. */
  public long unrest(String cache) {
    return row(cache).unrest();
  }

  private Row row(String cache) {
    Row row = rows.get(cache);
    if (row == null) {
      throw new IllegalArgumentException(cache + " is not watched");
    }
    return row;
  }

  /**
   * Returns this without objects that are known to be there for now; never below 0.
   *
   * @param known how many of a cache; none of those that it does not name
   */
  public Counts minus(Map<String, Long> known) {
    return map((cache, objects) -> Math.max(0, objects - known.getOrDefault(cache, 0L)));
  }

  /**
   * Returns the lower number of both for each cache: what is freed late, is freed. A cache that was
   * gone in one of them is gone. What the first count moved by and how it ended stays; passes and
   * time add up.
   *
   * @param later another count of the same caches
   */
  public Counts lower(Counts later) {
    Map<String, Row> lower = new LinkedHashMap<>();
    rows.forEach(
        (cache, row) -> {
          OptionalLong other = later.of(cache);
          lower.put(
              cache,
              row.objects().isEmpty() || other.isEmpty()
                  ? new Row(OptionalLong.empty(), row.unrest())
                  : new Row(
                      OptionalLong.of(Math.min(row.objects().getAsLong(), other.getAsLong())),
                      row.unrest()));
        });
    return new Counts(lower, settled, passes + later.passes, took.plus(later.took));
  }

  /**
   * Returns up to how many objects each cache may hold where it may grow by its tolerance. A cache
   * that was gone has no ceiling.
   */
  public Map<String, Long> ceilings(ToLongFunction<String> tolerance) {
    Map<String, Long> ceilings = new LinkedHashMap<>();
    rows.forEach(
        (cache, row) ->
            row.objects()
                .ifPresent(
                    objects ->
                        ceilings.put(
                            cache,
                            objects
                                + Math.min(
                                    tolerance.applyAsLong(cache), Long.MAX_VALUE - objects))));
    return ceilings;
  }

  /** Returns whether a cache holds more than its ceiling; one without a ceiling never does. */
  public boolean exceeds(Map<String, Long> ceilings) {
    return rows.entrySet().stream()
        .anyMatch(
            row -> {
              OptionalLong objects = row.getValue().objects();
              return objects.isPresent()
                  && objects.getAsLong() > ceilings.getOrDefault(row.getKey(), Long.MAX_VALUE);
            });
  }

  /**
   * Returns this with other numbers for the caches that are there.
   *
   * @param change from a cache's name and its objects to its objects instead
   */
  public Counts map(ToLongBiFunction<String, Long> change) {
    Map<String, Row> others = new LinkedHashMap<>();
    rows.forEach(
        (cache, row) ->
            others.put(
                cache,
                row.objects().isEmpty()
                    ? row
                    : new Row(
                        OptionalLong.of(change.applyAsLong(cache, row.objects().getAsLong())),
                        row.unrest())));
    return new Counts(others, settled, passes, took);
  }
}
