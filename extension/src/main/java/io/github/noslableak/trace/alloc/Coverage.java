package io.github.noslableak.trace.alloc;

import io.github.noslableak.slab.SlabCache;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How much of what comes and goes of a cache the kernel traces, from all to least. */
public enum Coverage {
  /**
   * All: the kernel allocates its objects one by one, by functions that are traced, and frees them
   * so. What comes unseen all the same is somebody's whom the kernel does not trace at all, such as
   * an agent of the hypervisor; and some of that is seen to go after a grace period. Then the
   * counter is ahead of the ledger by more than lives. Read in the sources of 6.18 for open files,
   * sockets, mounts and their like.
   */
  FULL(
      "b?filp|sock_inode_cache|mnt_cache|file_lock_cache"
          + "|(?:inotify_inode|fanotify)_mark|TCP|TCPv6|MPTCP|MPTCPv6|UDP|UDPv6|UDP-Lite|UDPLITEv6"
          + "|UNIX|UNIX-STREAM|RAW|RAWv6|PING|PINGv6|eventpoll_pwq|ep_head|net_namespace"),
  /**
   * All, as of those; but whoever is not traced looks names and inodes up by hundreds, again and
   * again, and the first drop of caches takes away as many.
   */
  LOOKED_UP("dentry|(?:.*_)?inode_cache|(?:btrfs|xfs|fuse|ovl)_inode"),
  /** All, as far as is known: some module may allocate in bulk, which is not traced. */
  LIKELY(".*"),
  /**
   * Not all. kmalloc's objects are freed by {@code kfree_rcu()} in bulk, and {@code eventpoll_epi}
   * too; {@code msg_msg-64} and its like (since 6.11) are allocated by events that name no cache;
   * heads of packets, requests of io_uring, maple nodes and bios are allocated in bulk.
   */
  PARTIAL(
      "(?:dma-)?kmalloc-.*|(?:msg_msg|memdup_user)-.*|eventpoll_epi|skbuff_.*|io_kiocb"
          + "|maple_node|bio-.*|biovec-.*");

  private final Pattern names;

  Coverage(String names) {
    this.names = Pattern.compile(names);
  }

  /** Returns that of a cache, which is as good as that of each name that shares its slabs. */
  public static Coverage of(SlabCache cache) {
    List<String> names = Stream.concat(Stream.of(cache.name()), cache.aliases().stream()).toList();
    return names.stream().map(Coverage::of).max(Comparator.naturalOrder()).orElse(LIKELY);
  }

  private static Coverage of(String name) {
    return Stream.of(FULL, LOOKED_UP, PARTIAL)
        .filter(coverage -> coverage.has(name))
        .findFirst()
        .orElse(LIKELY);
  }

  /** Returns whether all that a test allocates and frees is traced. */
  public boolean isOfTest() {
    return this == FULL || this == LOOKED_UP;
  }

  private boolean has(String name) {
    return names.matcher(name).matches();
  }
}
