package io.github.noslableak.diagnosis;

import java.util.List;
import java.util.stream.Stream;

/** What a product does that makes objects of a cache. */
public enum Kind {
  SOCKET(
      true,
      "sock_inode_cache",
      "TCP*",
      "UDP*",
      "UNIX*",
      "RAW*",
      "PING*",
      "MPTCP*",
      "AF_*",
      "request_sock_*",
      "tw_sock_*",
      "tcp_bind*"),
  SELECTOR(true, "eventpoll_*", "ep_head"),
  WATCH(true, "inotify_*", "fanotify_*", "fsnotify_*", "dnotify_*"),
  MOUNT(true, "mnt_cache"),
  /** What security modules hang on each inode and each open file. */
  SECURITY(false, "lsm_inode_cache", "lsm_file_cache", "selinux_*", "apparmor_*", "ima_iint_*"),
  NAMESPACE(true, "net_namespace", "nsproxy", "*_namespace"),
  FILE(
      true,
      "dentry",
      "filp",
      "bfilp",
      "inode_cache",
      "*_inode_cache",
      "*_inode",
      "file_lock_*",
      "files_cache"),
  PROCESS(
      false,
      "task_struct",
      "mm_struct",
      "signal_cache",
      "sighand_cache",
      "vm_area_struct",
      "vma_lock",
      "anon_vma*",
      "maple_node",
      "cred*",
      "pid",
      "task_delay_info",
      "task_group"),
  KERNFS(false, "kernfs_*", "cgroup*", "mem_cgroup*"),
  VIRTUAL_MEMORY(false, "vmap_area"),
  PACKET(false, "skbuff_*"),
  PAGE_CACHE(
      false,
      "radix_tree_node",
      "buffer_head",
      "jbd2_*",
      "ext4_extent_status",
      "ext4_groupinfo*",
      "bio*",
      "biovec*",
      "xfs_buf*",
      "xfs_*_item",
      "zspage",
      "zs_handle"),
  GENERAL(false, "kmalloc-*", "size-*", "msg_msg-*", "memdup_user-*"),
  OTHER(false, "*");

  private final boolean isOfIo;

  @SuppressWarnings("ImmutableEnumChecker") // An immutable list.
  private final List<String> members;

  Kind(boolean isOfIo, String... members) {
    this.isOfIo = isOfIo;
    this.members = List.of(members);
  }

  /** Returns whether a test of an I/O path can watch it and find it at rest. */
  public boolean isOfIo() {
    return isOfIo;
  }

  /** Returns the kind of a cache, by its name. */
  public static Kind of(String cache) {
    return Stream.of(values())
        .filter(kind -> kind.members.stream().anyMatch(member -> matches(member, cache)))
        .findFirst()
        .orElse(OTHER);
  }

  private static boolean matches(String member, String cache) {
    if (member.startsWith("*")) {
      return cache.endsWith(member.substring(1));
    }
    return member.endsWith("*")
        ? cache.startsWith(member.substring(0, member.length() - 1))
        : cache.equals(member);
  }
}
