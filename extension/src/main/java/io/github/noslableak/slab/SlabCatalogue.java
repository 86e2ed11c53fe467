package io.github.noslableak.slab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of this kernel's slab caches and which of them share their slabs.
 *
 * <p>In /sys/kernel/slab a cache that stands alone is a directory under its own name; a merged one
 * is a symbolic link to a directory such as {@code :A-0000384}, and all links to it count in one
 * counter.
 */
public final class SlabCatalogue {

  /** {@code kmalloc-rnd-07-256}: RANDOM_KMALLOC_CACHES, since 6.6. */
  private static final Pattern RANDOM_KMALLOC = Pattern.compile("kmalloc-rnd-\\d+-(\\w+)");

  /** The kernel's unique identifiers of merged slabs, mm/slub.c create_unique_id: not names. */
  private static final Pattern UNIQUE_ID = Pattern.compile(":[a-zA-Z]*-?\\d{7}");

  private final Map<String, String> directories;
  private final Map<String, List<String>> namesByDirectory;

  /**
   * Makes a catalogue.
   *
   * @param directories from each name to its directory: itself where the cache stands alone
   */
  public SlabCatalogue(Map<String, String> directories) {
    this.directories = new TreeMap<>(directories);
    this.namesByDirectory = new HashMap<>();
    this.directories.forEach(
        (name, directory) -> {
          List<String> names =
              namesByDirectory.computeIfAbsent(directory, key -> new ArrayList<>());
          if (!UNIQUE_ID.matcher(name).matches()) {
            names.add(name);
          }
        });
  }

  /**
   * Reads the catalogue of a kernel that has sysfs files for its slabs.
   *
   * @param slab the directory, /sys/kernel/slab
   * @throws UncheckedIOException if it cannot be read
   */
  static SlabCatalogue readFrom(Path slab) {
    Map<String, String> directories = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(slab)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        directories.put(
            name,
            Files.isSymbolicLink(entry)
                ? Files.readSymbolicLink(entry).getFileName().toString()
                : name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + slab, e);
    }
    return new SlabCatalogue(directories);
  }

  /** Makes the catalogue of a kernel without sysfs files: the names in slabinfo, none merged. */
  static SlabCatalogue of(SlabInfo info) {
    return new SlabCatalogue(
        info.rows().stream().collect(Collectors.toMap(SlabInfo.Row::name, SlabInfo.Row::name)));
  }

  /** Returns the names of all entries: caches, aliases and unique identifiers. */
  Set<String> entries() {
    return directories.keySet();
  }

  /** Returns all names that count in the same counter as this one, itself included. */
  List<String> namesSharing(String name) {
    String directory = directories.get(name);
    return directory == null ? List.of() : namesByDirectory.getOrDefault(directory, List.of());
  }

  /**
   * Finds what the patterns stand for.
   *
   * @param patterns names, globs ({@code *}, {@code ?}) and groups ({@code @files @sockets @io @kmalloc
   *     @all})
   * @throws UnknownCacheException if one of them stands for nothing here
   */
  public CacheSelection select(Collection<String> patterns) {
    if (patterns.isEmpty()) {
      throw new UnknownCacheException(
          "No slab cache is named. Name caches, globs or groups: " + CacheGroup.labels());
    }
    Map<String, SlabCache> watched = new LinkedHashMap<>();
    Map<String, CacheSelection.LeftOut> leftOut = new TreeMap<>();
    // Exact names first: where two patterns reach the same slabs, the user's word names the row.
    List<String> ordered =
        patterns.stream()
            .map(String::strip)
            .sorted(Comparator.comparing(p -> p.startsWith("@") || Glob.isGlob(p)))
            .toList();
    for (String pattern : ordered) {
      for (String name : expand(pattern, leftOut)) {
        SlabCache cache = cache(name);
        watched.putIfAbsent(directories.getOrDefault(name, name), cache);
      }
    }
    if (watched.isEmpty()) {
      throw new UnknownCacheException(
          String.join(", ", patterns)
              + " has no member that this kernel can tell apart from unrelated caches: boot it with"
              + " slab_nomerge, or name the caches themselves");
    }
    return new CacheSelection(
        watched.values().stream().sorted(Comparator.comparing(SlabCache::name)).toList(),
        leftOut.values().stream()
            .filter(left -> !watched.containsKey(directories.get(left.name())))
            .toList());
  }

  private Collection<String> expand(String pattern, Map<String, CacheSelection.LeftOut> leftOut) {
    if (pattern.startsWith("@")) {
      return group(pattern, leftOut);
    }
    if (Glob.isGlob(pattern)) {
      Collection<String> names = representatives(List.of(new Glob(pattern)), Glob::matches);
      if (names.isEmpty()) {
        throw new UnknownCacheException(
            "No slab cache matches \"" + pattern + "\" on this kernel." + similar(pattern));
      }
      return names;
    }
    if (!directories.containsKey(pattern)) {
      throw new UnknownCacheException(
          "There is no slab cache \"" + pattern + "\" on this kernel." + similar(pattern));
    }
    return List.of(pattern);
  }

  private Collection<String> group(String label, Map<String, CacheSelection.LeftOut> leftOut) {
    CacheGroup group =
        List.of(CacheGroup.values()).stream()
            .filter(candidate -> candidate.label().equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnknownCacheException(
                        "There is no group \"" + label + "\"; groups are " + CacheGroup.labels()));
    Collection<String> members = representatives(group.members(), group::holds);
    if (members.isEmpty()) {
      throw new UnknownCacheException("The group " + label + " has no member on this kernel");
    }
    List<String> kept = new ArrayList<>();
    for (String member : members) {
      List<String> aliases = others(member);
      if (group.isBlurredBy(aliases)) {
        leftOut.put(member, new CacheSelection.LeftOut(member, aliases));
      } else {
        kept.add(member);
      }
    }
    return kept;
  }

  /**
   * Returns one name for each slab: of several aliases the one that the first glob matches, and of
   * those the first in the alphabet.
   */
  private Collection<String> representatives(List<Glob> globs, BiPredicate<Glob, String> matches) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Glob glob : globs) {
      directories.forEach(
          (name, directory) -> {
            if (!isOnlyIdentifier(name) && matches.test(glob, name)) {
              String family = family(directory);
              names.putIfAbsent(matches.test(glob, family) ? family : directory, name);
            }
          });
    }
    return names.values();
  }

  /**
   * Returns whether this is the identifier of a slab that has names. One without is reached by its
   * identifier alone: a later cache of the same name and another size has taken its link over
   * (mm/slub.c, sysfs_slab_alias).
   */
  private boolean isOnlyIdentifier(String name) {
    return UNIQUE_ID.matcher(name).matches() && !namesSharing(name).isEmpty();
  }

  private SlabCache cache(String name) {
    List<String> copies = randomCopies(name);
    String directory = directories.getOrDefault(name, name);
    List<String> all = new ArrayList<>(List.of(directory));
    all.addAll(copies);
    return new SlabCache(name, all, others(name));
  }

  private List<String> others(String name) {
    return namesSharing(name).stream().filter(other -> !other.equals(name)).toList();
  }

  /**
   * Returns the random copies of a kmalloc cache. Which copy an allocation comes from depends on
   * its call site and a boot-time seed, so only their sum is comparable between boots.
   */
  private List<String> randomCopies(String name) {
    return directories.keySet().stream()
        .filter(other -> !other.equals(name) && family(other).equals(name))
        .toList();
  }

  private String family(String directory) {
    Matcher random = RANDOM_KMALLOC.matcher(directory);
    if (random.matches()) {
      String plain = "kmalloc-" + random.group(1);
      return directories.containsKey(plain) ? plain : directory;
    }
    return directory;
  }

  private String similar(String wanted) {
    String plain = wanted.replaceAll("[*?]", "").toLowerCase(Locale.ROOT);
    Map<String, Integer> close = new TreeMap<>();
    for (String name : directories.keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (UNIQUE_ID.matcher(name).matches()) {
        continue;
      }
      boolean contains = plain.length() > 2 && (lower.contains(plain) || plain.contains(lower));
      int distance = EditDistance.of(plain, lower);
      if (contains || distance <= Math.max(1, plain.length() / 4)) {
        close.put(name, distance);
      }
    }
    return close.isEmpty()
        ? " List them with: ls /sys/kernel/slab"
        : " Did you mean "
            + close.entrySet().stream()
                .sorted(Map.Entry.comparingByValue()) // Stable: equally close ones by name.
                .limit(8)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "))
            + "? List them with: ls /sys/kernel/slab";
  }
}
