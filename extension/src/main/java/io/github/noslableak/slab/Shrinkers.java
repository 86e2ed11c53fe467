package io.github.noslableak.slab;

import io.github.noslableak.kernel.KernelFile;
import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** /sys/kernel/slab/&lt;cache&gt;/shrink of all watched caches. */
record Shrinkers(Map<String, List<KernelFile>> files) {

  static Shrinkers open(List<SlabCache> caches) throws KernelFileException {
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

  void shrink() {
    files.keySet().forEach(this::shrink);
  }

  void shrink(String cache) {
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

  void close() {
    files.values().forEach(ofCache -> ofCache.forEach(KernelFile::close));
  }

  /** Returns whether the kernel has removed the cache meanwhile. */
  static boolean isRemoved(UncheckedIOException e) {
    return e.getCause() instanceof KernelFileException refused
        && refused.errno() == SlabCounters.ENODEV;
  }
}
