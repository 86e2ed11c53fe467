package io.github.noslableak.trace.alloc;

import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.KernelSymbols;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the functions are that alone allocate from a cache, for kernels whose events do not name
 * the cache (before 6.13): an object of a dentry's size that another function allocated is none.
 *
 * <p>Only of functions that are called by several others or by pointer, which no compiler moves
 * into their callers: as of 5.10 to 6.12.
 */
final class Allocators {

  private static final Map<String, Set<String>> FUNCTIONS =
      Map.of(
          "dentry", Set.of("__d_alloc"),
          "filp", Set.of("__alloc_file", "alloc_empty_file"),
          "eventpoll_pwq", Set.of("ep_ptable_queue_proc"));

  /** A file system's inodes: sock_inode_cache is sock_alloc_inode's. */
  private static final Pattern INODES = Pattern.compile("(\\w+)_inode_cache");

  /** The kernel's functions do not move; those of a module do not while it is loaded. */
  private static @Nullable Allocators running;

  private final FunctionRanges functions;

  Allocators(FunctionRanges functions) {
    this.functions = functions;
  }

  /** Knows none, so that everything may come from everywhere. */
  static Allocators unknown() {
    return new Allocators(FunctionRanges.none());
  }

  /**
   * Returns those of the running kernel.
   *
   * @throws java.io.UncheckedIOException if its symbols cannot be read
   */
  static synchronized Allocators ofThisKernel(KernelSymbols symbols) {
    Allocators known = running;
    if (known == null) {
      known = new Allocators(FunctionRanges.find(symbols, Allocators::isAllocator));
      running = known;
    }
    return known;
  }

  static boolean isAllocator(String function) {
    return function.endsWith("_alloc_inode")
        || FUNCTIONS.values().stream().anyMatch(functions -> functions.contains(function));
  }

  private static Set<String> functions(String cache) {
    Matcher inodes = INODES.matcher(cache);
    return inodes.matches()
        ? Set.of(inodes.group(1) + "_alloc_inode")
        : FUNCTIONS.getOrDefault(cache, Set.of());
  }

  /**
   * Returns whether a call may have allocated from a cache, as far as is known.
   *
   * @param site its return address
   */
  boolean mayAllocate(SlabCache cache, long site) {
    if (!cache.aliases().isEmpty()) {
      return true;
    }
    List<FunctionRanges.Range> known =
        functions(cache.name()).stream()
            .flatMap(function -> functions.of(function).stream())
            .toList();
    return known.isEmpty() || known.stream().anyMatch(range -> range.holds(site));
  }
}
