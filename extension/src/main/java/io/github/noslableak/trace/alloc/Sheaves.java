package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.KernelSymbols;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects of kmalloc that the slab allocator takes for itself. A sheaf holds free objects of some
 * cache, and is made in the midst of whoever made that cache need one; it stays, and belongs to
 * nobody's work. As of mm/slub.c, 6.18 (for two caches) to 7.3 (for almost all).
 */
final class Sheaves {

  /** Those that call kmalloc for one, or that a compiler moves the call into. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "__alloc_empty_sheaf",
          "alloc_empty_sheaf",
          "alloc_full_sheaf",
          "__pcs_replace_empty_main",
          "__pcs_replace_full_main",
          "__kfree_rcu_sheaf",
          "kmem_cache_prefill_sheaf");

  /** The kernel's functions do not move. */
  private static @Nullable Sheaves running;

  /** Flat, for each allocation of kmalloc is looked up here: start, end, start, end, and so on. */
  private final long[] ranges;

  Sheaves(FunctionRanges functions) {
    this.ranges =
        functions.all().stream()
            .flatMapToLong(range -> LongStream.of(range.start(), range.end()))
            .toArray();
  }

  /** Those of a kernel that has none, or where no cache of kmalloc is watched. */
  static Sheaves none() {
    return new Sheaves(FunctionRanges.none());
  }

  /**
   * Returns those of the running kernel.
   *
   * @throws java.io.UncheckedIOException if its symbols cannot be read
   */
  static synchronized Sheaves ofThisKernel(KernelSymbols symbols) {
    Sheaves known = running;
    if (known == null) {
      known = new Sheaves(FunctionRanges.find(symbols, Sheaves::isMaker));
      running = known;
    }
    return known;
  }

  /** Returns whether a function makes sheaves. */
  static boolean isMaker(String function) {
    return FUNCTIONS.contains(function);
  }

  /**
   * Returns whether what was allocated is a sheaf.
   *
   * @param site the return address of the call of kmalloc
   */
  boolean isOne(long site) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (site >= ranges[i] && site < ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
