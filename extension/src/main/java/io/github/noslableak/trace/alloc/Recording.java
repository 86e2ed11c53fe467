package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.JvmEnd;
import io.github.noslableak.trace.PageLayout;
import io.github.noslableak.trace.Switching;
import io.github.noslableak.trace.TraceInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An instance of the kernel's tracing with the events of some caches.
 *
 * <p>To make one takes a tenth of a second and more, to switch it a twentieth of a millisecond. So
 * this JVM keeps the one that it made last from one ledger to the next, switched off in between,
 * for as long as it has the caches that are wanted.
 */
final class Recording implements AutoCloseable {

  private static final Path SLAB = Path.of("/sys/kernel/slab");

  /** More caches than these are no longer gathered in one instance: all their events cost time. */
  private static final int MOST_CACHES = 128;

  /** Of two measurements of which one is inside the other, each has its own. */
  private static final int MOST_KEPT = 2;

  /** Guarded by this class, as is which of them are lent. */
  private static final List<Recording> KEPT = new ArrayList<>();

  private final TraceInstance instance;
  private final PageLayout layout;
  private final EventFormats formats;
  private final WatchedCaches watched;
  private final WatchedEvents events;
  private final int bufferKibPerCpu;
  private boolean lent = true;
  private boolean started;
  private boolean stacks;
  private CompletableFuture<Void> switching = CompletableFuture.completedFuture(null);

  private Recording(
      TraceInstance instance, EventFormats formats, WatchedCaches watched, int bufferKibPerCpu)
      throws IOException {
    this.instance = instance;
    this.layout = instance.layout();
    this.formats = formats;
    this.watched = watched;
    this.events = WatchedEvents.prepare(instance, formats, watched);
    this.bufferKibPerCpu = bufferKibPerCpu;
  }

  /**
   * Lends one that records at least these caches. It is given back by {@link #close()}.
   *
   * @param keeps whether one that has to be made may be kept
   * @throws IOException if this kernel or these rights do not allow it
   */
  static synchronized Recording of(List<SlabCache> caches, int bufferKibPerCpu, boolean keeps)
      throws IOException {
    List<Recording> free = KEPT.stream().filter(recording -> !recording.lent).toList();
    for (Recording recording : free) {
      if (recording.bufferKibPerCpu == bufferKibPerCpu
          && recording.has(caches)
          && recording.isSettled()) {
        // Where one is made, this happens anyway.
        TraceInstance.removeStale(TraceFileSystem.root().resolve("instances"));
        recording.instance.drain();
        recording.lent = true;
        return recording;
      }
    }
    if (!keeps || (KEPT.size() == MOST_KEPT && free.isEmpty())) {
      return make(caches, bufferKibPerCpu);
    }
    List<SlabCache> all = caches;
    if (!free.isEmpty()) {
      Recording last = free.get(0);
      // What was recorded for a rehearsal alone, with the smallest buffer, nobody asks for again.
      all = last.bufferKibPerCpu == bufferKibPerCpu ? last.joined(caches) : caches;
      discard(last);
    }
    Recording made = make(all, bufferKibPerCpu);
    JvmEnd.closes(made.instance);
    KEPT.add(made);
    return made;
  }

  /** Returns whether this JVM keeps one. */
  static synchronized boolean isKept() {
    return !KEPT.isEmpty();
  }

  private static void discard(Recording last) {
    KEPT.remove(last);
    boolean ignored = last.isSettled(); // Its files are in use until then.
    last.instance.close();
    JvmEnd.forget(last.instance);
  }

  private static Recording make(List<SlabCache> caches, int bufferKibPerCpu) throws IOException {
    Path root = TraceFileSystem.root();
    EventFormats formats = EventFormats.of(root);
    WatchedCaches watched = watched(caches);
    TraceInstance instance = TraceInstance.create(root, bufferKibPerCpu);
    try {
      return new Recording(instance, formats, watched, bufferKibPerCpu);
    } catch (IOException | RuntimeException e) {
      instance.close();
      throw e;
    }
  }

  private static WatchedCaches watched(List<SlabCache> caches) {
    return new WatchedCaches(caches, Recording::slotSize, name -> Files.exists(SLAB.resolve(name)));
  }

  private static long slotSize(String directory) {
    try {
      return Long.parseLong(
          Files.readString(SLAB.resolve(directory).resolve("slab_size"), StandardCharsets.US_ASCII)
              .strip());
    } catch (IOException | NumberFormatException e) {
      return 0; // The size of no allocation.
    }
  }

  /** A free of kmalloc's names no cache, so all of them are recorded: only where that is wanted. */
  private boolean has(List<SlabCache> caches) {
    return watched.caches().containsAll(caches)
        && hasKmalloc(watched.caches()) == hasKmalloc(caches);
  }

  private List<SlabCache> joined(List<SlabCache> caches) {
    Set<SlabCache> all =
        Stream.concat(caches.stream(), watched.caches().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    boolean fits = all.size() <= MOST_CACHES && hasKmalloc(watched.caches()) == hasKmalloc(caches);
    return fits ? List.copyOf(all) : caches;
  }

  private static boolean hasKmalloc(List<SlabCache> caches) {
    return caches.stream().anyMatch(cache -> cache.name().contains("kmalloc-"));
  }

  TraceInstance instance() {
    return instance;
  }

  PageLayout layout() {
    return layout;
  }

  EventFormats formats() {
    return formats;
  }

  /** Returns which events belong to these caches, of which each is recorded. */
  WatchedCaches narrowed(List<SlabCache> caches) {
    return watched.caches().equals(caches) ? watched : watched(caches);
  }

  /**
   * Starts to record: first the births of tasks, so that whoever lives already can be asked for.
   */
  void startLineage() throws IOException {
    if (!started) {
      for (String event : EventFormats.LINEAGE) {
        instance.enable(event).write("1");
      }
    }
    instance.start();
  }

  /** Starts to record the caches' events. */
  void startEvents() {
    if (!started) {
      if (!stacks) {
        instance.recordStacksOfInterrupts(events.allocations());
      }
      for (List<TraceInstance.Event> switched : List.of(events.frees(), events.allocations())) {
        switched.forEach(event -> event.enable().write("1"));
      }
      started = true;
    }
  }

  /** Records the kernel's stack with each allocation from now on. */
  void recordStacks() {
    if (!stacks) {
      stacks = true;
      // At once, and with each event until there is a trigger: to take one back takes a while.
      instance.recordAllStacks();
      switching =
          CompletableFuture.runAsync(
              () -> instance.recordStacks(events.allocations()), Switching.executor());
    }
  }

  /** Returns whether it records what it should; else another is made in its place. */
  private boolean isSettled() {
    try {
      switching.join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** Stops recording; one that is not kept is removed from the kernel. */
  @Override
  public void close() {
    synchronized (Recording.class) {
      if (!KEPT.contains(this)) {
        boolean ignored = isSettled(); // Its files are in use until then.
        instance.close();
        return;
      }
      try {
        instance.stop();
        if (stacks) {
          // Whoever lends it next waits for that, and nobody else.
          switching =
              switching.thenRunAsync(
                  () -> instance.recordStacksOfInterrupts(events.allocations()),
                  Switching.executor());
          stacks = false;
        }
        lent = false;
      } catch (UncheckedIOException e) {
        discard(this); // Whatever state it is in, the next ledger makes another.
      }
    }
  }
}
