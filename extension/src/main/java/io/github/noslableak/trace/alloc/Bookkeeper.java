package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.EventFormat.Field;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Pairs allocations and frees. It is given the events of all processors in the order of their time.
 *
 * <p>An allocation is recorded after the kernel took the object, and a free before it gives it
 * back, so in the order of time the two alternate for every address.
 */
final class Bookkeeper implements EventStream.Books {

  /** Bits of common_flags, from enum trace_flag_type in include/linux/trace_events.h. */
  private static final int IN_HARDIRQ = 0x08;

  private static final int IN_SOFTIRQ = 0x10;
  private static final int IN_NMI = 0x40;
  private static final int IN_INTERRUPT = IN_HARDIRQ | IN_SOFTIRQ | IN_NMI;

  /** What a site's objects turned out to be from, where allocations do not name their cache. */
  private static final int UNKNOWN_YET = -2;

  private static final int SEVERAL = -3;

  /** A kind of event, with the fields that are read of it. */
  private enum Kind {
    ALLOC,
    FREE,
    KMALLOC,
    KFREE,
    NEW_TASK,
    EXEC,
    STACK
  }

  private record Event(Kind kind, EventFormat format, int minimum, List<Field> fields) {}

  private record Site(long address, long bytes) {}

  private final WatchedCaches watched;
  private final Tasks tasks;
  private final GfpFlags gfp;
  private final boolean named;
  private final Field commonType;
  private final Field commonFlags;
  private final Field commonPid;
  private final int commonEnd;
  private final Event[] events;
  private final Waiting[] waiting;

  private final LiveObjects live = new LiveObjects();
  private final Stacks stacks = new Stacks();
  private final long[] freedUnseen;
  private final long[] freesUnrecorded;
  private final Allocators allocators;
  private final Map<Site, Integer> siteNumbers = new HashMap<>();
  private int[] cacheOfSite = new int[64];
  private int[] likelyCacheOfSite = new int[64];

  private int mark;
  private long eventCount;
  private long refused;

  /** The last allocation on one processor in each context, whose stack comes next. */
  private static final class Waiting {
    private static final int CONTEXTS = 4;
    final long[] address = new long[CONTEXTS];
    final int[] task = new int[CONTEXTS];
  }

  /** Makes empty books of a kernel whose allocating functions are not known, or do not matter. */
  Bookkeeper(EventFormats formats, WatchedCaches watched, Tasks tasks, int processors) {
    this(formats, watched, tasks, processors, Allocators.unknown());
  }

  Bookkeeper(
      EventFormats formats,
      WatchedCaches watched,
      Tasks tasks,
      int processors,
      Allocators allocators) {
    this.allocators = allocators;
    this.watched = watched;
    this.tasks = tasks;
    this.named = formats.allocationsNameTheirCache();
    EventFormat alloc = formats.get(EventFormats.ALLOC);
    this.commonType = alloc.number("common_type");
    this.commonFlags = alloc.number("common_flags");
    this.commonPid = alloc.number("common_pid");
    this.commonEnd = Math.max(commonType.end(), Math.max(commonFlags.end(), commonPid.end()));
    this.gfp =
        watched.kmallocBytes().isEmpty()
            ? new GfpFlags(0, 0, 0)
            : GfpFlags.of(formats.get(EventFormats.KMALLOC));
    this.events =
        new Event[1 + formats.byName().values().stream().mapToInt(EventFormat::id).max().orElse(0)];
    this.waiting = new Waiting[processors];
    Arrays.setAll(waiting, cpu -> new Waiting());
    this.freedUnseen = new long[watched.caches().size()];
    this.freesUnrecorded = new long[watched.caches().size()];

    String[] allocation =
        named
            ? new String[] {"ptr", "call_site", "bytes_alloc", "name"}
            : new String[] {"ptr", "call_site", "bytes_alloc"};
    add(formats, EventFormats.ALLOC, Kind.ALLOC, allocation);
    add(formats, EventFormats.ALLOC_NODE, Kind.ALLOC, allocation);
    add(formats, EventFormats.FREE, Kind.FREE, "ptr", "name");
    String[] kmalloc = {"ptr", "call_site", "bytes_alloc", "gfp_flags"};
    add(formats, EventFormats.KMALLOC, Kind.KMALLOC, kmalloc);
    add(formats, EventFormats.KMALLOC_NODE, Kind.KMALLOC, kmalloc);
    add(formats, EventFormats.KFREE, Kind.KFREE, "ptr");
    add(formats, EventFormats.NEW_TASK, Kind.NEW_TASK, "pid", "clone_flags", "comm");
    add(formats, EventFormats.EXEC, Kind.EXEC, "pid", "old_pid", "filename");
    add(formats, EventFormats.STACK, Kind.STACK, "size", "caller");
  }

  private void add(EventFormats formats, String name, Kind kind, String... wanted) {
    formats
        .find(name)
        .ifPresent(
            format -> {
              List<Field> fields = Arrays.stream(wanted).map(format::field).toList();
              requireReadable(format, kind, fields);
              int minimum = commonEnd;
              for (Field field : fields) {
                // Of a stack only the start is sure: it is as long as the stack is deep.
                boolean open = isCallers(kind, field);
                minimum = Math.max(minimum, open ? field.offset() : field.end());
              }
              events[format.id()] = new Event(kind, format, minimum, fields);
            });
  }

  private static boolean isCallers(Kind kind, Field field) {
    return kind == Kind.STACK && field.name().equals("caller");
  }

  private void requireReadable(EventFormat format, Kind kind, List<Field> fields) {
    for (Field common : List.of(commonType, commonFlags, commonPid)) {
      if (!format.field(common.name()).equals(common)) {
        throw new MalformedKernelDataException(
            "the kernel's event " + format.name() + " has its own " + common.name());
      }
    }
    for (Field field : fields) {
      boolean isText =
          field.name().equals("name")
              || field.name().equals("filename")
              || field.name().equals("comm");
      boolean readable =
          isText
              ? field.isDynamic() || field.type().equals("char")
              : field.isNumber() || isCallers(kind, field);
      if (!readable) {
        throw new MalformedKernelDataException(
            "the field "
                + field.name()
                + " of the kernel's event "
                + format.name()
                + " is "
                + field.type()
                + " of "
                + field.size()
                + " bytes");
      }
    }
  }

  @Override
  public void mark(int number) {
    mark = number;
  }

  @Override
  public void enter(int cpu, ByteBuffer page, int record, int length) {
    if (length < commonEnd) {
      throw new MalformedKernelDataException("a trace event has only " + length + " bytes");
    }
    int id = (int) commonType.read(page, record);
    Event event = id < events.length ? events[id] : null;
    if (event == null) {
      return; // Such as the tracer's own marks. None that was asked for: those have a format.
    }
    if (length < event.minimum) {
      throw new MalformedKernelDataException(
          "a trace event "
              + event.format.name()
              + " has "
              + length
              + " bytes and should have at least "
              + event.minimum);
    }
    List<Field> fields = event.fields;
    switch (event.kind) {
      case ALLOC -> allocated(cpu, page, record, length, fields);
      case FREE -> freed(page, record, length, fields);
      case KMALLOC -> kmalloced(cpu, page, record, fields);
      case KFREE -> kfreed(fields.get(0).read(page, record));
      case NEW_TASK ->
          tasks.born(
              pid(page, record),
              (int) fields.get(0).read(page, record),
              fields.get(1).read(page, record),
              text(fields.get(2), page, record, length));
      case EXEC ->
          tasks.executes(
              (int) fields.get(0).read(page, record),
              (int) fields.get(1).read(page, record),
              text(fields.get(2), page, record, length));
      case STACK -> stack(cpu, page, record, length, fields);
    }
  }

  private int pid(ByteBuffer page, int record) {
    return (int) commonPid.read(page, record);
  }

  private void allocated(int cpu, ByteBuffer page, int record, int length, List<Field> fields) {
    long site = fields.get(1).read(page, record);
    int origin;
    if (named) {
      origin = cacheByName(fields.get(3), page, record, length);
      if (origin == WatchedCaches.NONE) {
        return;
      }
    } else {
      origin = watched.caches().size() + siteNumber(site, fields.get(2).read(page, record));
    }
    put(cpu, page, record, fields.get(0).read(page, record), origin, site);
  }

  private void kmalloced(int cpu, ByteBuffer page, int record, List<Field> fields) {
    long bytes = fields.get(2).read(page, record);
    int cache = watched.byKmalloc(bytes, fields.get(3).read(page, record), gfp);
    if (cache != WatchedCaches.NONE) {
      long site = fields.get(1).read(page, record);
      put(cpu, page, record, fields.get(0).read(page, record), cache, site);
    }
  }

  private void put(int cpu, ByteBuffer page, int record, long address, int origin, long site) {
    if (address == 0) {
      return; // The kernel had no memory, and says so by an address of 0.
    }
    eventCount++;
    int before = live.origin(address);
    if (before >= 0) {
      int cache = cacheOf(before);
      if (cache >= 0) {
        freesUnrecorded[cache]++;
      }
    }
    int task = pid(page, record);
    int flags = (int) commonFlags.read(page, record);
    int owner = (flags & IN_INTERRUPT) != 0 ? tasks.interrupt() : tasks.ownerOf(task);
    if (!live.put(address, origin, owner, stacks.of(site), mark)) {
      refused++;
    }
    Waiting here = waiting[cpu];
    int context = context(flags);
    here.address[context] = address;
    here.task[context] = task;
  }

  private void freed(ByteBuffer page, int record, int length, List<Field> fields) {
    int cache = cacheByName(fields.get(1), page, record, length);
    if (cache == WatchedCaches.NONE && named) {
      return;
    }
    eventCount++;
    int origin = live.remove(fields.get(0).read(page, record));
    if (origin < 0) {
      if (cache != WatchedCaches.NONE) {
        freedUnseen[cache]++;
      }
    } else if (origin >= watched.caches().size()) {
      learn(origin - watched.caches().size(), cache);
    }
  }

  private void kfreed(long address) {
    if (address != 0 && live.remove(address) >= 0) {
      eventCount++;
    }
  }

  /** The objects of a site turn out to be from a cache, which may be none that is watched. */
  private void learn(int site, int cache) {
    int before = cacheOfSite[site];
    if (before == UNKNOWN_YET) {
      cacheOfSite[site] = cache;
    } else if (before != cache) {
      cacheOfSite[site] = SEVERAL;
    }
  }

  private int siteNumber(long address, long bytes) {
    return siteNumbers.computeIfAbsent(
        new Site(address, bytes),
        added -> {
          int number = siteNumbers.size();
          if (number == cacheOfSite.length) {
            cacheOfSite = Arrays.copyOf(cacheOfSite, number * 2);
            likelyCacheOfSite = Arrays.copyOf(likelyCacheOfSite, number * 2);
          }
          int likely = watched.bySlotBytes(bytes);
          boolean possible =
              likely == WatchedCaches.NONE
                  || allocators.mayAllocate(watched.caches().get(likely), address);
          cacheOfSite[number] = possible ? UNKNOWN_YET : WatchedCaches.NONE;
          likelyCacheOfSite[number] = possible ? likely : WatchedCaches.NONE;
          return number;
        });
  }

  /**
   * Returns the cache, NONE for one that is not watched, or less where it is not known.
   *
   * <p>Where all objects of a site leak, none is freed and tells their cache. Then they count as
   * the watched cache's whose slots have their size, if it is the only one: it is one that grew.
   */
  private int cacheOf(int origin) {
    int caches = watched.caches().size();
    if (origin < caches) {
      return origin;
    }
    int site = origin - caches;
    boolean likely =
        cacheOfSite[site] == UNKNOWN_YET && likelyCacheOfSite[site] != WatchedCaches.NONE;
    return likely ? likelyCacheOfSite[site] : cacheOfSite[site];
  }

  private void stack(int cpu, ByteBuffer page, int record, int length, List<Field> fields) {
    int flags = (int) commonFlags.read(page, record);
    Waiting here = waiting[cpu];
    int context = context(flags);
    long address = here.address[context];
    if (address == 0 || here.task[context] != pid(page, record)) {
      return; // That of an event that is not an allocation of a watched cache.
    }
    here.address[context] = 0;
    int recorded = (length - fields.get(1).offset()) / Long.BYTES;
    int frames = (int) Math.min(Math.max(0, fields.get(0).read(page, record)), recorded);
    if (frames > 0) {
      live.setStack(address, stacks.of(page, record + fields.get(1).offset(), frames));
    }
  }

  /** An interrupt may come between an event and its stack, with an event and a stack of its own. */
  private static int context(int flags) {
    if ((flags & IN_NMI) != 0) {
      return 3;
    }
    if ((flags & IN_HARDIRQ) != 0) {
      return 2;
    }
    return (flags & IN_SOFTIRQ) != 0 ? 1 : 0;
  }

  private int cacheByName(Field field, ByteBuffer page, int record, int length) {
    int location = page.getInt(record + field.offset());
    int start = location & 0xffff;
    int size = dynamicSize(location, start, length);
    int end = start + size;
    // The length counts the terminating 0 and on some kernels the padding behind it.
    while (end > start && page.get(record + end - 1) == 0) {
      end--;
    }
    return watched.byName(page, record + start, end - start);
  }

  private static int dynamicSize(int location, int start, int length) {
    int size = location >>> 16;
    if (start + size > length) {
      throw new MalformedKernelDataException(
          "a trace event of " + length + " bytes has a text that ends at " + (start + size));
    }
    return size;
  }

  private static String text(Field field, ByteBuffer page, int record, int length) {
    int start = field.offset();
    int size = field.size();
    if (field.isDynamic()) {
      int location = page.getInt(record + field.offset());
      start = location & 0xffff;
      size = dynamicSize(location, start, length);
    }
    byte[] bytes = new byte[size];
    page.get(record + start, bytes);
    int end = 0;
    while (end < size && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** Returns events that could not be kept. */
  long refused() {
    return refused;
  }

  /**
   * Says what lives now.
   *
   * @param lost events that never came here
   * @param symbols finds the functions at many addresses at once
   */
  Snapshot snapshot(long lost, Function<long[], Map<Long, Frame>> symbols) {
    return new Summary(watched, tasks, stacks, this::cacheOf)
        .of(live, freedUnseen, freesUnrecorded, eventCount, lost + refused, symbols);
  }
}
