package io.github.noslableak.dump;

import java.util.OptionalLong;

/**
 * What one slab cache holds.
 *
 * @param name the cache's name, or of merged ones the first that the kernel lists
 * @param objectBytes the bytes of an object: its slot where that is known, else without padding;
 *     empty where they are told in rounded figures only
 * @param objects objects in use; empty where the dump could not tell
 * @param slots room for objects, used or free; empty where the dump could not tell
 * @param bytes the memory of its slabs; at least that of its slots where only these are known;
 *     empty where neither is
 */
public record CacheUse(
    String name,
    OptionalLong objectBytes,
    OptionalLong objects,
    OptionalLong slots,
    OptionalLong bytes) {

  /** Returns the memory of the objects in use, that of the slabs where it is not known. */
  public OptionalLong usedBytes() {
    return objects.isPresent() && objectBytes.isPresent()
        ? OptionalLong.of(objects.getAsLong() * objectBytes.getAsLong())
        : bytes;
  }

  /** Adds another cache of the same name, as those of a file system that is mounted twice. */
  CacheUse plus(CacheUse other) {
    return new CacheUse(
        name,
        objectBytes.equals(other.objectBytes) ? objectBytes : OptionalLong.empty(),
        sum(objects, other.objects),
        sum(slots, other.slots),
        sum(bytes, other.bytes));
  }

  private static OptionalLong sum(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(one.getAsLong() + other.getAsLong())
        : OptionalLong.empty();
  }
}
