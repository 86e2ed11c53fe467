package io.github.noslableak.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A private mount that could not be unmounted when its test was over.
 *
 * @param mount where it was mounted, and its type
 * @param tried how long unmounting was tried
 * @param users who uses it; empty if nobody does whom the kernel tells
 * @param undelivered sockets with descriptors in their queues, which may be of files of the mount
 * @param processes how many processes were looked into
 * @param namespaces in how many mount namespaces they are
 * @param hidden how many processes could not be looked into
 * @param inPidNamespace whether there may be processes that cannot be seen from here
 * @param references who took references and did not return them, or why that is not known; a line
 *     each
 */
public record MountReport(
    String mount,
    Duration tried,
    List<User> users,
    List<User> undelivered,
    int processes,
    int namespaces,
    int hidden,
    boolean inPidNamespace,
    List<String> references) {

  private static final int LONGEST_LIST = 8;

  /**
   * Somebody who uses the mount.
   *
   * @param who the process, or what of the kernel it is
   * @param uses what of it how
   */
  public record User(String who, List<String> uses) {

    public User {
      uses = List.copyOf(uses);
    }

    private List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(who + ":");
      lines.addAll(Text.indent(Text.counted(uses, LONGEST_LIST)));
      return lines;
    }
  }

  public MountReport {
    users = List.copyOf(users);
    undelivered = List.copyOf(undelivered);
    references = List.copyOf(references);
  }

  /** Returns whether nobody is known to use the mount, so that a reference to it has leaked. */
  public boolean isLeakedReference() {
    return users.isEmpty();
  }

  /** Returns what happened, what it means and what to do next. */
  public String text() {
    List<String> lines = isLeakedReference() ? leaked() : inUse();
    lines.add("");
    lines.add("The mount is detached: no path leads to it any more.");
    return String.join("\n", lines);
  }

  private String tries() {
    return String.format(
        Locale.ROOT, "umount of %s answers EBUSY after %.1f s", mount, tried.toMillis() / 1000.0);
  }

  private List<String> inUse() {
    List<String> lines = new ArrayList<>();
    lines.add("The private mount is still in use at the end of the test: " + tries() + ".");
    users.forEach(user -> lines.addAll(Text.indent(user.lines())));
    lines.add("");
    lines.add("What to do next:");
    lines.add("- Close it before the test ends, or wait in the test for whoever should close it.");
    lines.add(
        "- If it only takes its time, set noslableak.linger above the "
            + String.format(Locale.ROOT, "%.1f s", tried.toMillis() / 1000.0)
            + " that were tried.");
    return lines;
  }

  private List<String> leaked() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "A reference to a file on the private mount was taken and not returned: "
            + tries()
            + ", and no process holds it.");
    lines.add("");
    lines.add(
        "Looked at "
            + Text.number(processes)
            + (processes == 1 ? " process in " : " processes in ")
            + Text.count(namespaces, "mount namespaces")
            + ": descriptors, working and root directories, programs, mapped files and bound"
            + " sockets; and at other mounts on it, loop devices and swap files.");
    if (hidden > 0) {
      lines.add(
          Text.number(hidden)
              + (hidden == 1 ? " process" : " processes")
              + " could not be looked into for lack of rights.");
    }
    if (inPidNamespace) {
      lines.add(
          "Processes outside this container cannot be seen from here; one of them may hold it.");
    }
    if (!undelivered.isEmpty()) {
      lines.add(
          "Sockets with descriptors in their queues that nobody has received yet; if one is of a file"
              + " on the mount, it is what holds it:");
      undelivered.forEach(socket -> lines.addAll(Text.indent(socket.lines())));
    }
    lines.add(
        (hidden == 0 && !inPidNamespace && undelivered.isEmpty()
                ? "So the kernel itself holds it"
                : "If it is none of these, the kernel itself holds it")
            + ": code that took a reference to a path or an open file there"
            + " (path_get, mntget, fget) did not put it back. References to one and the same file change"
            + " no object counter, so @NoSlabLeak alone may not see them.");
    if (!references.isEmpty()) {
      lines.add("");
      lines.add("Which reference was not returned");
      lines.addAll(Text.indent(references));
    }
    lines.add("");
    lines.add("What to do next:");
    lines.add(
        "- Run the test without the kernel module or the tracing program under suspicion: a uprobe"
            + " on a file of the mount holds one, too.");
    lines.add(
        "- Use a new file each time, under @NoSlabLeak(iterations = 100): each lost reference then"
            + " keeps a dentry, which is counted; and where the kernel has kprobes, the module's function"
            + " that took it is named.");
    lines.add(
        "- Count who takes and who returns references:"
            + " bpftrace -e 'kprobe:mntget,kprobe:mntput,kprobe:path_get,kprobe:path_put"
            + " { @[probe, kstack] = count(); }'");
    return lines;
  }
}
