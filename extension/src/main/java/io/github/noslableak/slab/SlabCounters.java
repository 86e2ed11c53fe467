package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The counters of the watched caches, on descriptors that stay open until they are closed. */
public sealed interface SlabCounters extends AutoCloseable {

  /** Stands for the counter of a cache that the kernel has removed meanwhile. */
  long VANISHED = -1;

  /** ENODEV: what reading or writing a removed sysfs file answers. */
  int ENODEV = 19;

  /**
   * Reads the objects of each watched cache, in the order given, {@link #VANISHED} where removed.
   */
  long[] read();

  /**
   * Shrinks and reads some watched caches, each at once, so that hardly anything can come or go
   * between. Others that are at work meanwhile make a counter too high by what their processors
   * hold.
   *
   * @param which their places in the order given
   */
  default List<Look> look(int[] which) {
    long from = System.nanoTime();
    shrink();
    long[] all = read();
    long until = System.nanoTime();
    return IntStream.of(which).mapToObj(cache -> new Look(all[cache], from, until)).toList();
  }

  /**
   * What was read of one cache by itself.
   *
   * @param objects as {@link #read()}
   * @param from when that was begun, by {@link System#nanoTime()}
   * @param until when it was over
   */
  record Look(long objects, long from, long until) {}

  /** Gives free objects of the watched caches back, so that the counters become exact. */
  void shrink();

  @Override
  void close();

  static SlabCounters open(KernelProfile profile, List<SlabCache> caches)
      throws KernelFileException {
    return switch (profile.allocator()) {
      case SLUB -> Sysfs.open(caches);
      case SLUB_WITH_CGROUP_CHILDREN -> new Overview(caches, Shrinkers.open(caches));
      case SLAB, UNKNOWN -> new Overview(caches, new Shrinkers(List.of()));
    };
  }

  /** Exact counters: /sys/kernel/slab/&lt;cache&gt;/objects. */
  final class Sysfs implements SlabCounters {

    private final List<List<KernelFile>> objects;
    private final Shrinkers shrinkers;

    private Sysfs(List<List<KernelFile>> objects, Shrinkers shrinkers) {
      this.objects = objects;
      this.shrinkers = shrinkers;
    }

    private static Sysfs open(List<SlabCache> caches) throws KernelFileException {
      Shrinkers shrinkers = Shrinkers.open(caches);
      List<List<KernelFile>> objects = new ArrayList<>();
      try {
        for (SlabCache cache : caches) {
          List<KernelFile> files = new ArrayList<>();
          objects.add(files);
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
    public long[] read() {
      long[] counts = new long[objects.size()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = sum(objects.get(i));
      }
      return counts;
    }

    @Override
    public List<Look> look(int[] which) {
      List<Look> looks = new ArrayList<>();
      for (int cache : which) {
        long from = System.nanoTime();
        shrinkers.shrink(cache);
        long sum = sum(objects.get(cache));
        looks.add(new Look(sum, from, System.nanoTime()));
      }
      return looks;
    }

    private static long sum(List<KernelFile> files) {
      long sum = 0;
      for (KernelFile file : files) {
        try {
          sum += SlabObjects.parse(file.readOnce());
        } catch (UncheckedIOException e) {
          if (isRemoved(e)) {
            return VANISHED;
          }
          throw e;
        }
      }
      return sum;
    }

    @Override
    public void shrink() {
      shrinkers.shrink();
    }

    @Override
    public void close() {
      objects.forEach(files -> files.forEach(KernelFile::close));
      shrinkers.close();
    }
  }

  /** Inexact counters: /proc/slabinfo. */
  final class Overview implements SlabCounters {

    /** For each cache its names: slabinfo lists merged caches under one of them. */
    private final List<List<String>> names;

    private final KernelFile slabinfo;
    private final Shrinkers shrinkers;

    private Overview(List<SlabCache> caches, Shrinkers shrinkers) throws KernelFileException {
      this.names =
          caches.stream()
              .map(
                  cache ->
                      Stream.concat(Stream.of(cache.name()), cache.aliases().stream()).toList())
              .toList();
      this.shrinkers = shrinkers;
      this.slabinfo = KernelFile.openForReading(KernelProfile.SLABINFO, 32 * 1024);
    }

    @Override
    public long[] read() {
      return counts(SlabInfo.parse(slabinfo.read()), names);
    }

    static long[] counts(SlabInfo info, List<List<String>> names) {
      Map<String, Long> active = info.activeObjects();
      return names.stream()
          .mapToLong(
              aliases ->
                  aliases.stream()
                      .filter(active::containsKey)
                      .findFirst()
                      .map(active::get)
                      .orElse(VANISHED))
          .toArray();
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
  record Shrinkers(List<List<KernelFile>> files) {

    private static Shrinkers open(List<SlabCache> caches) throws KernelFileException {
      List<List<KernelFile>> files = new ArrayList<>();
      try {
        for (SlabCache cache : caches) {
          List<KernelFile> ofCache = new ArrayList<>();
          files.add(ofCache);
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
      for (int cache = 0; cache < files.size(); cache++) {
        shrink(cache);
      }
    }

    private void shrink(int cache) {
      for (KernelFile file : files.get(cache)) {
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
      files.forEach(ofCache -> ofCache.forEach(KernelFile::close));
    }
  }

  private static boolean isRemoved(UncheckedIOException e) {
    return e.getCause() instanceof KernelFileException refused && refused.errno() == ENODEV;
  }

  /** Returns the smaller of two readings for each cache; a removed cache stays removed. */
  static long[] minimum(long[] a, long[] b) {
    long[] minimum = Arrays.copyOf(a, a.length);
    for (int i = 0; i < minimum.length; i++) {
      minimum[i] = Math.min(minimum[i], b[i]);
    }
    return minimum;
  }
}
