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
 * @param search where users were searched for
 * @param references who took references and did not return them since the mount was made
 */
public record MountReport(
    String mount,
    Duration tried,
    List<MountUser> users,
    List<MountUser> undelivered,
    MountSearch search,
    UnreturnedReferences references) {

  static final int LONGEST_LIST = 8;

  private static final String NEXT = "What to do next:";

  public MountReport {
    users = List.copyOf(users);
    undelivered = List.copyOf(undelivered);
  }

  /**
   * Returns whether nobody is known to use the mount, so that a reference to it has leaked; not
   * where a process did not tell what it uses.
   */
  public boolean isLeakedReference() {
    return users.isEmpty() && search.stuck().isEmpty();
  }

  /** Returns what happened, what it means and what to do next. */
  public String text() {
    List<List<String>> parts = new ArrayList<>(isLeakedReference() ? leaked() : inUse());
    parts.add(List.of("The mount is detached: no path leads to it any more."));
    return Text.paragraphs(parts);
  }

  private List<List<String>> inUse() {
    List<String> used = new ArrayList<>();
    used.add("The private mount is still in use at the end of the test: " + tries() + ".");
    users.forEach(user -> used.addAll(Text.indent(user.lines())));
    if (users.isEmpty()) {
      used.add(search.untold());
    }
    return List.of(
        used,
        List.of(
            NEXT,
            "- Close it before the test ends, or wait in the test for whoever should close it.",
            "- If it only takes its time, set noslableak.linger above the "
                + seconds()
                + " that were tried."));
  }

  private List<List<String>> leaked() {
    return List.of(
        List.of(
            "A reference to a file on the private mount was taken and not returned: "
                + tries()
                + ", and no process holds it."),
        nobody(),
        references.section("Since the mount was made:").rendered(),
        List.of(
            NEXT,
            "- Run the test without the kernel module or the tracing program under suspicion: a"
                + " uprobe on a file of the mount holds one, too.",
            "- Use a new file each time, under @NoSlabLeak(iterations = 100): each lost reference"
                + " then keeps a dentry, which is counted; and where the kernel has kprobes, the"
                + " module's function that took it is named.",
            "- Count who takes and who returns references:"
                + " bpftrace -e 'kprobe:mntget,kprobe:mntput,kprobe:path_get,kprobe:path_put"
                + " { @[probe, kstack] = count(); }'"));
  }

  private String tries() {
    return "umount of %s answers EBUSY after %s".formatted(mount, seconds());
  }

  private String seconds() {
    return String.format(Locale.ROOT, "%.1f s", tried.toMillis() / 1000.0);
  }

  /** Says where nobody was found, and what that means. */
  private List<String> nobody() {
    List<String> lines = new ArrayList<>(search.lines());
    if (!undelivered.isEmpty()) {
      lines.add(
          "Sockets with descriptors in their queues that nobody has received yet; if one is of a file"
              + " on the mount, it is what holds it:");
      undelivered.forEach(socket -> lines.addAll(Text.indent(socket.lines())));
    }
    lines.add(
        (search.isComplete() && undelivered.isEmpty()
                ? "So the kernel itself holds it"
                : "If it is none of these, the kernel itself holds it")
            + ": code that took a reference to a path or an open file there"
            + " (path_get, mntget, fget) did not put it back. References to one and the same file change"
            + " no object counter, so @NoSlabLeak alone may not see them.");
    return lines;
  }
}
