package io.github.noslableak.evidence;

import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What was found, as far as evidence for it must know.
 *
 * @param caches the caches that leak; where none does, those that grew
 * @param leftByRounds how many objects running the body again left of each cache that leaks
 * @param isLeak whether they leak, and do not only look like it
 * @param hasRounds whether the body was run again at least once
 * @param openFiles the growth of {@code filp} where that cache is judged by itself
 * @param followed what a ledger knows of what is left
 */
public record Grown(
    Set<String> caches,
    Map<String, Long> leftByRounds,
    boolean isLeak,
    boolean hasRounds,
    Optional<CacheGrowth> openFiles,
    Followed followed) {

  private static final String FILP = "filp";

  private static final Pattern HELD_BY_FILES =
      Pattern.compile("filp|dentry|.*inode.*|eventpoll.*|(TCP|UDP|UNIX|RAW|PING|MPTCP|SCTP).*");

  /** Makes one whose allocations were not followed. */
  public Grown(
      Set<String> caches,
      Map<String, Long> leftByRounds,
      boolean isLeak,
      boolean hasRounds,
      Optional<CacheGrowth> openFiles) {
    this(caches, leftByRounds, isLeak, hasRounds, openFiles, Followed.none());
  }

  public Grown {
    caches = Set.copyOf(caches);
    leftByRounds = Map.copyOf(leftByRounds);
  }

  /**
   * Makes that of a verdict.
   *
   * @param watched the caches that were judged
   * @param hasRounds whether the body was run again at least once
   * @param followed what a ledger knows of what is left
   */
  public static Grown of(
      Verdict verdict, List<SlabCache> watched, boolean hasRounds, Followed followed) {
    List<CacheGrowth> grown =
        verdict instanceof Verdict.Leak leak
            ? leak.leaked()
            : verdict.growths().stream().filter(CacheGrowth::exceedsTolerance).toList();
    Map<String, Long> byRounds = new HashMap<>();
    if (verdict instanceof Verdict.Leak leak) {
      grown.stream()
          .flatMap(growth -> leak.confirmation().of(growth.cache()).stream())
          .forEach(suspect -> byRounds.put(suspect.cache(), suspect.objects()));
    }
    return new Grown(
        grown.stream().map(CacheGrowth::cache).collect(Collectors.toSet()),
        byRounds,
        verdict instanceof Verdict.Leak,
        hasRounds,
        openFiles(verdict, watched),
        followed);
  }

  private static Optional<CacheGrowth> openFiles(Verdict verdict, List<SlabCache> watched) {
    boolean byItself =
        watched.stream().anyMatch(cache -> cache.name().equals(FILP) && cache.aliases().isEmpty());
    return verdict.growths().stream()
        .filter(growth -> byItself && growth.cache().equals(FILP))
        .findFirst();
  }

  /** Returns whether so many objects are at least half of what the rounds left of a cache. */
  boolean isMostOf(String cache, long objects) {
    return leftByRounds.containsKey(cache) && 2 * objects >= leftByRounds.get(cache);
  }

  /** Returns where what is left lies, by now. */
  Set<Followed.At> left() {
    return followed.left(caches);
  }

  /** Returns the processes that allocated what is left, where allocations were followed. */
  Optional<Set<Integer>> allocators() {
    return followed.allocators(caches);
  }

  /** Returns those of them that descend from this JVM, also where init has adopted them. */
  Set<Integer> descendants() {
    return followed.descendants(caches);
  }

  /** Returns whether some of what grew may be held by an open file. */
  boolean mayBeHeldByFiles() {
    return caches.stream().anyMatch(cache -> HELD_BY_FILES.matcher(cache).matches());
  }

  /** Returns the most objects that the rounds left of a cache, 0 where that is not known. */
  long mostLeft() {
    return leftByRounds.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /**
   * Returns the fewest objects that the rounds left of a cache, 1 where that is not known: whoever
   * holds fewer does not explain it.
   */
  long fewestLeft() {
    return Math.max(1, leftByRounds.values().stream().mapToLong(Long::longValue).min().orElse(1));
  }
}
