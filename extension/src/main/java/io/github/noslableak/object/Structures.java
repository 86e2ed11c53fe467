package io.github.noslableak.object;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Of which structure the objects of a cache are. */
final class Structures {

  /** The structures that inodes of a file system are a part of, by cache, and where in them. */
  private static final Map<String, String> INODES =
      Map.of(
          "ext4_inode_cache", "ext4_inode_info.vfs_inode",
          "shmem_inode_cache", "shmem_inode_info.vfs_inode",
          "proc_inode_cache", "proc_inode.vfs_inode",
          "btrfs_inode", "btrfs_inode.vfs_inode",
          "xfs_inode", "xfs_inode.i_vnode",
          "nfs_inode_cache", "nfs_inode.vfs_inode",
          "fuse_inode", "fuse_inode.inode",
          "ovl_inode", "ovl_inode.vfs_inode",
          "mqueue_inode_cache", "mqueue_inode_info.vfs_inode");

  /** The caches of protocols hold what begins with a struct sock (net/core/sock.c). */
  private static final Set<String> PROTOCOLS =
      Set.of(
          "TCP",
          "TCPv6",
          "UDP",
          "UDPv6",
          "UDP-Lite",
          "UDPLITEv6",
          "RAW",
          "RAWv6",
          "PING",
          "PINGv6",
          "UNIX",
          "UNIX-STREAM",
          "MPTCP",
          "MPTCPv6",
          "SCTP",
          "SCTPv6");

  /** The others of which more is told. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          entry("dentry", "dentry"),
          entry("filp", "file"),
          entry("mnt_cache", "mount"),
          entry("sock_inode_cache", "socket_alloc"),
          entry("net_namespace", "net"),
          entry("inode_cache", "inode"),
          entry("files_cache", "files_struct"),
          entry("fs_cache", "fs_struct"),
          entry("task_struct", "task_struct"),
          entry("vm_area_struct", "vm_area_struct"),
          entry("mm_struct", "mm_struct"),
          entry("nsproxy", "nsproxy"),
          entry("cred", "cred"),
          entry("cred_jar", "cred"),
          entry("eventpoll_epi", "epitem"),
          entry("eventpoll_pwq", "eppoll_entry"),
          entry("file_lock_cache", "file_lock"),
          entry("inotify_inode_mark", "inotify_inode_mark"),
          entry("skbuff_head_cache", "sk_buff"),
          entry("kernfs_node_cache", "kernfs_node"));

  private Structures() {}

  /** Returns the structure that objects of a cache are, or begin with. */
  static Optional<String> of(String cache) {
    if (PROTOCOLS.contains(cache)) {
      return Optional.of("sock");
    }
    String inode = INODES.get(cache);
    return Optional.ofNullable(
        inode == null ? OTHERS.get(cache) : inode.substring(0, inode.indexOf('.')));
  }

  /** Returns where in the objects of a file system's cache an inode lies. */
  static Optional<String> inodeIn(String cache) {
    return Optional.ofNullable(INODES.get(cache));
  }

  /** Returns whether a cache is of a protocol's sockets. */
  static boolean isOfProtocol(String cache) {
    return PROTOCOLS.contains(cache);
  }
}
