package io.github.noslableak.trace.alloc;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.verdict.Whose;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a ledger knows at one moment.
 *
 * @param caches one for each watched cache, in their order
 * @param events allocations and frees that were read
 * @param lostEvents events that were not recorded, came too late or were more than the ledger can
 *     hold. Where it is not 0, objects may be listed that were freed, and others be missing
 * @param unassigned living objects that cannot be assigned to a cache: on kernels whose allocations
 *     do not name it (before 6.13), those from call sites none of whose objects was freed yet, and
 *     whose size is that of several watched caches
 * @param uncertain the watched caches that some of those may be of: of their size
 * @param closings which tasks of the test closed files that another one had opened
 */
public record Snapshot(
    List<CacheLive> caches,
    long events,
    long lostEvents,
    long unassigned,
    Set<String> uncertain,
    Closings closings) {

  public Snapshot {
    caches = List.copyOf(caches);
    uncertain = Set.copyOf(uncertain);
  }

  /**
   * Returns what is known of one cache.
   *
   * @throws IllegalArgumentException if it is not watched
   */
  public CacheLive cache(String name) {
    return caches.stream()
        .filter(cache -> cache.cache().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not in this ledger: " + name));
  }

  /**
   * The living objects of one watched cache.
   *
   * @param cache its name
   * @param live objects allocated since the ledger was opened and not freed since, by who allocated
   *     them
   * @param freedUnseen objects that were freed, whose allocation was before the ledger was opened;
   *     always 0 for a kmalloc cache, whose frees do not name it
   * @param freesUnrecorded objects that must have been freed, because their memory was allocated
   *     again, without a record of it: this cache's objects are partly freed in ways that are not
   *     traced, so fewer may live than is said here
   * @param groups the same objects by owner and stack; those that are named, largest first
   */
  public record CacheLive(
      String cache,
      Map<Owner, Long> live,
      long freedUnseen,
      long freesUnrecorded,
      List<Group> groups) {

    public CacheLive {
      live = Map.copyOf(live);
      groups = List.copyOf(groups);
    }

    /** Returns how many objects live that owners of this kind allocated. */
    public long liveOf(Whose kind) {
      return live.entrySet().stream()
          .filter(entry -> entry.getKey().whose() == kind)
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  /**
   * Living objects that one owner allocated in one way.
   *
   * @param stack where, innermost function first; the call site alone where no stacks are recorded
   * @param byMark how many, by the mark in which they were allocated; 0 is before the first mark
   */
  public record Group(Owner owner, List<Frame> stack, NavigableMap<Integer, Long> byMark) {

    public Group {
      stack = List.copyOf(stack);
      byMark = Collections.unmodifiableNavigableMap(new TreeMap<>(byMark));
    }

    /** Returns how many objects there are. */
    public long objects() {
      return byMark.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns how many objects were allocated from a mark on and before another one. */
    public long objectsIn(int from, int until) {
      return byMark.subMap(from, until).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the earliest mark in which one of them was allocated. */
    public int firstMark() {
      return byMark.firstKey();
    }
  }
}
