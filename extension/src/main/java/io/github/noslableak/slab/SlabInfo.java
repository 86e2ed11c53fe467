package io.github.noslableak.slab;

import io.github.noslableak.kernel.Digits;
import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One reading of {@code /proc/slabinfo}, the overview of all caches.
 *
 * <p>{@code active_objs} is not exact: SLUB counts per-CPU slabs as fully used, and from 6.10 on it
 * extrapolates above 10,000 partial slabs. Verdicts stand on sysfs wherever that exists.
 *
 * @param rows the caches in the kernel's order
 */
public record SlabInfo(List<Row> rows) {

  /**
   * One cache.
   *
   * @param name the cache's name
   * @param activeObjects objects in use, as far as the allocator knows without asking each CPU
   * @param totalObjects slots, used or free
   * @param slotBytes bytes of a slot: the object, padding and debugging data
   * @param tunableLimit the tunables' first number: 0 on SLUB, above 0 on SLAB
   */
  public record Row(
      String name, long activeObjects, long totalObjects, long slotBytes, long tunableLimit) {}

  private static final String VERSION = "slabinfo - version: 2.";

  public SlabInfo {
    rows = List.copyOf(rows);
  }

  /**
   * Returns the objects in use by name; caches of one name, as file systems may make them, summed.
   */
  public Map<String, Long> activeObjects() {
    return rows.stream().collect(Collectors.toMap(Row::name, Row::activeObjects, Long::sum));
  }

  /** Returns the bytes of a slot by name. */
  public Map<String, Long> slotBytes() {
    return rows.stream().collect(Collectors.toMap(Row::name, Row::slotBytes, Math::max));
  }

  /**
   * Parses the text of version 2.0 and 2.1.
   *
   * <pre>{@code
   * slabinfo - version: 2.1
   * # name            <active_objs> <num_objs> <objsize> ... : tunables <limit> ... : slabdata ...
   * dentry              3108   3108    192   21    1 : tunables    0    0    0 : slabdata    148    148      0
   * }</pre>
   *
   * Names are taken up to the first blank: the kernel's own hold none. Two caches may have one
   * name, as those of a file system that is mounted twice.
   *
   * @throws MalformedKernelDataException on anything else or a truncated line
   */
  public static SlabInfo parse(ByteBuffer text) {
    ByteBuffer in = text.slice();
    expectHeader(in);
    List<Row> rows = new ArrayList<>(256);
    byte[] name = new byte[256];
    while (in.hasRemaining()) {
      rows.add(parseRow(in, name));
    }
    if (rows.isEmpty()) {
      throw new MalformedKernelDataException("slabinfo lists no cache");
    }
    return new SlabInfo(rows);
  }

  private static void expectHeader(ByteBuffer in) {
    String version = line(in);
    if (!version.startsWith(VERSION)) {
      throw new MalformedKernelDataException(
          "slabinfo should start with \"" + VERSION + "x\", but starts with \"" + version + "\"");
    }
    String columns = line(in);
    if (!columns.startsWith("# name")) {
      throw new MalformedKernelDataException("slabinfo has no column header: \"" + columns + "\"");
    }
  }

  private static String line(ByteBuffer in) {
    int start = in.position();
    while (in.hasRemaining()) {
      if (in.get() == '\n') {
        byte[] bytes = new byte[in.position() - 1 - start];
        in.get(start, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
      }
    }
    throw new MalformedKernelDataException(
        "slabinfo's header is cut off: \"" + Digits.excerpt(in, start) + "\"");
  }

  private static Row parseRow(ByteBuffer in, byte[] nameBytes) {
    int start = in.position();
    String name = name(in, nameBytes);
    // Slots and free slots are summed at different moments (mm/slub.c, get_slabinfo). When slabs
    // come in between, their difference wraps below zero: it means "none that could be seen".
    long active = Math.max(0, unsigned(in, name, "active_objs"));
    long total = number(in, name, "num_objs");
    long slot = number(in, name, "objsize");
    number(in, name, "objperslab");
    number(in, name, "pagesperslab");
    expect(in, " : tunables", name);
    long limit = number(in, name, "limit");
    // The rest (batchcount, sharedfactor, slabdata) is not used, but the line must be whole.
    while (in.hasRemaining()) {
      if (in.get() == '\n') {
        return new Row(name, active, total, slot, limit);
      }
    }
    throw new MalformedKernelDataException(
        "slabinfo is cut off in \"" + Digits.excerpt(in, start) + "\"");
  }

  private static String name(ByteBuffer in, byte[] bytes) {
    int length = 0;
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b == ' ') {
        if (length == 0) {
          throw new MalformedKernelDataException("slabinfo has a line without a name");
        }
        // ISO-8859-1 keeps every byte, so that two names never become one.
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      }
      if (b == '\n' || length == bytes.length) {
        break;
      }
      bytes[length++] = b;
    }
    throw new MalformedKernelDataException(
        "slabinfo is cut off in the name \""
            + new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1)
            + "\"");
  }

  private static long number(ByteBuffer in, String name, String column) {
    int start = in.position();
    long value = unsigned(in, name, column);
    if (value < 0) {
      throw new MalformedKernelDataException(
          "slabinfo's "
              + column
              + " of "
              + name
              + " exceeds 63 bits: "
              + Digits.excerpt(in, start));
    }
    return value;
  }

  private static long unsigned(ByteBuffer in, String name, String column) {
    int at = in.position();
    int end = in.limit();
    while (at < end && in.get(at) == ' ') {
      at++;
    }
    in.position(at);
    // Concatenate only on failure: this runs for every number of every line.
    if (at == end || !Digits.isDigit(in.get(at))) {
      throw new MalformedKernelDataException(
          "slabinfo's "
              + column
              + " of "
              + name
              + " should be a number, but is \""
              + Digits.excerpt(in, at)
              + "\"");
    }
    long value = Digits.parseUnsigned(in, column);
    if (!in.hasRemaining() || (in.get(in.position()) != ' ' && in.get(in.position()) != '\n')) {
      throw new MalformedKernelDataException(
          "slabinfo's " + column + " of " + name + " is cut off or followed by text");
    }
    return value;
  }

  private static void expect(ByteBuffer in, String literal, String name) {
    int start = in.position();
    for (int i = 0; i < literal.length(); i++) {
      if (!in.hasRemaining() || in.get() != literal.charAt(i)) {
        throw new MalformedKernelDataException(
            "slabinfo's line of "
                + name
                + " should go on with \""
                + literal
                + "\", but goes on with \""
                + Digits.excerpt(in, start)
                + "\"");
      }
    }
  }
}
