package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is mounted in a process's mount namespace, from /proc/&lt;pid&gt;/mountinfo (proc(5)).
 *
 * @param mounts in the kernel's order: a later one hides an earlier one at the same place
 */
public record MountInfo(List<Mount> mounts) {

  /**
   * One mount.
   *
   * @param device the file system's number, {@code major:minor}
   * @param root which of the file system's directories is mounted
   * @param point where
   * @param type the file system's type
   */
  public record Mount(String device, String root, String point, String type) {

    private static final Pattern SERVED =
        Pattern.compile(
            "fuse|fuseblk|fuse\\..*|nfs4?|cifs|smb3|ceph|9p|virtiofs|afs|coda|lustre|orangefs");

    /** Returns whether a server answers for it, so that what is asked of it may wait for ever. */
    public boolean isServed() {
      return SERVED.matcher(type).matches();
    }
  }

  public MountInfo {
    mounts = List.copyOf(mounts);
  }

  /** Reads that of a process, by its directory under /proc. */
  public static MountInfo of(Path process) throws IOException {
    return parse(ProcFile.lines(process.resolve("mountinfo")));
  }

  /**
   * Parses the lines; one that is cut off is passed over.
   *
   * <pre>{@code
   * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
   * }</pre>
   */
  public static MountInfo parse(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-"); // Before it come fields that may be none or several.
      if (separator >= 6 && separator + 1 < fields.size()) {
        mounts.add(
            new Mount(
                fields.get(2),
                ProcFile.unescaped(fields.get(3)),
                ProcFile.unescaped(fields.get(4)),
                fields.get(separator + 1)));
      }
    }
    return new MountInfo(mounts);
  }

  /**
   * Returns whether a name can be looked up without asking a server, but for that of the root, as a
   * virtual machine's host.
   */
  public boolean isReachable(String name) {
    return mounts.stream()
        .filter(Mount::isServed)
        .map(Mount::point)
        .noneMatch(point -> !point.equals("/") && (name + "/").startsWith(point + "/"));
  }
}
