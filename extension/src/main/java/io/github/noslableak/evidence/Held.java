package io.github.noslableak.evidence;

import java.util.EnumMap;
import java.util.Map;

/**
 * What one process holds.
 *
 * @param targets how often each target, as the kernel names it, by kind: {@code socket:[4711]},
 *     {@code /srv/data (deleted)}
 */
public record Held(Map<HeldKind, Map<String, Integer>> targets) {

  public Held {
    Map<HeldKind, Map<String, Integer>> copy = new EnumMap<>(HeldKind.class);
    targets.forEach((kind, counts) -> copy.put(kind, Map.copyOf(counts)));
    targets = copy;
  }

  /** Returns how many of a kind it holds. */
  public long count(HeldKind kind) {
    return of(kind).values().stream().mapToLong(Integer::longValue).sum();
  }

  Map<String, Integer> of(HeldKind kind) {
    return targets.getOrDefault(kind, Map.of());
  }
}
