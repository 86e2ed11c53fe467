package io.github.noslableak.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * The growth of each cache between two times, and the caches of which none can be told.
 *
 * @param judged the growths
 * @param unjudged what can't be judged, and why
 */
public record Growths(List<CacheGrowth> judged, List<Unjudged> unjudged) {

  /** No machine has so many objects: a counter beyond has wrapped around. */
  private static final long MOST_OBJECTS = 1L << 48;

  public Growths {
    judged = List.copyOf(judged);
    unjudged = List.copyOf(unjudged);
  }

  /**
   * Compares two readings of the same caches. Their order does not matter.
   *
   * @param tolerance for each cache the objects that may be left
   * @param iterations how often the body ran in between
   * @param slotBytes for each cache the bytes of slab that one object takes
   */
  public static Growths between(
      List<Reading> before,
      List<Reading> after,
      ToLongFunction<String> tolerance,
      int iterations,
      ToLongFunction<String> slotBytes) {
    Map<String, Reading> ends = new HashMap<>();
    after.forEach(reading -> ends.put(reading.cache(), reading));
    List<CacheGrowth> judged = new ArrayList<>();
    List<Unjudged> unjudged = new ArrayList<>();
    for (Reading start : before) {
      Reading end = ends.remove(start.cache());
      Optional<Unjudged> incomparable =
          end == null
              ? Optional.of(new Unjudged.Vanished(start.cache()))
              : incomparable(start, end);
      incomparable.ifPresent(unjudged::add);
      if (end != null && incomparable.isEmpty()) {
        judged.add(
            new CacheGrowth(
                start.cache(),
                start.objects().getAsLong(),
                end.objects().getAsLong(),
                tolerance.applyAsLong(start.cache()),
                iterations,
                slotBytes.applyAsLong(start.cache()),
                Math.max(start.unrest(), end.unrest())));
      }
    }
    ends.keySet().forEach(cache -> unjudged.add(new Unjudged.Appeared(cache)));
    unjudged.sort(Comparator.comparing(Unjudged::cache));
    return new Growths(judged, unjudged);
  }

  /** Returns why these two cannot be compared, empty if they can. */
  private static Optional<Unjudged> incomparable(Reading start, Reading end) {
    if (start.objects().isEmpty() || end.objects().isEmpty()) {
      return Optional.of(new Unjudged.CameOrWent(start.cache()));
    }
    long before = start.objects().getAsLong();
    long after = end.objects().getAsLong();
    if (isWrapped(before) || isWrapped(after)) {
      return Optional.of(new Unjudged.WrappedAround(start.cache(), before, after));
    }
    if (!start.sharedWith().equals(end.sharedWith())) {
      Set<String> changed = new TreeSet<>(start.sharedWith());
      for (String other : end.sharedWith()) {
        if (!changed.remove(other)) {
          changed.add(other);
        }
      }
      return Optional.of(new Unjudged.Merged(start.cache(), List.copyOf(changed)));
    }
    return Optional.empty();
  }

  private static boolean isWrapped(long objects) {
    return objects < 0 || objects > MOST_OBJECTS;
  }
}
