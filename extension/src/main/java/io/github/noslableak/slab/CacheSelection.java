package io.github.noslableak.slab;

import java.util.List;

/**
 * What a list of names, globs and groups stands for on this kernel.
 *
 * @param watched the caches to judge, sorted by name, each slab once
 * @param leftOut members of a group that this kernel cannot tell apart from unrelated caches
 */
public record CacheSelection(List<SlabCache> watched, List<LeftOut> leftOut) {

  /**
   * A cache that a group would hold, but that is not judged.
   *
   * @param name the cache
   * @param sharedWith the unrelated caches in its slabs
   */
  public record LeftOut(String name, List<String> sharedWith) {

    public LeftOut {
      sharedWith = List.copyOf(sharedWith);
    }
  }

  public CacheSelection {
    watched = List.copyOf(watched);
    leftOut = List.copyOf(leftOut);
  }
}
