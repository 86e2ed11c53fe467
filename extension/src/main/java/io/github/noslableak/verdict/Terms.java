package io.github.noslableak.verdict;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the watched caches are judged by.
 *
 * @param iterations how often the body runs in the first run, 1 or more
 * @param caches the watched caches
 */
public record Terms(int iterations, List<Cache> caches) {

  /**
   * A watched cache.
   *
   * @param name its name
   * @param tolerance objects that may be left after all iterations, 0 or more
   * @param slotBytes bytes of slab that one object takes; 0 where that is not known
   * @param aliases the other caches that count in the same counter
   */
  public record Cache(String name, long tolerance, long slotBytes, Set<String> aliases) {

    public Cache {
      aliases = Set.copyOf(aliases);
    }
  }

  public Terms {
    caches = List.copyOf(caches);
  }

  Optional<Cache> find(String name) {
    return caches.stream().filter(cache -> cache.name().equals(name)).findFirst();
  }

  /** Returns how many objects of a cache may be left after all iterations. */
  public long tolerance(String name) {
    return find(name).map(Cache::tolerance).orElse(0L);
  }

  long slotBytes(String name) {
    return find(name).map(Cache::slotBytes).orElse(0L);
  }
}
