package io.github.noslableak.trace.alloc;

import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.EventFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which events belong to which watched cache. */
public final class WatchedCaches {

  /** The number of no cache. */
  static final int NONE = -1;

  /**
   * The cache of open files. Since 6.7 (file_free in fs/file_table.c) the kernel frees one in the
   * task that closes it last, and the cache is never merged.
   */
  static final String OPEN_FILES = "filp";

  private static final ByteBuffer OPEN_FILE = StandardCharsets.US_ASCII.encode(OPEN_FILES);

  /** The families of kmalloc caches in the order of {@link #family}. */
  private static final List<String> FAMILIES =
      List.of("kmalloc-", "kmalloc-cg-", "kmalloc-rcl-", "dma-kmalloc-");

  private static final Pattern KMALLOC =
      Pattern.compile("(?:kmalloc|kmalloc-cg|kmalloc-rcl|dma-kmalloc)-(\\d+[kM]?)");

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private record Name(ByteBuffer bytes, int cache) {}

  /** The watched kmalloc caches of one slot size: a number of a cache for each family. */
  private record KmallocSize(long bytes, List<Integer> byFamily) {}

  private final List<SlabCache> caches;
  private final Set<String> names;
  private final Set<Long> slotBytes = new TreeSet<>();
  private final List<EventFilter.Wanted> wanted = new ArrayList<>();
  private final Map<Long, Set<Integer>> bySlotBytes = new HashMap<>();
  private final List<KmallocSize> kmallocSizes = new ArrayList<>();
  private final Name[] table;

  /**
   * Makes one.
   *
   * @param slotSize the size in bytes of a slot of the cache in a directory of /sys/kernel/slab
   * @param exists whether a cache of a name is there
   */
  public WatchedCaches(
      List<SlabCache> caches, ToLongFunction<String> slotSize, Predicate<String> exists) {
    this.caches = List.copyOf(caches);
    Map<String, Integer> byName = new LinkedHashMap<>();
    for (int i = 0; i < caches.size(); i++) {
      for (String name : namesOf(caches.get(i))) {
        byName.put(name, i);
      }
      Set<Long> sizes = new TreeSet<>();
      wanted.add(new EventFilter.Wanted(Set.copyOf(namesOf(caches.get(i))), sizes));
      for (String directory : caches.get(i).directories()) {
        long bytes = slotSize.applyAsLong(directory);
        slotBytes.add(bytes);
        sizes.add(bytes);
        if (!namesOf(caches.get(i)).stream().allMatch(name -> KMALLOC.matcher(name).matches())) {
          bySlotBytes.computeIfAbsent(bytes, size -> new TreeSet<>()).add(i);
        }
      }
    }
    if (!byName.containsKey(OPEN_FILES)) {
      // Whoever closes one that was opened meanwhile tells what a garbage collection closed.
      wanted.add(
          new EventFilter.Wanted(Set.of(OPEN_FILES), Set.of(slotSize.applyAsLong(OPEN_FILES))));
    }
    this.names = Set.copyOf(byName.keySet());
    this.table = new Name[Integer.highestOneBit(byName.size() + 1) * 4];
    byName.forEach(this::addName);
    addKmalloc(byName, slotSize, exists);
  }

  private static List<String> namesOf(SlabCache cache) {
    List<String> names = new ArrayList<>(List.of(cache.name()));
    names.addAll(cache.aliases());
    cache.directories().stream().filter(name -> !name.startsWith(":")).forEach(names::add);
    return names;
  }

  private void addName(String name, int cache) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(name);
    int at = slot(bytes, 0, bytes.limit());
    while (table[at] != null) {
      at = (at + 1) & (table.length - 1);
    }
    table[at] = new Name(bytes, cache);
  }

  private void addKmalloc(
      Map<String, Integer> byName, ToLongFunction<String> slotSize, Predicate<String> exists) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String name : byName.keySet()) {
      Matcher kmalloc = KMALLOC.matcher(name);
      if (kmalloc.matches()) {
        sizes.put(kmalloc.group(1), slotSize.applyAsLong(name));
      }
    }
    sizes.forEach(
        (size, bytes) -> {
          List<Integer> byFamily =
              FAMILIES.stream()
                  // Without the family's own cache its allocations come from the plain one.
                  .map(family -> exists.test(family + size) ? family : FAMILIES.get(0))
                  .map(family -> byName.getOrDefault(family + size, NONE))
                  .toList();
          kmallocSizes.add(new KmallocSize(bytes, byFamily));
        });
  }

  /** Returns the watched caches. Their place here is their number elsewhere. */
  List<SlabCache> caches() {
    return caches;
  }

  /** Returns all names that events of the watched caches may carry. */
  Set<String> names() {
    return names;
  }

  /** Returns for each watched cache, and that of open files, what tells its allocations. */
  public List<EventFilter.Wanted> wanted() {
    return wanted;
  }

  /** Returns the sizes of the watched caches' slots, in bytes. */
  Set<Long> slotBytes() {
    return slotBytes;
  }

  /**
   * Returns the number of the only watched cache, kmalloc's apart, whose slots have this size in
   * bytes; NONE if there are several or there is none.
   */
  int bySlotBytes(long bytes) {
    Set<Integer> sized = bySlotBytes.getOrDefault(bytes, Set.of());
    return sized.size() == 1 ? sized.iterator().next() : NONE;
  }

  /** Returns the numbers of all watched caches, kmalloc's apart, whose slots have this size. */
  Set<Integer> allBySlotBytes(long bytes) {
    return bySlotBytes.getOrDefault(bytes, Set.of());
  }

  /** Returns the sizes of the watched kmalloc caches' slots, in bytes; empty if none is watched. */
  List<Long> kmallocBytes() {
    return kmallocSizes.stream().map(KmallocSize::bytes).toList();
  }

  /** Returns the number of the cache whose name is at this place in a page. */
  int byName(ByteBuffer page, int at, int length) {
    int slot = slot(page, at, length);
    while (table[slot] != null) {
      if (isAt(table[slot].bytes, page, at, length)) {
        return table[slot].cache;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return NONE;
  }

  /** Returns whether the name at this place in a page is that of the cache of open files. */
  static boolean isOpenFile(ByteBuffer page, int at, int length) {
    return isAt(OPEN_FILE, page, at, length);
  }

  private static boolean isAt(ByteBuffer name, ByteBuffer page, int at, int length) {
    if (name.limit() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (page.get(at + i) != name.get(i)) {
        return false;
      }
    }
    return true;
  }

  private int slot(ByteBuffer page, int at, int length) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ page.get(at + i)) * FNV_PRIME;
    }
    return (int) (hash >>> 32) & (table.length - 1);
  }

  /** Returns the number of the kmalloc cache for allocations of this size and with these flags. */
  int byKmalloc(long bytes, long flags, GfpFlags known) {
    for (KmallocSize size : kmallocSizes) {
      if (size.bytes == bytes) {
        return size.byFamily.get(family(flags, known));
      }
    }
    return NONE;
  }

  /** As kmalloc_type in include/linux/slab.h. */
  private static int family(long flags, GfpFlags known) {
    if ((flags & known.dma()) != 0) {
      return 3;
    }
    if ((flags & known.reclaimable()) != 0) {
      return 2;
    }
    return (flags & known.account()) != 0 ? 1 : 0;
  }
}
