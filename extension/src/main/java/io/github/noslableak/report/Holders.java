package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who may hold what leaked: counts from before and after.
 *
 * @param descriptors this JVM's descriptors by kind
 * @param opened what the descriptors refer to that this JVM has open now and had not before
 * @param closedByCollection how many of those a garbage collection closed in the end
 * @param openFilesBefore open files of the whole machine before
 * @param openFilesAfter open files of the whole machine after
 * @param mounted what is mounted now and was not before
 * @param elsewhere what other processes and file systems in memory hold; empty where that was not
 *     looked at, because the body was not run again
 * @param openedInJava where Java code opened descriptors of the kinds that grew; empty where that
 *     was not recorded
 */
public record Holders(
    List<DescriptorCount> descriptors,
    List<String> opened,
    int closedByCollection,
    long openFilesBefore,
    long openFilesAfter,
    List<String> mounted,
    Optional<Elsewhere> elsewhere,
    List<String> openedInJava) {

  private static final int LONGEST_LIST = 8;

  private static final int MOST_HOLDERS = 3;

  /** What a process is to this JVM. */
  public enum Relation {
    SELF(", this JVM,"),
    CHILD(", started by this JVM,"),
    NONE("");

    private final String text;

    Relation(String text) {
      this.text = text;
    }
  }

  /**
   * A process that holds more than before the body was run again.
   *
   * @param relation what it is to this JVM
   * @param total how many more descriptors, mapped files and places it holds
   * @param added what they refer to
   */
  public record Holder(
      String name, int processId, Relation relation, long total, List<String> added) {

    public Holder {
      added = List.copyOf(added);
    }

    private String line() {
      return "Process "
          + processId
          + " ("
          + name
          + ")"
          + relation.text
          + " holds "
          + Text.number(total)
          + " more than before the body was run again:";
    }
  }

  /**
   * What is held outside this JVM and was not before the body was run again.
   *
   * @param processes those that hold more, the most first
   * @param inMemory files and directories on file systems that live in memory
   * @param lookedInto how many processes were looked into
   * @param hidden how many could not be
   * @param complete whether all file systems in memory could be listed
   */
  public record Elsewhere(
      List<Holder> processes, List<String> inMemory, int lookedInto, int hidden, boolean complete) {

    public Elsewhere {
      processes = List.copyOf(processes);
      inMemory = List.copyOf(inMemory);
    }
  }

  /**
   * Descriptors of one kind.
   *
   * @param kind the kind's name in plural
   */
  public record DescriptorCount(String kind, long before, long after) {

    long growth() {
      return after - before;
    }
  }

  public Holders {
    descriptors = List.copyOf(descriptors);
    opened = List.copyOf(opened);
    mounted = List.copyOf(mounted);
    openedInJava = List.copyOf(openedInJava);
  }

  /** Makes holders where nothing but this JVM and the machine's counts was looked at. */
  public Holders(
      List<DescriptorCount> descriptors,
      List<String> opened,
      int closedByCollection,
      long openFilesBefore,
      long openFilesAfter,
      List<String> mounted) {
    this(
        descriptors,
        opened,
        closedByCollection,
        openFilesBefore,
        openFilesAfter,
        mounted,
        Optional.empty(),
        List.of());
  }

  /** Returns the processes that may hold what leaked: others only where this JVM does not. */
  List<Holder> processes() {
    return elsewhere.stream()
        .flatMap(found -> found.processes().stream())
        .filter(holder -> holder.relation() != Relation.NONE || !isThisJvm())
        .limit(MOST_HOLDERS)
        .toList();
  }

  /** Returns the files that are left on file systems in memory. */
  List<String> inMemory() {
    return elsewhere.map(Elsewhere::inMemory).orElse(List.of());
  }

  /** Returns whether nobody is known who holds what leaked, but the kernel itself. */
  boolean isUnexplained() {
    return !isThisJvm()
        && mounted.isEmpty()
        && processes().isEmpty()
        && inMemory().isEmpty()
        && !isAnotherProcess();
  }

  /** Returns whether this JVM has more descriptors of some kind open than before. */
  boolean isThisJvm() {
    return descriptors.stream().anyMatch(count -> count.growth() > 0);
  }

  /** Returns how many descriptors more there are of the kinds that grew. */
  private long growthOfJvm() {
    return descriptors.stream().mapToLong(DescriptorCount::growth).filter(n -> n > 0).sum();
  }

  /**
   * Returns whether fewer descriptors stayed open in this JVM than objects of a cache: then they
   * alone do not explain it. A mount holds many objects, so it leaves the question open.
   */
  boolean isMoreThanThisJvm(long mostLeaked) {
    return isThisJvm() && mounted.isEmpty() && growthOfJvm() < mostLeaked;
  }

  /**
   * Returns whether more files are open on the machine and neither this JVM nor a mount explains
   * it. Where one does, files that others open in passing would only mislead.
   */
  boolean isAnotherProcess() {
    return !isThisJvm() && mounted.isEmpty() && openFilesAfter > openFilesBefore;
  }

  private static final String NOBODY_BY_DESCRIPTOR =
      "No process holds them by a descriptor: neither this JVM nor the machine has more files open"
          + " than before. The kernel itself holds them, unless it is a working directory or a file left"
          + " on a tmpfs.";

  private static String nobody(Elsewhere looked) {
    List<String> unless = new ArrayList<>();
    if (looked.hidden() > 0) {
      unless.add(
          (looked.hidden() == 1
                  ? "the one process"
                  : "one of the " + Text.count(looked.hidden(), "processes"))
              + " does that could not be looked into");
    }
    if (!looked.complete()) {
      unless.add("a file in memory does, of which there were too many to list");
    }
    return "No process holds them: of "
        + Text.count(looked.lookedInto(), "processes")
        + ", none that was there before the body was run again holds as many more descriptors, mapped"
        + " files or working directories since, and no such files were left in memory. "
        + (unless.isEmpty()
            ? "The kernel itself holds them."
            : "Unless " + String.join(", or ", unless) + ", the kernel itself holds them.");
  }

  /**
   * Returns the text.
   *
   * @param mostLeaked the greatest number of objects that a cache leaked
   */
  List<String> lines(long mostLeaked) {
    List<String> lines = new ArrayList<>();
    if (isThisJvm()) {
      lines.add(
          descriptors.stream()
                  .filter(count -> count.growth() > 0)
                  .map(count -> Text.count(count.growth(), count.kind()))
                  .collect(Collectors.joining(" and "))
              + (growthOfJvm() == 1 ? " is" : " are")
              + " still open in this JVM:");
      lines.addAll(Text.indent(Text.counted(opened, LONGEST_LIST)));
      if (!openedInJava.isEmpty()) {
        lines.add("Opened in Java while the body was run again, one of these and not closed:");
        lines.addAll(Text.indent(openedInJava));
      }
      if (closedByCollection > 0) {
        String they =
            opened.size() == 1
                ? "A garbage collection closed it"
                : "A garbage collection closed "
                    + (closedByCollection >= opened.size()
                        ? "all of them"
                        : Text.number(closedByCollection) + " of them");
        lines.add(
            they + " in the end: nothing refers to it any more, and a close() was forgotten.");
      }
    }
    if (isMoreThanThisJvm(mostLeaked)) {
      lines.add(
          "That is fewer than the "
              + Text.number(mostLeaked)
              + " objects left. An open file also keeps the directories above it; what is left beyond"
              + " that, the kernel or another process holds.");
    }
    if (!mounted.isEmpty()) {
      lines.add(
          Text.count(mounted.size(), "mounts")
              + (mounted.size() == 1 ? " is" : " are")
              + " still mounted:");
      lines.addAll(Text.indent(Text.counted(mounted, LONGEST_LIST)));
    }
    for (Holder holder : processes()) {
      lines.add(holder.line());
      lines.addAll(Text.indent(Text.counted(holder.added(), LONGEST_LIST)));
    }
    if (!inMemory().isEmpty()) {
      lines.add(
          Text.count(inMemory().size(), "files")
              + (inMemory().size() == 1 ? " was" : " were")
              + " left in memory when the body was run again, and "
              + (inMemory().size() == 1 ? "holds its" : "hold their")
              + " dentries and inodes:");
      lines.addAll(Text.indent(Text.counted(inMemory(), LONGEST_LIST)));
    }
    if (isAnotherProcess() && processes().isEmpty()) {
      long others = openFilesAfter - openFilesBefore;
      lines.add(
          "Another process may hold them: the machine has "
              + Text.count(others, "more files")
              + " open than before, and this JVM has not.");
    }
    if (lines.isEmpty()) {
      lines.add(elsewhere.map(Holders::nobody).orElse(NOBODY_BY_DESCRIPTOR));
    }
    lines.add(
        "Descriptors of this JVM: "
            + descriptors.stream()
                .map(
                    count ->
                        count.kind()
                            + " "
                            + Text.number(count.before())
                            + " -> "
                            + Text.number(count.after()))
                .collect(Collectors.joining(", "))
            + ". Open files of the machine: "
            + Text.number(openFilesBefore)
            + " -> "
            + Text.number(openFilesAfter)
            + ".");
    return lines;
  }
}
