package io.github.noslableak.trace.alloc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * From which cache each call site allocates, where allocations do not name their cache: it is
 * learnt from the frees, which do.
 *
 * <p>An object's origin is the number of its cache where that is known from its allocation, or else
 * the number of its site behind those of all caches.
 */
final class CallSites {

  /** What a site's objects turned out to be from. */
  private static final int UNKNOWN_YET = -2;

  private static final int SEVERAL = -3;

  private record Site(long address, long bytes) {}

  private final WatchedCaches watched;
  private final Allocators allocators;
  private final int caches;
  private final Map<Site, Integer> numbers = new HashMap<>();
  private int[] cacheOfSite = new int[64];
  private int[] likelyCacheOfSite = new int[64];
  private long[] bytesOfSite = new long[64];

  CallSites(WatchedCaches watched, Allocators allocators) {
    this.watched = watched;
    this.allocators = allocators;
    this.caches = watched.caches().size();
  }

  /** Returns the origin of what a call site allocates in slots of this size. */
  int origin(long address, long bytes) {
    return caches + numbers.computeIfAbsent(new Site(address, bytes), this::added);
  }

  private int added(Site site) {
    int number = numbers.size();
    if (number == cacheOfSite.length) {
      cacheOfSite = Arrays.copyOf(cacheOfSite, number * 2);
      likelyCacheOfSite = Arrays.copyOf(likelyCacheOfSite, number * 2);
      bytesOfSite = Arrays.copyOf(bytesOfSite, number * 2);
    }
    int likely = watched.bySlotBytes(site.bytes);
    boolean possible =
        likely == WatchedCaches.NONE
            || allocators.mayAllocate(watched.caches().get(likely), site.address);
    bytesOfSite[number] = site.bytes;
    cacheOfSite[number] = possible ? UNKNOWN_YET : WatchedCaches.NONE;
    likelyCacheOfSite[number] = possible ? likely : WatchedCaches.NONE;
    return number;
  }

  /** Returns the watched caches whose slots have the size of what is allocated there. */
  Set<Integer> cachesOfSize(int origin) {
    return origin < caches ? Set.of(origin) : watched.allBySlotBytes(bytesOfSite[origin - caches]);
  }

  /** An object of this origin turns out to be from a cache, which may be none that is watched. */
  void learn(int origin, int cache) {
    if (origin < caches) {
      return;
    }
    int site = origin - caches;
    int before = cacheOfSite[site];
    if (before == UNKNOWN_YET) {
      cacheOfSite[site] = cache;
    } else if (before != cache) {
      cacheOfSite[site] = SEVERAL;
    }
  }

  /**
   * Returns the cache, NONE for one that is not watched, or less where it is not known.
   *
   * <p>Where all objects of a site leak, none is freed and tells their cache. Then they count as
   * the watched cache's whose slots have their size, if it is the only one: it is one that grew.
   */
  int cacheOf(int origin) {
    if (origin < caches) {
      return origin;
    }
    int site = origin - caches;
    boolean likely =
        cacheOfSite[site] == UNKNOWN_YET && likelyCacheOfSite[site] != WatchedCaches.NONE;
    return likely ? likelyCacheOfSite[site] : cacheOfSite[site];
  }
}
