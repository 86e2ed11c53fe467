package io.github.noslableak.slab;

import java.util.List;

/**
 * A slab cache as watched: one row of a verdict.
 *
 * @param name the name it was asked for by
 * @param directories the directories under /sys/kernel/slab whose objects are summed; more than one
 *     only for the random copies of a kmalloc cache
 * @param aliases the other caches in the same slabs: SLUB merges caches of like size and flags, and
 *     then one counter counts the objects of all of them
 */
public record SlabCache(String name, List<String> directories, List<String> aliases) {

  public SlabCache {
    directories = List.copyOf(directories);
    aliases = List.copyOf(aliases);
  }
}
