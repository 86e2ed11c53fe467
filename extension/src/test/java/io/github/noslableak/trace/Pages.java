package io.github.noslableak.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Writes what one processor records into pages, as the kernel does. */
public final class Pages implements EventStream.Source {

  public static final int SIZE = 4096;
  public static final int DATA = 16;

  private final ByteOrder order;
  private final List<ByteBuffer> written = new ArrayList<>();
  private ByteBuffer page;
  private long time;
  private final Queue<ByteBuffer> unread = new ArrayDeque<>();

  Pages(ByteOrder order, long time) {
    this.order = order;
    this.time = time;
    this.page = begin();
  }

  public static Pages from(long time) {
    return new Pages(ByteOrder.LITTLE_ENDIAN, time);
  }

  private ByteBuffer begin() {
    ByteBuffer begun = ByteBuffer.allocate(SIZE).order(order);
    begun.putLong(0, time);
    return begun.position(DATA);
  }

  /** Writes a record at a time, behind a longer difference in time if need be. */
  public Pages at(long when, ByteBuffer data) {
    long delta = when - time;
    int length = data.remaining();
    if (page.remaining() < length + 24) {
      newPage();
      delta = when - time;
    }
    if (delta >= 1L << 27) {
      extend(delta);
      delta = 0;
    }
    if (length <= 112) {
      head(length / 4, delta);
    } else {
      head(0, delta);
      page.putInt(length + 4);
    }
    page.put(data.duplicate());
    time = when;
    return this;
  }

  public Pages newPage() {
    flush();
    page = begin();
    return this;
  }

  private void flush() {
    page.putLong(8, (long) page.position() - DATA | page.getLong(8));
    ByteBuffer whole = page.duplicate().order(order).clear();
    written.add(whole);
    unread.add(whole);
  }

  public Pages missed() {
    page.putLong(8, page.getLong(8) | 1L << 31);
    return this;
  }

  public Pages extend(long delta) {
    head(PageLayout.TIME_EXTEND, delta & (1 << 27) - 1);
    page.putInt((int) (delta >>> 27));
    time += delta;
    return this;
  }

  Pages stamp(long absolute) {
    long low = absolute & (1L << 59) - 1;
    head(PageLayout.TIME_STAMP, low & (1 << 27) - 1);
    page.putInt((int) (low >>> 27));
    time = absolute;
    return this;
  }

  /** A record that was written and then thrown away. */
  public Pages discarded(int length, long delta) {
    head(PageLayout.PADDING, delta);
    page.putInt(length + 4);
    page.position(page.position() + length);
    time += delta == 1 ? 0 : delta;
    return this;
  }

  /** Padding to the end of the page, all of which counts as used. */
  public Pages padToEnd() {
    head(PageLayout.PADDING, 0);
    page.position(SIZE);
    return newPage();
  }

  /** Words of one's own. */
  Pages raw(int... words) {
    for (int word : words) {
      page.putInt(word);
    }
    return this;
  }

  private void head(int type, long delta) {
    page.putInt(
        order == ByteOrder.LITTLE_ENDIAN ? type | (int) delta << 5 : type << 27 | (int) delta);
  }

  /** Ends the last page and returns all. */
  List<ByteBuffer> all() {
    newPage();
    return written;
  }

  /** Makes what was written until now readable. */
  public Pages commit() {
    return page.position() > DATA ? newPage() : this;
  }

  @Override
  public int readNext(ByteBuffer into) {
    ByteBuffer next = unread.poll();
    into.clear();
    if (next == null) {
      into.limit(0);
      return 0;
    }
    into.put(next.duplicate()).flip();
    return into.limit();
  }

  // Data of events, in the form of a kernel.

  /** One event's data. */
  public static final class Data {
    private final EventFormat format;
    private final ByteBuffer bytes;
    private int end;

    public Data(EventFormat format, int task, int flags) {
      this.format = format;
      this.bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
      this.end = format.fields().values().stream().mapToInt(EventFormat.Field::end).max().orElse(0);
      with("common_type", format.id());
      with("common_pid", task);
      with("common_flags", flags);
    }

    public Data with(String name, long value) {
      EventFormat.Field field = format.field(name);
      switch (field.size()) {
        case 1 -> bytes.put(field.offset(), (byte) value);
        case 2 -> bytes.putShort(field.offset(), (short) value);
        case 4 -> bytes.putInt(field.offset(), (int) value);
        default -> bytes.putLong(field.offset(), value);
      }
      return this;
    }

    public Data with(String name, String text) {
      byte[] encoded = (text + "\0").getBytes(StandardCharsets.UTF_8);
      EventFormat.Field field = format.field(name);
      if (field.isDynamic()) {
        bytes.putInt(field.offset(), encoded.length << 16 | end);
        bytes.put(end, encoded);
        end += encoded.length;
      } else {
        bytes.put(field.offset(), encoded);
      }
      return this;
    }

    public Data callers(long... addresses) {
      with("size", addresses.length);
      end = format.field("caller").offset();
      for (long address : addresses) {
        bytes.putLong(end, address);
        end += 8;
      }
      return this;
    }

    public ByteBuffer done() {
      return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit((end + 3) / 4 * 4);
    }
  }
}
