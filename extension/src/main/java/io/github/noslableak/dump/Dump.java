package io.github.noslableak.dump;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a machine said about its memory at one moment.
 *
 * @param source where that was read, as the reader knows it
 * @param memory its memory as a whole
 * @param caches its slab caches, each name once
 * @param aliases for each cache the further names that the kernel merged into it
 * @param uptime how long it had been running
 * @param taken when it was said
 * @param kernel the kernel's release, such as 6.1.0-56-cloud-amd64
 * @param foreignModules kernel modules that are not part of the kernel's own tree
 * @param notes what the reader should know of what was read
 */
public record Dump(
    String source,
    Optional<Memory> memory,
    List<CacheUse> caches,
    Map<String, List<String>> aliases,
    Optional<Duration> uptime,
    Optional<Instant> taken,
    Optional<String> kernel,
    List<String> foreignModules,
    List<String> notes) {

  public Dump {
    caches = List.copyOf(caches);
    aliases = Map.copyOf(aliases);
    foreignModules = List.copyOf(foreignModules);
    notes = List.copyOf(notes);
  }

  /** Returns the cache of this name, if there is one. */
  public Optional<CacheUse> cache(String name) {
    return caches.stream().filter(cache -> cache.name().equals(name)).findFirst();
  }
}
