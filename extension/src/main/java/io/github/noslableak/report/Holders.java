package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
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
 */
public record Holders(
    List<DescriptorCount> descriptors,
    List<String> opened,
    int closedByCollection,
    long openFilesBefore,
    long openFilesAfter,
    List<String> mounted) {

  private static final int LONGEST_LIST = 8;

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
    if (isAnotherProcess()) {
      long others = openFilesAfter - openFilesBefore;
      lines.add(
          "Another process may hold them: the machine has "
              + Text.count(others, "more files")
              + " open than before, and this JVM has not.");
    }
    if (lines.isEmpty()) {
      lines.add(
          "No process holds them by a descriptor: neither this JVM nor the machine has more files"
              + " open than before. The kernel itself holds them, unless it is a working directory or a file"
              + " left on a tmpfs.");
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
