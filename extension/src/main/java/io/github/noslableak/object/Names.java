package io.github.noslableak.object;

import io.github.noslableak.kernel.MountInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/** Names of dentries, as paths where this process would find them. */
final class Names {

  /** Deeper than PATH_MAX allows a path to be walked. */
  private static final int DEEPEST = 2048;

  private static final int LONGEST = 255;

  /** Mounted where nobody reaches it: its names are made up when somebody asks. */
  private static final String SOCKETS = "sockfs";

  private static final String PIPES = "pipefs";
  private static final String ANONYMOUS = "anon_inodefs";

  private final Fields fields;
  private final Inodes inodes;
  private final MountInfo mounts;

  Names(Fields fields, Inodes inodes, MountInfo mounts) {
    this.fields = fields;
    this.inodes = inodes;
    this.mounts = mounts;
  }

  String of(long dentry) throws Unreadable {
    long superBlock = fields.pointer(dentry, "dentry", "d_sb");
    String type = inodes.type(superBlock);
    long inode = fields.pointer(dentry, "dentry", "d_inode");
    if (type.equals(SOCKETS) || type.equals(PIPES)) {
      String kind = type.equals(SOCKETS) ? "socket" : "pipe";
      return inode == 0 ? kind + ":[?]" : kind + ":[" + inodes.number(inode) + "]";
    }
    if (type.equals(ANONYMOUS)) {
      return "anon_inode:" + name(dentry);
    }
    String path = path(dentry, inodes.device(superBlock));
    if (inode == 0) {
      return path + " (which does not exist)";
    }
    return isUnhashed(dentry) ? path + " (deleted)" : path;
  }

  /** A root has no name to be found by. */
  private boolean isUnhashed(long dentry) throws Unreadable {
    return fields.pointer(dentry, "dentry", "d_hash.pprev") == 0
        && fields.pointer(dentry, "dentry", "d_parent") != dentry;
  }

  private String name(long dentry) throws Unreadable {
    int length = fields.number32(dentry, "dentry", "d_name.len", "__d_name.len");
    long at = fields.pointer(dentry, "dentry", "d_name.name", "__d_name.name");
    return length <= 0 || length > LONGEST ? "?" : fields.text(at, length);
  }

  /** From the root of its file system, and before it where that is mounted. */
  private String path(long dentry, String device) throws Unreadable {
    Deque<String> names = new ArrayDeque<>();
    long at = dentry;
    for (int depth = 0; depth < DEEPEST; depth++) {
      long parent = fields.pointer(at, "dentry", "d_parent");
      if (parent == at) {
        return mounted("/" + String.join("/", names), device);
      }
      names.push(name(at));
      at = parent;
    }
    throw new Unreadable("a name deeper than " + DEEPEST);
  }

  private String mounted(String path, String device) {
    return mounts.mounts().stream()
        .filter(mount -> mount.device().equals(device))
        .filter(mount -> (path + "/").startsWith(directory(mount.root())))
        .max(Comparator.comparing(mount -> mount.root().length()))
        .map(mount -> directory(mount.point()) + relative(path, mount.root()))
        .orElse(path + " of a file system that is not mounted here");
  }

  private static String directory(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static String relative(String path, String root) {
    return path.substring(Math.min(path.length(), directory(root).length()));
  }

  /** Returns the name of a UNIX socket; abstract ones begin with a zero byte, shown as "@". */
  static String ofUnixSocket(byte[] path) {
    int end = path.length;
    while (end > 1 && path[end - 1] == 0) {
      end--;
    }
    String name = new String(path, 0, end, StandardCharsets.UTF_8);
    return Fields.printable(name.startsWith("\0") ? "@" + name.substring(1) : name);
  }
}
