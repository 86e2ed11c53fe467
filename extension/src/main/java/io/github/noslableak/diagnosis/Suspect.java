package io.github.noslableak.diagnosis;

import io.github.noslableak.dump.CacheUse;
import java.util.List;
import java.util.Optional;

/**
 * A cache that holds, or gained, much.
 *
 * @param use what it holds in the latest dump
 * @param aliases further names that the kernel merged into it, whose objects it counts too
 * @param bytes the memory of its objects in use, or of its slabs where these are not known
 * @param share what part that is of all slab, from 0 to 1
 * @param growth by how much it grew, where there was an earlier dump
 */
public record Suspect(
    CacheUse use, List<String> aliases, long bytes, double share, Optional<Growth> growth) {

  public Suspect {
    aliases = List.copyOf(aliases);
  }

  /** Returns its name. */
  public String cache() {
    return use.name();
  }

  /** Returns what a product does that makes its objects, by its name. */
  public Kind kind() {
    return Kind.of(cache());
  }
}
