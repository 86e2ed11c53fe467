package io.github.noslableak.trace;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the record of one event is laid out, from its file {@code format} in tracefs.
 *
 * <pre>{@code
 * name: kmem_cache_free
 * ID: 656
 * format:
 * 	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
 * 	field:const void * ptr;	offset:16;	size:8;	signed:0;
 * 	field:__data_loc char[] name;	offset:24;	size:4;	signed:0;
 * }</pre>
 *
 * @param text the whole file
 */
public record EventFormat(String name, int id, Map<String, Field> fields, String text) {

  private static final Pattern NAME = Pattern.compile("(?m)^name: (\\S+)$");
  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,5})$");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^\\s*field:([^;]*?)(\\w+)(?:\\[[^\\]]*\\])?;"
              + "\\s*offset:(\\d{1,5});\\s*size:(\\d{1,5});(?:\\s*signed:([01]);)?\\s*$");

  public EventFormat {
    fields = Map.copyOf(fields);
  }

  /**
   * Parses the file.
   *
   * @throws MalformedKernelDataException if it has not the form above
   */
  public static EventFormat parse(String text) {
    Matcher name = NAME.matcher(text);
    Matcher id = ID.matcher(text);
    if (!name.find() || !id.find()) {
      throw new MalformedKernelDataException("an event's format names no event: " + excerpt(text));
    }
    return new EventFormat(name.group(1), Integer.parseInt(id.group(1)), fieldsOf(text), text);
  }

  static Map<String, Field> fieldsOf(String text) {
    Map<String, Field> fields = new LinkedHashMap<>();
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      fields.put(
          field.group(2),
          new Field(
              field.group(2),
              field.group(1).strip(),
              Integer.parseInt(field.group(3)),
              Integer.parseInt(field.group(4)),
              "1".equals(field.group(5))));
    }
    return fields;
  }

  public Field field(String wanted) {
    return find(wanted)
        .orElseThrow(
            () ->
                new MalformedKernelDataException(
                    "the kernel's event " + name + " has no field " + wanted));
  }

  /** Returns a field that must be a number of 1, 2, 4 or 8 bytes. */
  public Field number(String wanted) {
    Field field = field(wanted);
    if (!field.isNumber()) {
      throw new MalformedKernelDataException(
          "the field " + wanted + " of the kernel's event " + name + " is no number");
    }
    return field;
  }

  public Optional<Field> find(String wanted) {
    return Optional.ofNullable(fields.get(wanted));
  }

  private static String excerpt(String text) {
    return text.substring(0, Math.min(40, text.length()));
  }

  /**
   * One field.
   *
   * @param type its declaration in C without the name
   * @param offset in bytes from the start of the record
   * @param size in bytes
   */
  public record Field(String name, String type, int offset, int size, boolean signed) {

    /** Where it ends, in bytes from the start of the record. */
    public int end() {
      return offset + size;
    }

    /** Whether its place in the record holds only where its text is: offset and length. */
    public boolean isDynamic() {
      return type.startsWith("__data_loc") && size == 4;
    }

    public boolean isNumber() {
      return size == 1 || size == 2 || size == 4 || size == 8;
    }

    /** Reads the number; the caller has made sure that the record is long enough. */
    public long read(ByteBuffer page, int record) {
      int at = record + offset;
      return switch (size) {
        case 1 -> signed ? page.get(at) : page.get(at) & 0xffL;
        case 2 -> signed ? page.getShort(at) : page.getShort(at) & 0xffffL;
        case 4 -> signed ? page.getInt(at) : page.getInt(at) & 0xffff_ffffL;
        default -> page.getLong(at);
      };
    }
  }
}
