package io.github.noslableak.mount;

import io.github.noslableak.kernel.MountInfo;
import io.github.noslableak.proc.Maps;
import io.github.noslableak.proc.UnixSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who uses a mount, as far as the kernel tells.
 *
 * <p>What is used is told by name, as the kernel writes it for this process. A copy of the mount in
 * another mount namespace has the same name there. Where mounts propagate, such a copy keeps this
 * one busy too; a copy that is only there does not (measured on 6.18), and is no user.
 *
 * @param users who keeps it busy
 * @param undelivered sockets with descriptors in their queues, which may be of files of the mount:
 *     the kernel does not tell
 * @param processes how many processes were looked into
 * @param namespaces in how many mount namespaces they are
 * @param hidden how many processes could not be looked into for lack of rights
 * @param stuck the numbers of those of which the kernel did not tell in time
 * @param inPidNamespace whether there may be processes that this one cannot see
 */
public record MountUsers(
    List<User> users,
    List<User> undelivered,
    int processes,
    int namespaces,
    int hidden,
    List<String> stuck,
    boolean inPidNamespace) {

  /**
   * Somebody who uses the mount.
   *
   * @param processId 0 for the kernel itself
   * @param name the process's name; empty for the kernel
   * @param uses what of it how
   */
  public record User(long processId, String name, List<Use> uses) {

    public User {
      uses = List.copyOf(uses);
    }
  }

  public MountUsers {
    users = List.copyOf(users);
    undelivered = List.copyOf(undelivered);
    stuck = List.copyOf(stuck);
  }

  /**
   * Searches all processes, and the kernel's own users of files.
   *
   * @param mount the mount point
   * @throws UncheckedIOException if processes cannot be listed
   */
  public static MountUsers of(Path mount) {
    try {
      return new MountUserSearch(mount).run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot search for users of " + mount, e);
    }
  }

  /**
   * Returns the inodes of the sockets bound to a name on the mount.
   *
   * @param relative the last parts of relative names that are taken for names on the mount: which
   *     directory such a name is relative to is not told
   */
  static Set<String> boundTo(Path mount, UnixSockets sockets, Set<String> relative) {
    Set<String> inodes = new HashSet<>();
    for (UnixSockets.Socket socket : sockets.sockets()) {
      String name = socket.name();
      boolean isRelative = !name.startsWith("/") && !name.startsWith("@");
      String last = name.substring(name.lastIndexOf('/') + 1);
      if (isOn(mount, name) || (isRelative && relative.contains(last))) {
        inodes.add(socket.inode());
      }
    }
    return inodes;
  }

  /** Returns the files of the mount that are mapped. */
  static Set<String> mapped(Path mount, Maps maps) {
    return maps.files().stream()
        .filter(file -> isOn(mount, file))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns where something is mounted on directories of the mount. */
  static Set<String> mountedOn(Path mount, MountInfo info) {
    return info.mounts().stream()
        .map(MountInfo.Mount::point)
        .filter(point -> point.startsWith(mount + "/"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static boolean isOn(Path mount, String name) {
    // The root of the mount too: "/m", "/m (deleted)" and "/m/a", but not "/m2".
    return name.equals(mount.toString())
        || name.startsWith(mount + "/")
        || name.startsWith(mount + " ");
  }
}
