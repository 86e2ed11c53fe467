package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.TraceInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The formats of all events that a ledger records.
 *
 * @param byName from an event's name to its format
 */
public record EventFormats(Map<String, EventFormat> byName) {

  static final String ALLOC = "kmem_cache_alloc";

  /** An event of its own before 6.1. */
  static final String ALLOC_NODE = "kmem_cache_alloc_node";

  static final String FREE = "kmem_cache_free";
  static final String KMALLOC = "kmalloc";

  /** An event of its own before 6.1. */
  static final String KMALLOC_NODE = "kmalloc_node";

  static final String KFREE = "kfree";
  static final String NEW_TASK = "task_newtask";
  static final String EXEC = "sched_process_exec";
  static final String STACK = "kernel_stack";

  /** The births and execs of tasks, by their place among the kernel's events. */
  static final List<String> LINEAGE = List.of("task/" + NEW_TASK, "sched/" + EXEC);

  public EventFormats {
    byName = Map.copyOf(byName);
  }

  /**
   * Reads those that this kernel has.
   *
   * @param root where tracefs is mounted
   */
  static EventFormats of(Path root) throws IOException {
    List<EventFormat> formats = new ArrayList<>();
    for (String event :
        List.of(
            "kmem/" + ALLOC,
            "kmem/" + ALLOC_NODE,
            "kmem/" + FREE,
            "kmem/" + KMALLOC,
            "kmem/" + KMALLOC_NODE,
            "kmem/" + KFREE,
            LINEAGE.get(0),
            LINEAGE.get(1),
            "ftrace/" + STACK)) {
      TraceInstance.format(root, event).ifPresent(formats::add);
    }
    return of(formats);
  }

  public static EventFormats of(Collection<EventFormat> formats) {
    Map<String, EventFormat> byName = new HashMap<>();
    formats.forEach(format -> byName.put(format.name(), format));
    return new EventFormats(byName);
  }

  public EventFormat get(String name) {
    return find(name)
        .orElseThrow(
            () -> new MalformedKernelDataException("this kernel has no trace event " + name));
  }

  Optional<EventFormat> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Whether an allocation says from which cache it is: since 6.13, and not before. */
  public boolean allocationsNameTheirCache() {
    return get(ALLOC).find("name").isPresent();
  }
}
