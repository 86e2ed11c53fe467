package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who holds what leaked; or that nobody does, and how far that was looked into. */
final class HoldersText {

  private static final int FEW = 3;

  private static final String NOBODY_BY_DESCRIPTOR =
      "No process holds them by a descriptor: neither this JVM nor the machine has more files open"
          + " than before. The kernel itself holds them, unless it is a working directory or a file left"
          + " on a tmpfs.";

  private static final String GARBAGE =
      "Nobody holds them any more: a garbage collection closed them meanwhile. Nothing in this JVM"
          + " referred to them, and a close() was forgotten.";

  private final Holders holders;
  private final List<Purpose> purposes;
  private final Map<String, String> names;
  private final List<String> closedConnections;
  private final Optional<PointedAt> pointers;
  private final long mostLeaked;
  private final int longest;

  /**
   * Makes the text.
   *
   * @param conclusion what leaked
   * @param longest how many lines of a list are shown
   */
  HoldersText(SlabReport.Evidence evidence, Conclusion conclusion, int longest) {
    this.holders = evidence.holders();
    this.purposes = evidence.purposes(conclusion);
    this.names = evidence.left().names();
    this.closedConnections = evidence.left().closedConnections();
    this.pointers = evidence.left().pointers();
    this.mostLeaked = conclusion.mostLeaked();
    this.longest = longest;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Stream.of(
            thisJvm(),
            moreThanThisJvm(),
            started(),
            inKernel(),
            mounts(),
            processes(),
            inMemory(),
            anotherProcess())
        .forEach(lines::addAll);
    if (holders.isGarbage()) {
      lines.add(GARBAGE);
    } else if (lines.isEmpty() && !purposes.isEmpty()) {
      lines.add(
          "The kernel holds them for "
              + purposes.stream().map(Purpose::what).collect(Collectors.joining(", and for "))
              + ".");
    } else if (lines.isEmpty() && !closedConnections.isEmpty()) {
      lines.addAll(
          list(
              "The kernel holds them for connections that were closed, and whose peers have not taken"
                  + " all that was sent:",
              closedConnections));
    } else if (lines.isEmpty()) {
      lines.add(holders.elsewhere().map(HoldersText::nobody).orElse(NOBODY_BY_DESCRIPTOR));
      pointers.flatMap(PointedAt::inShort).ifPresent(lines::add);
    }
    lines.addAll(openedInJava());
    return lines;
  }

  private List<String> list(String heading, List<String> items) {
    return Text.under(
        heading,
        Text.counted(items.stream().map(item -> names.getOrDefault(item, item)).toList(), longest));
  }

  private List<String> thisJvm() {
    if (!holders.isThisJvm()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(list(stillOpen(), holders.opened()));
    closed().ifPresent(lines::add);
    return lines;
  }

  private List<String> openedInJava() {
    return holders
        .openedInJava()
        .lines(
            holders.descriptors().stream()
                .filter(count -> count.growth() > 0)
                .map(DescriptorCount::kind)
                .collect(Collectors.toSet()));
  }

  private String stillOpen() {
    return holders.descriptors().stream()
            .filter(count -> count.growth() > 0)
            .map(count -> Text.count(count.growth(), count.kind()))
            .collect(Collectors.joining(" and "))
        + (holders.growthOfJvm() == 1 ? " is" : " are")
        + " still open in this JVM:";
  }

  private Optional<String> closed() {
    int closed = holders.closedByCollection();
    if (closed == 0) {
      return Optional.empty();
    }
    int opened = holders.opened().size();
    String what = closed >= opened ? "all of them" : Text.number(closed) + " of them";
    return Optional.of(
        "A garbage collection closed "
            + (opened == 1 ? "it" : what)
            + " in the end: nothing refers to "
            + (closed == 1 ? "it" : "them")
            + " any more, and a close() was forgotten.");
  }

  private List<String> moreThanThisJvm() {
    return holders.isMoreThanThisJvm(mostLeaked)
        ? List.of(
            "That is fewer than the "
                + Text.number(mostLeaked)
                + " objects left. An open file also keeps the directories above it; what is left beyond"
                + " that, the kernel or another process holds.")
        : List.of();
  }

  private List<String> mounts() {
    List<String> mounted = holders.mounted();
    return mounted.isEmpty()
        ? List.of()
        : list(
            Text.count(mounted.size(), "mounts")
                + (mounted.size() == 1 ? " is" : " are")
                + " still mounted:",
            mounted);
  }

  private List<String> processes() {
    return holders.processes().stream()
        .flatMap(holder -> list(heading(holder), holder.added()).stream())
        .toList();
  }

  /** Says whom the test started: whatever any process holds goes with it. */
  private List<String> started() {
    List<HoldingProcess> started = holders.started();
    if (started.isEmpty()) {
      return List.of();
    }
    return list(
        (started.size() == 1
            ? "1 process was started by the test and still runs:"
            : Text.number(started.size()) + " processes were started by the test and still run:"),
        started.stream().map(HoldersText::running).toList());
  }

  private static String running(HoldingProcess holder) {
    return holder.name()
        + " ("
        + holder.processId()
        + ")"
        + (holder.added().isEmpty()
            ? ""
            : ", which holds " + String.join(", ", Text.counted(holder.added(), FEW)));
  }

  private List<String> inKernel() {
    List<String> lines = new ArrayList<>();
    holders
        .registrations()
        .forEach(
            registration ->
                lines.add(
                    registration.target()
                        + " of this JVM has "
                        + Text.count(registration.more(), registration.what().plural())
                        + " more than before the body was run again."));
    holders.inKernel().uses().forEach(use -> lines.add(use.what() + "."));
    return lines;
  }

  private static String heading(HoldingProcess holder) {
    return "Process "
        + holder.processId()
        + " ("
        + holder.name()
        + ")"
        + switch (holder.relation()) {
          case SELF -> ", this JVM,";
          case CHILD, STARTED -> ", started by this JVM,";
          case NONE -> "";
        }
        + " holds "
        + Text.number(holder.total())
        + " more than before the body was run again:";
  }

  private List<String> inMemory() {
    List<String> files = holders.inMemory();
    return files.isEmpty()
        ? List.of()
        : list(
            Text.count(files.size(), "files")
                + (files.size() == 1 ? " was" : " were")
                + " left in memory when the body was run again, and "
                + (files.size() == 1 ? "holds its" : "hold their")
                + " dentries and inodes:",
            files);
  }

  private List<String> anotherProcess() {
    return holders
        .openFiles()
        .filter(count -> purposes.isEmpty() && holders.isAnotherProcess())
        .map(
            count ->
                "Another process may hold them: the machine has "
                    + Text.count(count.after() - count.before(), "more files")
                    + " open than before, and this JVM has not.")
        .stream()
        .toList();
  }

  private static String nobody(Elsewhere looked) {
    List<String> unless = unless(looked);
    return "No process holds them: of "
        + Text.count(looked.lookedInto(), "processes")
        + ", none that was there before the body was run again holds as many more descriptors, mapped"
        + " files or working directories since, and no such files were left in memory. "
        + (unless.isEmpty()
            ? "The kernel itself holds them."
            : "Unless " + String.join(", or ", unless) + ", the kernel itself holds them.");
  }

  /** Returns what could not be seen. */
  private static List<String> unless(Elsewhere looked) {
    List<String> unless = new ArrayList<>();
    if (looked.hidden() > 0) {
      unless.add(
          (looked.hidden() == 1
                  ? "the one process"
                  : "one of the " + Text.count(looked.hidden(), "processes"))
              + " does that could not be looked into"
              + stuck(looked.stuck()));
    }
    if (!looked.complete()) {
      unless.add("a file in memory does, of which there were too many to list");
    }
    return unless;
  }

  private static String stuck(List<Elsewhere.Stuck> stuck) {
    return stuck.isEmpty()
        ? ""
        : " (the kernel did not tell in time what these hold: "
            + stuck.stream()
                .map(process -> process.name() + " (" + process.processId() + ")")
                .collect(Collectors.joining(", "))
            + ")";
  }

  /** Says how many descriptors and open files there were before and after. */
  String counts() {
    return "Descriptors of this JVM: "
        + holders.descriptors().stream()
            .map(
                count ->
                    count.kind()
                        + " "
                        + Text.number(count.before())
                        + " -> "
                        + Text.number(count.after()))
            .collect(Collectors.joining(", "))
        + "."
        + holders
            .openFiles()
            .map(
                count ->
                    " Open files of the machine: "
                        + Text.number(count.before())
                        + " -> "
                        + Text.number(count.after())
                        + ".")
            .orElse("");
  }
}
