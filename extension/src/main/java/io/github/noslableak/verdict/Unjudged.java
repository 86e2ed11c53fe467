package io.github.noslableak.verdict;

import java.util.List;

/**
 * A cache that was asked for and could not be judged, and why not. It is named in every report, so
 * that silence about it is not taken for a clean verdict.
 */
public sealed interface Unjudged {

  /** Returns the cache's name. */
  String cache();

  /** It was there at the opening and not at the closing. */
  record Vanished(String cache) implements Unjudged {}

  /** It was there at the closing and not at the opening. */
  record Appeared(String cache) implements Unjudged {}

  /** Its counter could be read at one of both times only: a kernel module brings it along. */
  record CameOrWent(String cache) implements Unjudged {}

  /**
   * Its counter is beyond what any machine has.
   *
   * @param before what it said at the opening, unsigned
   * @param after what it said at the closing, unsigned
   */
  record WrappedAround(String cache, long before, long after) implements Unjudged {}

  /**
   * Other caches count in the same counter now and did not before, or the other way round.
   *
   * @param others the names of those, sorted
   */
  record Merged(String cache, List<String> others) implements Unjudged {

    public Merged {
      others = List.copyOf(others);
    }
  }
}
