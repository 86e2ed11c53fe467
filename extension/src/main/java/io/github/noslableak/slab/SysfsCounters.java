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

/** Exact counters: /sys/kernel/slab/&lt;cache&gt;/objects. */
final class SysfsCounters implements SlabCounters {

  /** Those of each cache, which has several where several share its name. */
  private final Map<String, List<KernelFile>> objects;

  private final Shrinkers shrinkers;

  private SysfsCounters(Map<String, List<KernelFile>> objects, Shrinkers shrinkers) {
    this.objects = objects;
    this.shrinkers = shrinkers;
  }

  static SysfsCounters open(List<SlabCache> caches) throws KernelFileException {
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
      new SysfsCounters(objects, shrinkers).close();
      throw e;
    }
    return new SysfsCounters(objects, shrinkers);
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
        if (Shrinkers.isRemoved(e)) {
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
