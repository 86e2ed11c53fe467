package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.EventFilter;
import io.github.noslableak.trace.TraceInstance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The events of the watched caches, still off.
 *
 * @param allocations those that may carry a stack
 */
record WatchedEvents(List<TraceInstance.Event> allocations, List<TraceInstance.Event> frees) {

  /** Prepares those that this kernel has, each with a filter that passes the watched caches. */
  static WatchedEvents prepare(TraceInstance instance, EventFormats formats, WatchedCaches watched)
      throws IOException {
    Set<String> names = new HashSet<>(watched.names());
    names.add(WatchedCaches.OPEN_FILES); // Which also tells who closed it.
    Optional<String> byName = EventFilter.anyName(names);
    boolean named = formats.allocationsNameTheirCache();
    Optional<String> allocated =
        named
            ? EventFilter.anyOf(watched.wanted()).or(() -> byName)
            : EventFilter.anySize(watched.slotBytes());
    List<TraceInstance.Event> allocations = new ArrayList<>();
    List<TraceInstance.Event> frees = new ArrayList<>();
    // Where allocations do not name their cache, all frees are recorded: they tell which call
    // sites allocate from other caches.
    frees.add(instance.prepare("kmem/" + EventFormats.FREE, named ? byName : Optional.empty()));
    for (String event : List.of(EventFormats.ALLOC, EventFormats.ALLOC_NODE)) {
      if (formats.find(event).isPresent()) {
        allocations.add(instance.prepare("kmem/" + event, allocated));
      }
    }
    if (!watched.kmallocBytes().isEmpty()) {
      Optional<String> kmalloc = EventFilter.anySize(watched.kmallocBytes());
      frees.add(instance.prepare("kmem/" + EventFormats.KFREE, Optional.empty()));
      for (String event : List.of(EventFormats.KMALLOC, EventFormats.KMALLOC_NODE)) {
        if (formats.find(event).isPresent()) {
          allocations.add(instance.prepare("kmem/" + event, kmalloc));
        }
      }
    }
    return new WatchedEvents(allocations, frees);
  }
}
