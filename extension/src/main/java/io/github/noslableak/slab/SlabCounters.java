package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The counters of the watched caches, on descriptors that stay open until they are closed. */
public sealed interface SlabCounters extends AutoCloseable permits SysfsCounters, SlabinfoCounters {

  /** ENODEV: what reading or writing a removed sysfs file answers. */
  int ENODEV = 19;

  /**
   * Reads the objects of each watched cache, in the order given; empty where the kernel has removed
   * the cache meanwhile.
   */
  Map<String, OptionalLong> read();

  /**
   * Shrinks and reads some watched caches, each at once, so that hardly anything can come or go
   * between. Others that are at work meanwhile make a counter too high by what their processors
   * hold.
   *
   * @param caches their names
   * @return a look at each, in the order in which they are named
   */
  default Map<String, Look> look(List<String> caches) {
    long from = System.nanoTime();
    shrink();
    Map<String, OptionalLong> read = read();
    long until = System.nanoTime();
    Map<String, Look> looks = new LinkedHashMap<>();
    for (String cache : caches) {
      looks.put(cache, new Look(read.getOrDefault(cache, OptionalLong.empty()), from, until));
    }
    return looks;
  }

  /**
   * What was read of one cache by itself.
   *
   * @param objects as {@link #read()}
   * @param from when that was begun, by {@link System#nanoTime()}
   * @param until when it was over
   */
  record Look(OptionalLong objects, long from, long until) {}

  /** Gives free objects of the watched caches back, so that the counters become exact. */
  void shrink();

  @Override
  void close();

  static SlabCounters open(KernelProfile profile, List<SlabCache> caches)
      throws KernelFileException {
    return switch (profile.allocator()) {
      case SLUB -> SysfsCounters.open(caches);
      case SLUB_WITH_CGROUP_CHILDREN -> new SlabinfoCounters(caches, Shrinkers.open(caches));
      case SLAB, UNKNOWN -> new SlabinfoCounters(caches, new Shrinkers(Map.of()));
    };
  }
}
