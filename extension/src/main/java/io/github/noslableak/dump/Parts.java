package io.github.noslableak.dump;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gathers what the parts of a dump say. What is said first stands: archives say some things twice.
 */
final class Parts {

  /** Where the numbers of caches come from, the better first. */
  enum Origin {
    SLABINFO,
    CRASH,
    /** In rounded figures. */
    SLABTOP
  }

  /** Nothing has more of anything that is listed. */
  private static final int MOST = 100_000;

  private final Map<Origin, Map<String, CacheUse>> caches = new TreeMap<>();

  /** Those of the text that is read just now. */
  private final Map<Origin, Map<String, CacheUse>> ofText = new TreeMap<>();

  private final Map<String, String> directories = new TreeMap<>();
  private final TreeSet<String> modules = new TreeSet<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<Memory> memory = Optional.empty();
  private Optional<Duration> uptime = Optional.empty();
  private Optional<Instant> taken = Optional.empty();
  private Optional<String> kernel = Optional.empty();

  /** Adds a cache; those of one name are summed within a text. */
  void cache(Origin origin, CacheUse cache) throws DumpException {
    Map<String, CacheUse> known = ofText.computeIfAbsent(origin, none -> new LinkedHashMap<>());
    known.merge(cache.name(), cache, CacheUse::plus);
    limit(known.size());
  }

  /** Tells that a text is over: what another one said before stands. */
  void endText() {
    ofText.forEach(caches::putIfAbsent);
    ofText.clear();
  }

  private static void limit(int count) throws DumpException {
    if (count > MOST) {
      throw new DumpException("more is listed than any kernel has");
    }
  }

  /** Tells that the kernel has a directory of this name for a cache, which is a link to another. */
  void link(String name, String directory) throws DumpException {
    directories.put(name, directory);
    limit(directories.size());
  }

  void memory(Memory told) {
    memory = memory.or(() -> Optional.of(told));
  }

  void uptime(Duration told) {
    uptime = uptime.or(() -> Optional.of(told));
  }

  void taken(Instant told) {
    taken = taken.or(() -> Optional.of(told));
  }

  void kernel(String release) {
    kernel = kernel.or(() -> Optional.of(release));
  }

  void foreignModule(String name) throws DumpException {
    modules.add(name);
    limit(modules.size());
  }

  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  /**
   * Returns what was gathered.
   *
   * @throws DumpException if that is nothing that tells of slab
   */
  Dump dump(String source) throws DumpException {
    Map<String, CacheUse> best =
        caches.values().stream().findFirst().orElse(Map.of()); // In the order of the origins.
    if (best.isEmpty() && memory.isEmpty()) {
      throw new DumpException(
          source
              + " holds nothing that is known here: it should be crash's kmem -i or kmem -s,"
              + " /proc/slabinfo, /proc/meminfo, slabtop -o, a supportconfig archive or a sos report");
    }
    return new Dump(
        source,
        memory,
        List.copyOf(best.values()),
        aliases(best),
        uptime,
        taken,
        kernel,
        List.copyOf(modules),
        notes);
  }

  /**
   * Names that link to one directory are of one cache, which the kernel lists under one of them.
   */
  private Map<String, List<String>> aliases(Map<String, CacheUse> listed) {
    Map<String, List<String>> byDirectory = new TreeMap<>();
    directories.forEach(
        (name, directory) ->
            byDirectory.computeIfAbsent(directory, none -> new ArrayList<>()).add(name));
    Map<String, List<String>> aliases = new TreeMap<>();
    for (String cache : listed.keySet()) {
      String directory = directories.get(cache);
      List<String> others =
          directory == null
              ? List.of()
              : byDirectory.getOrDefault(directory, List.of()).stream()
                  .filter(name -> !name.equals(cache))
                  .toList();
      if (!others.isEmpty()) {
        aliases.put(cache, others);
      }
    }
    return aliases;
  }
}
