package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.KernelSymbols;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects of kmalloc that the slab allocator takes for itself, in the midst of whoever needed an
 * object, so that they belong to nobody's work:
 *
 * <ul>
 *   <li>A sheaf holds free objects of some cache, and stays. As of mm/slub.c, 6.18 (for two caches)
 *       to 7.3 (for almost all).
 *   <li>A vector says which control group each object of a slab is charged to. The first object
 *       that is charged brings it about, and it stays as long as the slab, whoever else has objects
 *       in that by then. As of mm/memcontrol.c, 5.11 to 6.9, and mm/slub.c, 6.10 to 7.3.
 * </ul>
 */
final class SelfAllocations {

  /** Those that call kmalloc for one, or that a compiler moves the call into. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "__alloc_empty_sheaf",
          "alloc_empty_sheaf",
          "alloc_full_sheaf",
          "__pcs_replace_empty_main",
          "__pcs_replace_full_main",
          "__kfree_rcu_sheaf",
          "kmem_cache_prefill_sheaf",
          "memcg_alloc_page_obj_cgroups",
          "memcg_alloc_slab_cgroups",
          "alloc_slab_obj_exts",
          "allocate_slab",
          "new_slab",
          "__memcg_slab_post_alloc_hook");

  /** The kernel's functions do not move. */
  private static @Nullable SelfAllocations running;

  /** Flat, for each allocation of kmalloc is looked up here: start, end, start, end, and so on. */
  private final long[] ranges;

  SelfAllocations(FunctionRanges functions) {
    this.ranges =
        functions.all().stream()
            .flatMapToLong(range -> LongStream.of(range.start(), range.end()))
            .toArray();
  }

  /** Those of a kernel that has none, or where no cache of kmalloc is watched. */
  static SelfAllocations none() {
    return new SelfAllocations(FunctionRanges.none());
  }

  /**
   * Returns those of the running kernel.
   *
   * @throws java.io.UncheckedIOException if its symbols cannot be read
   */
  static synchronized SelfAllocations ofThisKernel(KernelSymbols symbols) {
    SelfAllocations known = running;
    if (known == null) {
      known = new SelfAllocations(FunctionRanges.findBuiltIn(symbols, SelfAllocations::isMaker));
      running = known;
    }
    return known;
  }

  /** Returns whether what a function takes of kmalloc is the slab allocator's. */
  static boolean isMaker(String function) {
    return FUNCTIONS.contains(function);
  }

  /**
   * Returns whether the slab allocator took for itself what was allocated.
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
