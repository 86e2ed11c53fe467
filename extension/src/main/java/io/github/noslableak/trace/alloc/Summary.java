package io.github.noslableak.trace.alloc;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.KernelSymbols;
import io.github.noslableak.trace.alloc.Snapshot.CacheLive;
import io.github.noslableak.trace.alloc.Snapshot.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sums living objects up by cache, owner and stack. */
record Summary(WatchedCaches watched, Tasks tasks, Stacks stacks, CallSites sites) {

  private record Key(int owner, int stack) {}

  /** Functions are told by their addresses; see {@link #named}. */
  Snapshot of(
      LiveObjects live,
      long[] freedUnseen,
      long[] freesUnrecorded,
      Closings closings,
      long events,
      long lost) {
    List<Map<Key, NavigableMap<Integer, Long>>> sums =
        Stream.generate(() -> new HashMap<Key, NavigableMap<Integer, Long>>())
            .limit(watched.caches().size())
            .collect(Collectors.toList());
    long[] unassigned = new long[1];
    Set<Integer> unassignedOrigins = new HashSet<>();
    live.forEach(
        (address, origin, owner, stack, mark) -> {
          int cache = sites.cacheOf(origin);
          if (cache >= 0) {
            sums.get(cache)
                .computeIfAbsent(new Key(owner, stack), key -> new TreeMap<>())
                .merge(mark, 1L, Long::sum);
          } else if (cache != WatchedCaches.NONE) {
            unassigned[0]++;
            unassignedOrigins.add(origin);
          }
        });
    List<CacheLive> caches = new ArrayList<>();
    for (int cache = 0; cache < watched.caches().size(); cache++) {
      caches.add(
          new CacheLive(
              watched.caches().get(cache).name(),
              byOwner(sums.get(cache)),
              freedUnseen[cache],
              freesUnrecorded[cache],
              groups(sums.get(cache))));
    }
    Set<String> uncertain =
        unassignedOrigins.stream()
            .flatMap(origin -> sites.cachesOfSize(origin).stream())
            .map(cache -> watched.caches().get(cache).name())
            .collect(Collectors.toSet());
    return new Snapshot(caches, events, lost, unassigned[0], uncertain, closings);
  }

  private Map<Owner, Long> byOwner(Map<Key, NavigableMap<Integer, Long>> sums) {
    Map<Owner, Long> owners = new HashMap<>();
    sums.forEach(
        (key, sum) ->
            owners.merge(
                tasks.owner(key.owner),
                sum.values().stream().mapToLong(Long::longValue).sum(),
                Long::sum));
    return owners;
  }

  private List<Group> groups(Map<Key, NavigableMap<Integer, Long>> sums) {
    List<Group> groups = new ArrayList<>(sums.size());
    sums.forEach(
        (key, sum) -> groups.add(new Group(tasks.owner(key.owner), stacks.frames(key.stack), sum)));
    return groups;
  }

  /** Two call sites in one function are one function: they differ by address and not by name. */
  private static List<Group> joined(List<Group> groups) {
    record Place(Owner owner, List<Frame> stack) {}
    Map<Place, Group> joined = new HashMap<>();
    groups.forEach(
        group -> joined.merge(new Place(group.owner(), group.stack()), group, Summary::join));
    return joined.values().stream()
        .sorted(
            Comparator.comparingLong(Group::objects)
                .reversed()
                .thenComparingInt(Group::firstMark)
                .thenComparing(group -> group.stack().toString()))
        .toList();
  }

  /** Names the functions that are told by their addresses. */
  static Snapshot named(Snapshot snapshot, Function<long[], Map<Long, Frame>> symbols) {
    Map<Long, Frame> frames = symbols.apply(addresses(snapshot));
    return new Snapshot(
        snapshot.caches().stream()
            .map(
                cache ->
                    new CacheLive(
                        cache.cache(),
                        cache.live(),
                        cache.freedUnseen(),
                        cache.freesUnrecorded(),
                        joined(
                            cache.groups().stream().map(group -> named(group, frames)).toList())))
            .toList(),
        snapshot.events(),
        snapshot.lostEvents(),
        snapshot.unassigned(),
        snapshot.uncertain(),
        snapshot.closings());
  }

  /** Returns the addresses of all functions of a snapshot. */
  static long[] addresses(Snapshot snapshot) {
    return snapshot.caches().stream()
        .flatMap(cache -> cache.groups().stream())
        .flatMap(group -> group.stack().stream())
        .mapToLong(Frame::address)
        .filter(address -> address != 0)
        .distinct()
        .toArray();
  }

  private static Group named(Group group, Map<Long, Frame> frames) {
    return new Group(
        group.owner(),
        group.stack().stream()
            .map(frame -> frames.getOrDefault(frame.address(), frame))
            .dropWhile(KernelSymbols::isTracing)
            .toList(),
        group.byMark());
  }

  private static Group join(Group one, Group other) {
    NavigableMap<Integer, Long> both = new TreeMap<>(one.byMark());
    other.byMark().forEach((mark, objects) -> both.merge(mark, objects, Long::sum));
    return new Group(one.owner(), one.stack(), both);
  }
}
