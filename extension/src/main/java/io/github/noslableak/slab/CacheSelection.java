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
   * @param aliases the other caches in its slabs, of which some are unrelated to the group
   */
  public record LeftOut(String name, List<String> aliases) {

    public LeftOut {
      aliases = List.copyOf(aliases);
    }
  }

  public CacheSelection {
    watched = List.copyOf(watched);
    leftOut = List.copyOf(leftOut);
  }
}
