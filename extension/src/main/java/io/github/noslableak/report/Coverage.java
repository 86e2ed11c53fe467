package io.github.noslableak.report;

import io.github.noslableak.verdict.Unjudged;
import java.util.List;

/**
 * What the verdict does not cover.
 *
 * @param unjudged caches that were asked for and could not be judged
 * @param leftOut members of a watched group that are not judged, because they share their slabs
 *     with unrelated caches
 * @param shared watched caches that share their slabs with others
 */
public record Coverage(List<Unjudged> unjudged, List<SharedSlab> leftOut, List<SharedSlab> shared) {

  public Coverage {
    unjudged = List.copyOf(unjudged);
    leftOut = List.copyOf(leftOut);
    shared = List.copyOf(shared);
  }

  /**
   * A cache whose counter also counts the objects of others.
   *
   * @param cache the cache
   * @param others the names of the others
   */
  public record SharedSlab(String cache, List<String> others) {

    public SharedSlab {
      others = List.copyOf(others);
    }
  }
}
