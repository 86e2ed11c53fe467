package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where Java code opened what is left, or may have, while the body was run again.
 *
 * @param sure whether what they opened is known to be left; else all places are told that opened
 *     something
 * @param unrecorded why that was not recorded; empty where it was, or was not asked for
 * @param places the places, that first which opens most often
 */
public record OpenedInJava(boolean sure, Optional<Unrecorded> unrecorded, List<Place> places) {

  private static final int MOST_PLACES = 4;

  /**
   * What keeps it from being recorded.
   *
   * @param what what is in the way, as it says itself
   * @param remedy what takes it away, as an imperative; empty where nothing is known to
   */
  public record Unrecorded(String what, Optional<String> remedy) {}

  /**
   * A place in the code.
   *
   * @param kind what it opens, in plural
   * @param times how often it did
   * @param frames the methods with their lines, innermost first
   */
  public record Place(String kind, long times, List<String> frames) {

    public Place {
      frames = List.copyOf(frames);
    }
  }

  public OpenedInJava {
    places = List.copyOf(places);
  }

  /** Returns that of a body that was not run again. */
  public static OpenedInJava nothing() {
    return new OpenedInJava(false, Optional.empty(), List.of());
  }

  /** Returns that of places each of which is known to have opened something that is left. */
  public static OpenedInJava left(Optional<Unrecorded> unrecorded, List<Place> places) {
    return new OpenedInJava(true, unrecorded, places);
  }

  /** Returns that of all places that opened something, where it is not known what is left. */
  public static OpenedInJava suspects(Optional<Unrecorded> unrecorded, List<Place> places) {
    return new OpenedInJava(false, unrecorded, places);
  }

  /**
   * Returns it in words.
   *
   * @param grown the kinds of descriptors of which this JVM has more: without knowing what is left,
   *     only who opened such is suspected
   */
  List<String> lines(Set<String> grown) {
    List<String> lines = new ArrayList<>();
    unrecorded.ifPresent(
        why ->
            lines.add(
                "Where they were opened in Java was not recorded: "
                    + why.what()
                    + why.remedy().map(remedy -> "; to have it, " + remedy).orElse("")));
    List<String> told =
        places.stream()
            .filter(place -> sure || grown.contains(descriptors(place.kind())))
            .map(
                place ->
                    Text.count(place.times(), place.kind())
                        + " by "
                        + String.join(" < ", place.frames()))
            .toList();
    if (!told.isEmpty()) {
      lines.addAll(
          Text.under(
              sure
                  ? "Opened in Java while the body was run again, and left:"
                  : "Opened in Java while the body was run again, one of these and not closed:",
              Text.counted(told, MOST_PLACES)));
    }
    return lines;
  }

  /** Returns what descriptors of a kind of thing that is opened are counted as. */
  private static String descriptors(String kind) {
    return switch (kind) {
      case "files" -> "file descriptors";
      case "watch services" -> "other anonymous inodes";
      default -> kind;
    };
  }
}
