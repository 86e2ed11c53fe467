package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Inexact counters: /proc/slabinfo. */
final class SlabinfoCounters implements SlabCounters {

  private final List<SlabCache> caches;

  private final KernelFile slabinfo;
  private final Shrinkers shrinkers;

  SlabinfoCounters(List<SlabCache> caches, Shrinkers shrinkers) throws KernelFileException {
    this.caches = List.copyOf(caches);
    this.shrinkers = shrinkers;
    this.slabinfo = KernelFile.openForReading(KernelProfile.SLABINFO, 32 * 1024);
  }

  @Override
  public Map<String, OptionalLong> read() {
    return counts(SlabInfo.parse(slabinfo.read()), caches);
  }

  /** Looks each up under any of its names: slabinfo lists merged caches under one of them. */
  static Map<String, OptionalLong> counts(SlabInfo info, List<SlabCache> caches) {
    Map<String, Long> active = info.activeObjects();
    Map<String, OptionalLong> counts = new LinkedHashMap<>();
    for (SlabCache cache : caches) {
      counts.put(
          cache.name(),
          Stream.concat(Stream.of(cache.name()), cache.aliases().stream())
              .filter(active::containsKey)
              .mapToLong(active::get)
              .findFirst());
    }
    return counts;
  }

  @Override
  public void shrink() {
    shrinkers.shrink();
  }

  @Override
  public void close() {
    slabinfo.close();
    shrinkers.close();
  }
}
