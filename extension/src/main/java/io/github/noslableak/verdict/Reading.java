package io.github.noslableak.verdict;

import java.util.OptionalLong;
import java.util.Set;

/**
 * What was read of one cache at one time.
 *
 * @param cache the cache's name
 * @param objects its objects, quiesced; empty where the cache was not there
 * @param unrest by how many objects it moved by itself meanwhile, 0 at rest
 * @param sharedWith the other caches that count in the same counter
 */
public record Reading(String cache, OptionalLong objects, long unrest, Set<String> sharedWith) {

  public Reading {
    sharedWith = Set.copyOf(sharedWith);
  }
}
