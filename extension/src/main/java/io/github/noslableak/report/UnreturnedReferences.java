package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which references kernel modules took and did not return.
 *
 * @param found most references first; none where all were returned, or were not followed
 * @param lostCalls calls that were not recorded: where it is not 0, references may be missing here,
 *     and others be listed that were returned
 * @param unfollowed why references were not followed, with what grants it; empty where they were,
 *     or need not be
 */
public record UnreturnedReferences(
    List<UnreturnedReference> found, long lostCalls, Optional<String> unfollowed) {

  public UnreturnedReferences {
    found =
        found.stream()
            .sorted(
                Comparator.comparingLong(UnreturnedReference::unreturned)
                    .reversed()
                    .thenComparing(UnreturnedReference::sentence))
            .toList();
  }

  /** None are missing, or nobody asked. */
  public static UnreturnedReferences none() {
    return new UnreturnedReferences(List.of(), 0, Optional.empty());
  }

  /**
   * They were not followed.
   *
   * @param why a sentence with what grants it
   */
  public static UnreturnedReferences unfollowed(String why) {
    return new UnreturnedReferences(List.of(), 0, Optional.of(why));
  }

  /** Returns whether a function is named that took a reference and did not return it. */
  boolean namesFunctions() {
    return !found.isEmpty();
  }

  /**
   * Returns what there is to say.
   *
   * @param period in which time they were followed
   */
  Section section(String period) {
    return new Section("Which reference was not returned", lines(period));
  }

  private List<String> lines(String period) {
    if (found.isEmpty()) {
      return unfollowed.stream().map(why -> "References were not followed: " + why).toList();
    }
    List<String> lines = new ArrayList<>();
    found.forEach(reference -> lines.addAll(reference.lines()));
    if (lostCalls > 0) {
      lines.add(
          Text.number(lostCalls)
              + (lostCalls == 1 ? " call was" : " calls were")
              + " not recorded, so that these numbers may be too high or too low.");
    }
    return Text.under(period, lines);
  }
}
