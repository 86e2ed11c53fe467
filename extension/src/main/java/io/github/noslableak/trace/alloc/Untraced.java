package io.github.noslableak.trace.alloc;

import io.github.noslableak.slab.SlabCache;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The caches whose objects come or go in ways that the kernel does not trace, so that a ledger of
 * their allocations is no account of what is left. Read in the sources of 6.18:
 *
 * <ul>
 *   <li>kmalloc's are freed by {@code kfree_rcu()} in bulk, and {@code eventpoll_epi} too;
 *   <li>{@code msg_msg-64} and its like (since 6.11) are allocated by events that name no cache;
 *   <li>heads of packets, requests of io_uring, maple nodes and bios are allocated in bulk.
 * </ul>
 */
final class Untraced {

  private static final Pattern NAMES =
      Pattern.compile(
          "(?:dma-)?kmalloc-.*|(?:msg_msg|memdup_user)-.*|eventpoll_epi|skbuff_.*|io_kiocb"
              + "|maple_node|bio-.*|biovec-.*");

  private Untraced() {}

  /** Returns whether this is such a cache, or shares its slabs with one. */
  static boolean has(SlabCache cache) {
    return Stream.concat(Stream.of(cache.name()), cache.aliases().stream())
        .anyMatch(name -> NAMES.matcher(name).matches());
  }
}
