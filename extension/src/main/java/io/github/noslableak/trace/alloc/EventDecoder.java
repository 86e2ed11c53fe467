package io.github.noslableak.trace.alloc;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.proc.Tasks;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.EventFormat.Field;
import io.github.noslableak.trace.EventStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the events of a ledger out of the kernel's pages, and hands what they say to the books and
 * to the tasks. What the fields mean is the kernel's; what follows from them is the books'.
 */
final class EventDecoder implements EventStream.Receiver {

  /** Bits of common_flags, from enum trace_flag_type in include/linux/trace_events.h. */
  private static final int IN_HARDIRQ = 0x08;

  private static final int IN_SOFTIRQ = 0x10;
  private static final int IN_NMI = 0x40;

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

  private final WatchedCaches watched;
  private final Tasks tasks;
  private final Bookkeeper books;
  private final GfpFlags gfp;
  private final boolean named;
  private final Field commonType;
  private final Field commonFlags;
  private final Field commonPid;
  private final int commonEnd;
  private final Event[] events;

  /**
   * Finds the fields.
   *
   * @throws MalformedKernelDataException if one is missing or of another kind than is known
   */
  EventDecoder(EventFormats formats, WatchedCaches watched, Tasks tasks, Bookkeeper books) {
    this.watched = watched;
    this.tasks = tasks;
    this.books = books;
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
    books.mark(number);
  }

  @Override
  public void enter(int cpu, long time, ByteBuffer page, int record, int length) {
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
    books.reach(time);
    switch (event.kind) {
      case ALLOC -> allocated(cpu, page, record, length, fields);
      case FREE -> freed(page, record, length, fields);
      case KMALLOC -> kmalloced(cpu, page, record, fields);
      case KFREE -> books.freedUnnamed(fields.get(0).read(page, record));
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

  private int context(ByteBuffer page, int record) {
    int flags = (int) commonFlags.read(page, record);
    if ((flags & IN_NMI) != 0) {
      return Bookkeeper.NMI;
    }
    if ((flags & IN_HARDIRQ) != 0) {
      return Bookkeeper.HARDIRQ;
    }
    return (flags & IN_SOFTIRQ) != 0 ? Bookkeeper.SOFTIRQ : Bookkeeper.TASK;
  }

  private void allocated(int cpu, ByteBuffer page, int record, int length, List<Field> fields) {
    long address = fields.get(0).read(page, record);
    long site = fields.get(1).read(page, record);
    if (named) {
      int cache = cacheByName(fields.get(3), page, record, length);
      if (isOpenFile(fields.get(3), page, record, length)) {
        books.opened(pid(page, record), address);
      }
      if (cache != WatchedCaches.NONE) {
        books.allocated(cpu, context(page, record), pid(page, record), address, site, cache);
      } else {
        books.allocatedElsewhere(cpu, context(page, record));
      }
    } else {
      long bytes = fields.get(2).read(page, record);
      books.allocatedUnnamed(cpu, context(page, record), pid(page, record), address, site, bytes);
    }
  }

  private void kmalloced(int cpu, ByteBuffer page, int record, List<Field> fields) {
    long bytes = fields.get(2).read(page, record);
    int cache = watched.byKmalloc(bytes, fields.get(3).read(page, record), gfp);
    if (cache != WatchedCaches.NONE) {
      books.allocated(
          cpu,
          context(page, record),
          pid(page, record),
          fields.get(0).read(page, record),
          fields.get(1).read(page, record),
          cache);
    } else {
      books.allocatedElsewhere(cpu, context(page, record));
    }
  }

  private void freed(ByteBuffer page, int record, int length, List<Field> fields) {
    int cache = cacheByName(fields.get(1), page, record, length);
    if (isOpenFile(fields.get(1), page, record, length)) {
      long address = fields.get(0).read(page, record);
      books.closed(context(page, record), pid(page, record), address, named);
    }
    // Where allocations do not name their cache, frees from others tell which sites are theirs.
    if (cache != WatchedCaches.NONE || !named) {
      books.freed(fields.get(0).read(page, record), cache);
    }
  }

  private void stack(int cpu, ByteBuffer page, int record, int length, List<Field> fields) {
    int start = fields.get(1).offset();
    int recorded = (length - start) / Long.BYTES;
    int frames = (int) Math.min(Math.max(0, fields.get(0).read(page, record)), recorded);
    books.stack(cpu, context(page, record), pid(page, record), page, record + start, frames);
  }

  private int cacheByName(Field field, ByteBuffer page, int record, int length) {
    int start = page.getInt(record + field.offset()) & 0xffff;
    return watched.byName(page, record + start, nameLength(field, page, record, length));
  }

  private static boolean isOpenFile(Field field, ByteBuffer page, int record, int length) {
    int start = page.getInt(record + field.offset()) & 0xffff;
    return WatchedCaches.isOpenFile(page, record + start, nameLength(field, page, record, length));
  }

  private static int nameLength(Field field, ByteBuffer page, int record, int length) {
    int location = page.getInt(record + field.offset());
    int start = location & 0xffff;
    int end = start + dynamicSize(location, start, length);
    // The length counts the terminating 0 and on some kernels the padding behind it.
    while (end > start && page.get(record + end - 1) == 0) {
      end--;
    }
    return end - start;
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
}
