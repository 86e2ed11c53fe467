package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The counters of the watched caches, on descriptors that stay open until they are closed. */
public sealed interface SlabCounters extends AutoCloseable {

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
      case SLUB -> Sysfs.open(caches);
      case SLUB_WITH_CGROUP_CHILDREN -> new Overview(caches, Shrinkers.open(caches));
      case SLAB, UNKNOWN -> new Overview(caches, new Shrinkers(Map.of()));
    };
  }

  /** Exact counters: /sys/kernel/slab/&lt;cache&gt;/objects. */
  final class Sysfs implements SlabCounters {

    /** Those of each cache, which has several where several share its name. */
    private final Map<String, List<KernelFile>> objects;

    private final Shrinkers shrinkers;

    private Sysfs(Map<String, List<KernelFile>> objects, Shrinkers shrinkers) {
      this.objects = objects;
      this.shrinkers = shrinkers;
    }

    private static Sysfs open(List<SlabCache> caches) throws KernelFileException {
      Shrinkers shrinkers = Shrinkers.open(caches);
      Map<String, List<KernelFile>> objects = new LinkedHashMap<>();
      try {
        for (SlabCache cache : caches) {
          List<KernelFile> files = new ArrayList<>();
          objects.put(cache.name(), files);
          for (String directory : cache.directories()) {
            files.add(
                KernelFile.openForReading(
                    KernelProfile.SLAB.resolve(directory).resolve("objects"), 128));
          }
        }
      } catch (KernelFileException e) {
        new Sysfs(objects, shrinkers).close();
        throw e;
      }
      return new Sysfs(objects, shrinkers);
    }

    @Override
    public Map<String, OptionalLong> read() {
      Map<String, OptionalLong> read = new LinkedHashMap<>();
      objects.forEach((cache, files) -> read.put(cache, sum(files)));
      return read;
    }

    @Override
    public Map<String, Look> look(List<String> caches) {
      Map<String, Look> looks = new LinkedHashMap<>();
      for (String cache : caches) {
        long from = System.nanoTime();
        shrinkers.shrink(cache);
        OptionalLong sum = sum(Objects.requireNonNull(objects.get(cache), cache));
        looks.put(cache, new Look(sum, from, System.nanoTime()));
      }
      return looks;
    }

    private static OptionalLong sum(List<KernelFile> files) {
      long sum = 0;
      for (KernelFile file : files) {
        try {
          sum += SlabObjects.parse(file.readOnce());
        } catch (UncheckedIOException e) {
          if (isRemoved(e)) {
            return OptionalLong.empty();
          }
          throw e;
        }
      }
      return OptionalLong.of(sum);
    }

    @Override
    public void shrink() {
      shrinkers.shrink();
    }

    @Override
    public void close() {
      objects.values().forEach(files -> files.forEach(KernelFile::close));
      shrinkers.close();
    }
  }

  /** Inexact counters: /proc/slabinfo. */
  final class Overview implements SlabCounters {

    private final List<SlabCache> caches;

    private final KernelFile slabinfo;
    private final Shrinkers shrinkers;

    private Overview(List<SlabCache> caches, Shrinkers shrinkers) throws KernelFileException {
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

  /** /sys/kernel/slab/&lt;cache&gt;/shrink of all watched caches. */
  record Shrinkers(Map<String, List<KernelFile>> files) {

    private static Shrinkers open(List<SlabCache> caches) throws KernelFileException {
      Map<String, List<KernelFile>> files = new LinkedHashMap<>();
      try {
        for (SlabCache cache : caches) {
          List<KernelFile> ofCache = new ArrayList<>();
          files.put(cache.name(), ofCache);
          for (String directory : cache.directories()) {
            ofCache.add(
                KernelFile.openForWriting(KernelProfile.SLAB.resolve(directory).resolve("shrink")));
          }
        }
      } catch (KernelFileException e) {
        new Shrinkers(files).close();
        throw e;
      }
      return new Shrinkers(files);
    }

    private void shrink() {
      files.keySet().forEach(this::shrink);
    }

    private void shrink(String cache) {
      for (KernelFile file : files.getOrDefault(cache, List.of())) {
        try {
          file.write("1");
        } catch (UncheckedIOException e) {
          if (!isRemoved(e)) {
            throw e;
          }
        }
      }
    }

    private void close() {
      files.values().forEach(ofCache -> ofCache.forEach(KernelFile::close));
    }
  }

  private static boolean isRemoved(UncheckedIOException e) {
    return e.getCause() instanceof KernelFileException refused && refused.errno() == ENODEV;
  }
}
