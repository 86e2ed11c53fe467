package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the objects are that are left, as they lie in the kernel's memory.
 *
 * @param objects those that were looked at
 * @param pointers what points at them, where that was looked for
 * @param openers the numbers of the processes that have one of those open that are open files;
 *     empty where none are, or that could not be told
 * @param unread why they could not be read or searched for, where that was tried
 */
public record LeftBehind(
    List<Left> objects,
    Optional<PointedAt> pointers,
    Optional<Set<Integer>> openers,
    Optional<String> unread) {

  private static final int LONGEST_LIST = 8;

  /**
   * A connection that no descriptor leads to any more, in a state in which it waits until the peer
   * has taken all that was sent (include/net/tcp_states.h).
   */
  private static final Pattern CLOSED =
      Pattern.compile("TCP .* (FIN_WAIT1|CLOSING|LAST_ACK) \\(closed\\)");

  /**
   * An object.
   *
   * @param cache its cache's name
   * @param name what it is of, as the kernel's files name the like
   * @param references how many there are to it, where it counts them
   */
  public record Left(String cache, String name, OptionalLong references) {

    /** Returns what a descriptor that leads to it refers to, as /proc/&lt;pid&gt;/fd has it. */
    public String target() {
      return name.startsWith("socket:[") ? name.substring(0, name.indexOf(']') + 1) : name;
    }

    private String says() {
      return references.isPresent()
          ? name + ", " + Text.count(references.getAsLong(), "references")
          : name;
    }
  }

  public LeftBehind {
    objects =
        objects.stream()
            .sorted(
                Comparator.comparing(Left::cache)
                    .thenComparing(
                        Comparator.comparingLong((Left left) -> left.references().orElse(0))
                            .reversed())
                    .thenComparing(Left::name))
            .toList();
  }

  /** Makes that of a measurement that leaves nothing, or nothing that can be told apart. */
  public static LeftBehind nothing() {
    return new LeftBehind(List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Makes that of objects that were read. */
  public static LeftBehind of(List<Left> objects) {
    return new LeftBehind(objects, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Makes that of objects that could not be.
   *
   * @param why a clause
   */
  public static LeftBehind unread(String why) {
    return new LeftBehind(List.of(), Optional.empty(), Optional.empty(), Optional.of(why));
  }

  /** Adds what points at them. */
  public LeftBehind with(PointedAt found) {
    return new LeftBehind(objects, Optional.of(found), openers, unread);
  }

  /**
   * Adds why what points at them could not be looked for.
   *
   * @param why a clause
   */
  public LeftBehind unsearched(String why) {
    return new LeftBehind(objects, pointers, openers, Optional.of(why));
  }

  /** Adds which processes have one of the open files open. */
  public LeftBehind withOpeners(Set<Integer> processes) {
    return new LeftBehind(objects, pointers, Optional.of(Set.copyOf(processes)), unread);
  }

  /**
   * Returns the connections among them that were closed, and that the kernel keeps until the peer
   * has taken all that was sent, or until that takes too long; none where they are not all that is
   * left, but for their peers.
   */
  public List<String> closedConnections() {
    List<String> closed =
        objects.stream().map(Left::name).filter(CLOSED.asMatchPredicate()).toList();
    boolean all = objects.stream().allMatch(left -> left.name().startsWith("TCP "));
    return all && 2 * closed.size() >= objects.size() ? closed : List.of();
  }

  /** Returns what points at them. */
  List<String> pointerLines() {
    return pointers.map(PointedAt::lines).orElse(List.of());
  }

  /** Returns by what a descriptor refers to what more is known of it. */
  Map<String, String> names() {
    return objects.stream()
        .collect(
            Collectors.toMap(
                Left::target,
                Left::name,
                (one, other) -> one.length() >= other.length() ? one : other));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Map<String, List<Left>> byCache =
        objects.stream()
            .collect(Collectors.groupingBy(Left::cache, TreeMap::new, Collectors.toList()));
    byCache.forEach(
        (cache, left) ->
            lines.addAll(
                Text.under(
                    cache + ":",
                    Text.counted(left.stream().map(Left::says).toList(), LONGEST_LIST))));
    unread.ifPresent(why -> lines.add("Not looked at: " + why + "."));
    return lines;
  }
}
