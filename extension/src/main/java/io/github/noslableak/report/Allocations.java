package io.github.noslableak.report;

import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who allocated what is left of the iterations that were followed.
 *
 * @param groups objects by cache, owner and way of allocation
 * @param lostEvents events that were not recorded: what is said here may lack something then
 * @param booked what the kernel's own books say, where it keeps any
 */
public record Allocations(List<Group> groups, long lostEvents, List<Booked> booked) {

  private static final int MOST_GROUPS = 5;
  private static final int MOST_FRAMES = 12;

  /**
   * Objects of one cache that one task allocated in one way.
   *
   * @param whose whose work it was
   * @param owner the task that allocated them
   * @param objects how many are left
   * @param frames the functions, innermost first, those of modules with the module's name
   * @param iteration the first iteration in which one of them was allocated, from 1 on
   */
  public record Group(
      String cache, Whose whose, Task owner, long objects, List<String> frames, int iteration) {

    public Group {
      frames = List.copyOf(frames);
    }
  }

  /** Makes those of a kernel that keeps no books. */
  public Allocations(List<Group> groups, long lostEvents) {
    this(groups, lostEvents, List.of());
  }

  /** Returns the same with what the kernel's own books say. */
  public Allocations with(List<Booked> other) {
    return new Allocations(groups, lostEvents, other);
  }

  public Allocations {
    booked = List.copyOf(booked);
    groups =
        groups.stream()
            .sorted(
                Comparator.comparing(Group::whose)
                    .thenComparing(Comparator.comparingLong(Group::objects).reversed())
                    .thenComparing(Group::cache)
                    .thenComparing(group -> group.frames().toString()))
            .toList();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(ofTest());
    lines.addAll(others());
    booked.forEach(
        book -> lines.addAll(allocatedBy(book.says() + ", allocated by:", book.frames())));
    if (lostEvents > 0) {
      lines.add(
          "The kernel lost "
              + Text.count(lostEvents, "events")
              + ", so some of this may be missing or have gone.");
    }
    return lines;
  }

  /** Says who allocated for the test, and in which way. */
  private List<String> ofTest() {
    List<Group> ofTest = groups.stream().filter(group -> group.whose() != Whose.OTHERS).toList();
    List<String> lines = new ArrayList<>();
    ofTest.stream()
        .limit(MOST_GROUPS)
        .forEach(group -> lines.addAll(allocatedBy(heading(group), group.frames())));
    int more = ofTest.size() - MOST_GROUPS;
    if (more > 0) {
      lines.add("and " + Text.count(more, "more groups"));
    }
    return lines;
  }

  private static List<String> allocatedBy(String heading, List<String> frames) {
    return Text.under(heading, List.of(stack(frames)));
  }

  private static String heading(Group group) {
    return Text.number(group.objects())
        + " "
        + group.cache()
        + " by "
        + group.owner().says()
        + ", first in iteration "
        + Text.number(group.iteration())
        + ":";
  }

  /** Says in a line who else allocated: other processes, and what works for no test. */
  private List<String> others() {
    Map<String, Map<String, Long>> byProcess = new LinkedHashMap<>();
    for (Group group : groups) {
      if (group.whose() == Whose.OTHERS) {
        byProcess
            .computeIfAbsent(group.owner().says(), owner -> new LinkedHashMap<>())
            .merge(group.cache(), group.objects(), Long::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    byProcess.forEach(
        (owner, caches) -> {
          List<String> counts = new ArrayList<>();
          caches.forEach((cache, objects) -> counts.add(Text.number(objects) + " " + cache));
          lines.add("Others: " + String.join(", ", counts) + " by " + owner);
        });
    return lines.size() <= MOST_GROUPS ? lines : lines.subList(0, MOST_GROUPS);
  }

  private static String stack(List<String> frames) {
    return String.join(" < ", frames.subList(0, Math.min(frames.size(), MOST_FRAMES)))
        + (frames.size() > MOST_FRAMES ? " < ..." : "");
  }
}
