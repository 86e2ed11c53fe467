package io.github.noslableak.dump;

import java.util.OptionalLong;

/**
 * The memory of a machine, in bytes.
 *
 * @param total all memory that the kernel manages
 * @param free what nobody uses
 * @param available what can be had without swapping; empty where that is not told, as by crash and
 *     by kernels before 3.14
 * @param slab the memory of all slabs
 * @param reclaimable of that, the slabs of caches whose objects the kernel may drop; empty where it
 *     is not told apart
 */
public record Memory(
    long total, long free, OptionalLong available, long slab, OptionalLong reclaimable) {

  /** Returns what share of all memory the slabs have, from 0 to 1. */
  public double slabShare() {
    return total == 0 ? 0 : (double) slab / total;
  }

  /** Returns what is left to be used up: what is available, or what is free. */
  public long left() {
    return available.orElse(free);
  }
}
