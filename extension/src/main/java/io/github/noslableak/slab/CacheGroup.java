package io.github.noslableak.slab;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The named groups of slab caches.
 *
 * <p>Members were chosen by what one open file, one open socket and one mount allocate on Linux
 * 6.18 and 6.1, and must come back to the same number once everything is closed and quiesced. Left
 * out on purpose, because they stay for a while after a correct close or follow unrelated work:
 *
 * <ul>
 *   <li>{@code tw_sock_TCP}, {@code tcp_bind_bucket}, {@code tcp_bind2_bucket}: TIME_WAIT pins them
 *       for about 62 s.
 *   <li>{@code skbuff_*}: packets in flight of any process.
 *   <li>{@code buffer_head}, {@code radix_tree_node}, {@code jbd2_*}: page cache and journal.
 *   <li>{@code proc_inode_cache}: whoever looks at /proc; a leaked dentry there shows in dentry.
 *   <li>{@code vm_area_struct}, {@code maple_node}, {@code cred}, {@code pid}: follow threads, not
 *       files.
 * </ul>
 */
enum CacheGroup {
  /** Names, inodes and open files of the common file systems, mounts, locks and watches. */
  FILES(
      "@files",
      "dentry",
      "filp",
      "bfilp",
      "inode_cache",
      "*_inode_cache",
      "btrfs_inode",
      "xfs_inode",
      "fuse_inode",
      "ovl_inode",
      "mnt_cache",
      "file_lock_cache",
      "inotify_inode_mark",
      "fanotify_mark"),

  /** Sockets of every family, what an NIO selector holds, and network namespaces. */
  SOCKETS(
      "@sockets",
      "sock_inode_cache",
      "filp",
      "dentry",
      "TCP",
      "TCPv6",
      "MPTCP",
      "MPTCPv6",
      "UDP",
      "UDPv6",
      "UDP-Lite",
      "UDPLITEv6",
      "UNIX",
      "UNIX-STREAM",
      "RAW",
      "RAWv6",
      "PING",
      "PINGv6",
      "eventpoll_epi",
      "eventpoll_pwq",
      "ep_head",
      "net_namespace"),

  /** Files and sockets. */
  IO("@io"),

  /**
   * General-purpose allocations, where a product's own records are, and since 6.11 the buckets of
   * their own for what user space sends. Busy: other work shows here.
   */
  KMALLOC("@kmalloc", "kmalloc-*", "msg_msg-*", "memdup_user-*"),

  /** Every cache. Busy: other work shows here. */
  ALL("@all", "*");

  /**
   * What the glob above would match beyond what the group means: sockets have their own group,
   * proc, debugfs and tracefs are the observer's own, and security modules hang theirs on every
   * inode.
   */
  private static final Set<String> NOT_FILES =
      Set.of(
          "sock_inode_cache",
          "proc_inode_cache",
          "debugfs_inode_cache",
          "tracefs_inode_cache",
          "lsm_inode_cache");

  /**
   * Caches that may share a slab with a member without making it ambiguous: they grow only when a
   * program calls timer_create(2), which no I/O path and no daemon does in passing.
   */
  private static final Set<String> QUIET = Set.of("posix_timers_cache");

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // An immutable list of immutable globs.
  private final List<Glob> members;

  CacheGroup(String label, String... members) {
    this.label = label;
    this.members = Arrays.stream(members).map(Glob::new).toList();
  }

  String label() {
    return label;
  }

  boolean has(String cache) {
    return members().stream().anyMatch(member -> holds(member, cache));
  }

  /** Returns what this group consists of; where names share a slab, the first here names it. */
  List<Glob> members() {
    return this == IO
        ? Stream.concat(SOCKETS.members.stream(), FILES.members.stream()).toList()
        : members;
  }

  /** Returns whether the cache belongs to this group as what this member means. */
  boolean holds(Glob member, String cache) {
    boolean excluded = this != ALL && NOT_FILES.contains(cache) && member.isPattern();
    return !excluded && member.matches(cache);
  }

  /**
   * Returns whether growth of a cache that shares its slabs with these could be taken for growth of
   * what the group means. Groups of a kind only: @kmalloc and @all promise no such thing.
   */
  boolean isBlurredBy(List<String> aliases) {
    return switch (this) {
      case FILES, SOCKETS, IO ->
          aliases.stream().anyMatch(other -> !IO.has(other) && !QUIET.contains(other));
      case KMALLOC, ALL -> false;
    };
  }

  static String labels() {
    return Stream.of(values()).map(CacheGroup::label).collect(Collectors.joining(", "));
  }
}
