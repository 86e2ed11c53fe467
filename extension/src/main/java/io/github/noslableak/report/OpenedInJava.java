package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where Java code opened descriptors of the kinds that grew, while the body was run again.
 *
 * @param unrecorded why that was not recorded; empty where it was, or was not asked for
 * @param places the places, that first which opens most often
 */
public record OpenedInJava(Optional<Unrecorded> unrecorded, List<Place> places) {

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
    return new OpenedInJava(Optional.empty(), List.of());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    unrecorded.ifPresent(
        why ->
            lines.add(
                "Where they were opened in Java was not recorded: "
                    + why.what()
                    + why.remedy().map(remedy -> "; to have it, " + remedy).orElse("")));
    places.stream()
        .limit(MOST_PLACES)
        .forEach(
            place ->
                lines.add(
                    Text.number(place.times())
                        + " "
                        + place.kind()
                        + " by "
                        + String.join(" < ", place.frames())));
    return lines;
  }
}
