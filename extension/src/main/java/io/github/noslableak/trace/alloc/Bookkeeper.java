package io.github.noslableak.trace.alloc;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.verdict.Whose;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Pairs allocations and frees. It is told those of all processors in the order of their time.
 *
 * <p>An allocation is recorded after the kernel took the object, and a free before it gives it
 * back, so in the order of time the two alternate for every address.
 */
final class Bookkeeper {

  /**
   * What a processor was busy with when an event was recorded. Each may interrupt those before it,
   * with events and stacks of its own.
   */
  static final int TASK = 0;

  static final int SOFTIRQ = 1;
  static final int HARDIRQ = 2;
  static final int NMI = 3;
  private static final int CONTEXTS = 4;

  private final WatchedCaches watched;
  private final Tasks tasks;
  private final CallSites sites;
  private final SelfAllocations selfAllocations;
  private final Backlog backlog;
  private final Waiting[] waiting;
  private final int interrupt;
  private final int interruptOfOthers;
  private final int allocator;

  private final LiveObjects live = new LiveObjects();
  private final LiveObjects openFiles = new LiveObjects();
  private final Stacks stacks = new Stacks();
  private final long[] freedUnseen;
  private final long[] freesUnrecorded;

  /** Descendants of this JVM, under a number that none of its threads has. */
  static final int DESCENDANTS = 0;

  private static final int SELF = (int) ProcessHandle.current().pid();

  private final Closings.Counter closings = new Closings.Counter();

  private final long[] changes;
  private long[] allocatedByOrigin = new long[64];
  private long unnamedChanges;
  private int mark;
  private long now;
  private long eventCount;
  private long refused;

  /** The last allocation on one processor in each context, whose stack comes next. */
  private static final class Waiting {
    final long[] address = new long[CONTEXTS];
    final int[] task = new int[CONTEXTS];
  }

  /** Makes empty books of a kernel whose allocating functions are not known, or do not matter. */
  Bookkeeper(WatchedCaches watched, Tasks tasks, int processors) {
    this(
        watched,
        tasks,
        processors,
        Allocators.unknown(),
        SelfAllocations.none(),
        Backlog.unknown());
  }

  /**
   * Makes empty books.
   *
   * @param allocators who allocates from which cache, where events do not say it
   * @param selfAllocations what the slab allocator takes for itself
   * @param backlog who receives what it sends itself, as stacks tell
   */
  Bookkeeper(
      WatchedCaches watched,
      Tasks tasks,
      int processors,
      Allocators allocators,
      SelfAllocations selfAllocations,
      Backlog backlog) {
    this.watched = watched;
    this.tasks = tasks;
    this.sites = new CallSites(watched, allocators);
    this.selfAllocations = selfAllocations;
    this.backlog = backlog;
    this.interrupt = tasks.number(Owner.INTERRUPT);
    this.interruptOfOthers = tasks.number(Owner.INTERRUPT_OF_OTHERS);
    this.allocator = tasks.number(Owner.ALLOCATOR);
    this.waiting = new Waiting[processors];
    Arrays.setAll(waiting, cpu -> new Waiting());
    this.freedUnseen = new long[watched.caches().size()];
    this.freesUnrecorded = new long[watched.caches().size()];
    this.changes = new long[watched.caches().size()];
  }

  /** Returns how many caches are watched. */
  int caches() {
    return changes.length;
  }

  /** Everything from now on belongs to this mark. */
  void mark(int number) {
    mark = number;
  }

  /** All that is told from now on happens at this time, on the trace clock, in nanoseconds. */
  void reach(long time) {
    now = time;
  }

  /** An object was allocated from a watched cache. */
  void allocated(int cpu, int context, int task, long address, long site, int cache) {
    changes[cache]++;
    put(cpu, context, task, address, site, cache);
  }

  /** An object was allocated from a cache that is not watched; a stack that comes next is its. */
  void allocatedElsewhere(int cpu, int context) {
    waiting[cpu].address[context] = 0;
  }

  /** An object of so many bytes was allocated from a cache that is not known yet. */
  void allocatedUnnamed(int cpu, int context, int task, long address, long site, long bytes) {
    unnamedChanges++;
    put(cpu, context, task, address, site, sites.origin(site, bytes));
  }

  private void put(int cpu, int context, int task, long address, long site, int origin) {
    if (address == 0) {
      return; // The kernel had no memory, and says so by an address of 0.
    }
    eventCount++;
    int before = live.origin(address);
    if (before >= 0) {
      int cache = sites.cacheOf(before);
      if (cache >= 0) {
        freesUnrecorded[cache]++;
      }
      allocatedByOrigin[before]--;
    }
    int owner = selfAllocations.isOne(site) ? allocator : owner(context, task);
    // One more of others' is a number only: when it is freed, its allocation was not seen.
    boolean number = live.isCrowded() && tasks.owner(owner).whose() == Whose.OTHERS && before < 0;
    if (number || live.put(address, origin, owner, stacks.of(site), mark)) {
      if (origin >= allocatedByOrigin.length) {
        allocatedByOrigin = Arrays.copyOf(allocatedByOrigin, 2 * origin);
      }
      allocatedByOrigin[origin]++;
      if (context == TASK && !number) {
        live.stamp(address, task, now);
      }
    } else {
      refused++;
    }
    waiting[cpu].address[context] = address;
    waiting[cpu].task[context] = task;
  }

  private int owner(int context, int task) {
    int owner = tasks.ownerOf(task);
    if (context == TASK) {
      return owner;
    }
    // What the JVM does for itself may be interrupted by packets for the test, as the test may.
    Owner of = tasks.owner(owner);
    boolean ofOthers = of.whose() == Whose.OTHERS && !of.equals(Owner.HOTSPOT);
    return ofOthers ? interruptOfOthers : interrupt;
  }

  /**
   * The stack of the last allocation, if it was one of a watched cache, is at a place in a page.
   */
  void stack(int cpu, int context, int task, ByteBuffer page, int at, int frames) {
    Waiting here = waiting[cpu];
    long address = here.address[context];
    if (address == 0 || here.task[context] != task) {
      return; // That of another event.
    }
    here.address[context] = 0;
    if (frames > 0) {
      live.setStack(address, stacks.of(page, at, frames));
      if (live.owner(address) == interruptOfOthers && backlog.isSenders(page, at, frames)) {
        live.setOwner(address, tasks.ownerOf(task));
      }
    }
  }

  /** An object was freed to a cache, which may be none that is watched. */
  void freed(long address, int cache) {
    eventCount++;
    int origin = live.remove(address);
    if (cache == WatchedCaches.NONE) {
      unnamedChanges++;
    } else {
      changes[cache]++;
    }
    if (origin >= 0) {
      allocatedByOrigin[origin]--;
      sites.learn(origin, cache);
    } else if (cache != WatchedCaches.NONE) {
      freedUnseen[cache]++;
    }
  }

  /** A task opened a file; that it leaks is another matter. */
  void opened(int task, long address) {
    if (address != 0) {
      boolean ignored = openFiles.put(address, 0, 0, 0, mark); // Of millions, some are not known.
      openFiles.stamp(address, task, now);
    }
  }

  /**
   * An open file was closed for good.
   *
   * @param isOpeningTold whether the books are told of each file that is opened
   */
  void closed(int context, int task, long address, boolean isOpeningTold) {
    int opener = openFiles.task(address);
    OptionalInt opened = openFiles.mark(address);
    int ignored = openFiles.remove(address);
    Owner owner = tasks.owner(tasks.ownerOf(task));
    if (context != TASK || owner.whose() != Whose.OWN) {
      return;
    }
    int thread = owner.processId() == SELF ? task : DESCENDANTS;
    closings.told(thread);
    if (!isOpeningTold) {
      closings.openedByAnybody(thread);
    } else if (opener != task) {
      opened.ifPresent(during -> closings.openedByAnother(thread, during));
    }
  }

  /** An object was freed, of whatever cache: a free of kmalloc's does not name it. */
  void freedUnnamed(long address) {
    int origin = address == 0 ? -1 : live.remove(address);
    if (origin >= 0) {
      allocatedByOrigin[origin]--;
      eventCount++;
      unnamedChanges++;
    }
  }

  /** Returns how often objects of a cache, or of one that is not known, came or went. */
  long changes(int cache) {
    return changes[cache] + unnamedChanges;
  }

  /** Returns by how many objects a cache grew since the books were opened, as far as they know. */
  long booked(int cache) {
    long booked = -freedUnseen[cache];
    for (int origin = 0; origin < allocatedByOrigin.length; origin++) {
      if (allocatedByOrigin[origin] != 0 && sites.cacheOf(origin) == cache) {
        booked += allocatedByOrigin[origin];
      }
    }
    return booked;
  }

  /** Returns how many objects of a cache were freed that the books had not seen come. */
  long freedUnseen(int cache) {
    return freedUnseen[cache];
  }

  /** Returns the living objects of some caches one by one, those that matter. */
  List<Living> living(Set<String> caches, Predicate<Living> matters) {
    List<Living> living = new ArrayList<>();
    live.forEach(
        (address, origin, owner, stack, mark) -> {
          int cache = sites.cacheOf(origin);
          String name = cache < 0 ? "" : watched.caches().get(cache).name();
          if (caches.contains(name)) {
            Living object =
                new Living(
                    name,
                    address,
                    tasks.owner(owner),
                    mark,
                    live.task(address),
                    live.time(address));
            if (matters.test(object)) {
              living.add(object);
            }
          }
        });
    return living;
  }

  /**
   * Says what lives now, functions told by their addresses.
   *
   * @param lost events that never came here
   */
  Snapshot snapshot(long lost) {
    return new Summary(watched, tasks, stacks, sites)
        .of(live, freedUnseen, freesUnrecorded, closings.untilNow(), eventCount, lost + refused);
  }
}
