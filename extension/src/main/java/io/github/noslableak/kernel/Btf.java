package io.github.noslableak.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where the members of the running kernel's structures lie, from the BTF that it carries
 * (Documentation/bpf/btf.rst; /sys/kernel/btf/vmlinux, since 5.4 where it was built with it).
 */
public final class Btf {

  private static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");

  private static final int MAGIC = 0xeb9f;
  private static final int HEADER = 24;

  private static final int INT = 1;
  private static final int PTR = 2;
  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  private static final int FWD = 7;
  private static final int FUNC = 12;
  private static final int FUNC_PROTO = 13;
  private static final int VAR = 14;
  private static final int DATASEC = 15;
  private static final int FLOAT = 16;
  private static final int DECL_TAG = 17;
  private static final int ENUM64 = 19;

  /** Kinds that stand for another type: typedef, volatile, const, restrict, type tag. */
  private static final Set<Integer> OTHER_NAMES = Set.of(8, 9, 10, 11, 18);

  /** Structures that others have as members to be in a list, a tree or a table of hashes. */
  private static final Set<String> LINKS =
      Set.of(
          "list_head",
          "hlist_head",
          "hlist_node",
          "hlist_bl_head",
          "hlist_bl_node",
          "hlist_nulls_node",
          "llist_node",
          "rb_node",
          "rhash_head",
          "callback_head");

  private static final int FIXED = 12;
  private static final int MEMBER = 12;

  /** Types refer to each other; no chain of names is longer in a whole file. */
  private static final int LONGEST_CHAIN = 32;

  private final ByteBuffer data;
  private final int typesAt;
  private final int stringsAt;

  /** Where each type is described, by its number; the first is the void type. */
  private final int[] types;

  private final Map<String, Integer> structures = new HashMap<>();

  private Btf(ByteBuffer data) {
    this.data = data;
    if (data.remaining() < HEADER || Short.toUnsignedInt(data.getShort(0)) != MAGIC) {
      throw new MalformedKernelDataException("BTF begins with another number than " + MAGIC);
    }
    int header = data.getInt(4);
    typesAt = header + data.getInt(8);
    int typesBytes = data.getInt(12);
    stringsAt = header + data.getInt(16);
    types = new int[typesBytes / FIXED + 2];
    readTypes(typesBytes);
  }

  /**
   * Reads that of the running kernel: some megabytes, in tens of milliseconds.
   *
   * @throws IOException if this kernel carries none
   * @throws MalformedKernelDataException if it has not the documented form
   */
  public static Btf ofKernel() throws IOException {
    return parse(Files.readAllBytes(VMLINUX));
  }

  /** Reads such a file's content. */
  static Btf parse(byte[] content) {
    try {
      return new Btf(ByteBuffer.wrap(content).order(ByteOrder.nativeOrder()));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new MalformedKernelDataException("BTF refers to what it does not hold");
    }
  }

  private void readTypes(int bytes) {
    int number = 1;
    int at = 0;
    while (at + FIXED <= bytes) {
      types[number] = typesAt + at;
      int kind = kind(types[number]);
      if (kind == STRUCT) {
        structures.putIfAbsent(string(data.getInt(types[number])), number);
      }
      at += FIXED + further(kind, count(types[number]));
      number++;
    }
  }

  /** Returns how many bytes of a type follow those that each has. */
  private static int further(int kind, int count) {
    return switch (kind) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * count;
      case ENUM, FUNC_PROTO -> 8 * count;
      case PTR, FWD, FUNC, FLOAT -> 0;
      default -> {
        if (OTHER_NAMES.contains(kind)) {
          yield 0;
        }
        // How long it is, and so where the next one begins, is not known.
        throw new MalformedKernelDataException("BTF has a type of the unknown kind " + kind);
      }
    };
  }

  private int kind(int at) {
    return data.getInt(at + 4) >>> 24 & 0x1f;
  }

  private int count(int at) {
    return data.getInt(at + 4) & 0xffff;
  }

  private String string(int offset) {
    int end = stringsAt + offset;
    while (data.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - stringsAt - offset];
    data.get(stringsAt + offset, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Returns how large a structure is, in bytes; empty if there is none of that name. */
  public OptionalInt size(String structure) {
    Integer number = structures.get(structure);
    return number == null ? OptionalInt.empty() : OptionalInt.of(data.getInt(types[number] + 8));
  }

  /**
   * Returns where a member lies, in bytes from the structure's start, also one of a nameless
   * structure in it.
   *
   * @param path the member, or one of a member's own, such as {@code d_name.len}
   * @return empty if there is none, or it is a bit field
   */
  public OptionalInt offset(String structure, String path) {
    Integer number = structures.get(structure);
    try {
      return number == null ? OptionalInt.empty() : offset(number, path);
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedKernelDataException("BTF refers to what it does not hold");
    }
  }

  private OptionalInt offset(int structure, String path) {
    int type = structure;
    int offset = 0;
    for (String name : path.split("\\.", -1)) {
      Optional<Place> place = place(type, name);
      if (place.isEmpty()) {
        return OptionalInt.empty();
      }
      offset += place.get().offset;
      type = place.get().type;
    }
    return OptionalInt.of(offset);
  }

  private record Place(int offset, int type) {}

  /** Looks through a structure, and those without a name in it, breadth first. */
  private Optional<Place> place(int type, String name) {
    Deque<Place> left = new ArrayDeque<>();
    left.add(new Place(0, type));
    while (!left.isEmpty()) {
      Place in = left.remove();
      int number = resolved(in.type);
      if (!isStructure(number)) {
        continue;
      }
      boolean bitFields = data.getInt(types[number] + 4) < 0;
      for (int i = 0; i < count(types[number]); i++) {
        int member = types[number] + FIXED + i * MEMBER;
        int bits = data.getInt(member + 8);
        int offset = (bitFields ? bits & 0xffffff : bits) / 8;
        boolean isBitField = bitFields && bits >>> 24 != 0;
        String called = string(data.getInt(member));
        Place found = new Place(in.offset + offset, data.getInt(member + 4));
        if (called.equals(name) && !isBitField) {
          return Optional.of(found);
        }
        if (called.isEmpty()) {
          left.add(found);
        }
      }
    }
    return Optional.empty();
  }

  /** What a member is, as far as it matters to who points at what. */
  public enum Sort {
    /** Something else: what looks like a pointer in it is chance, or was never written. */
    OTHER,
    /** A pointer, or several. */
    POINTER,
    /** The place of the structure in a list, a tree or a table, or the head of such. */
    LINK
  }

  /**
   * What lies somewhere in a structure.
   *
   * @param path the members that it is in, outermost first, with dots between
   */
  public record Member(String path, Sort sort) {}

  /**
   * Returns what lies at an offset in a structure, as closely as members have names. Of a union it
   * is what may be a link, else what may be a pointer.
   *
   * @return empty if there is no such structure, or nothing at that offset
   */
  public Optional<Member> member(String structure, int offset) {
    Integer number = structures.get(structure);
    try {
      return number == null || offset >= data.getInt(types[number] + 8)
          ? Optional.empty()
          : Optional.of(member(number, offset, ""));
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedKernelDataException("BTF refers to what it does not hold");
    }
  }

  private Member member(int type, int offset, String path) {
    int number = resolved(type);
    if (number != 0 && kind(types[number]) == ARRAY) {
      int element = resolved(data.getInt(types[number] + FIXED));
      if (isStructure(element) && !isLink(element) && data.getInt(types[element] + 8) > 0) {
        return member(element, offset % data.getInt(types[element] + 8), path);
      }
    }
    if (!isStructure(number) || isLink(number)) {
      return new Member(path, sort(number));
    }
    boolean bitFields = data.getInt(types[number] + 4) < 0;
    Member best = new Member(path, Sort.OTHER);
    int bestStart = -1;
    for (int i = 0; i < count(types[number]); i++) {
      int member = types[number] + FIXED + i * MEMBER;
      int bits = data.getInt(member + 8);
      int start = (bitFields ? bits & 0xffffff : bits) / 8;
      if (start <= offset && start >= bestStart) {
        String name = string(data.getInt(member));
        String inner = path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
        Member found = member(data.getInt(member + 4), offset - start, inner);
        if (start > bestStart || found.sort.compareTo(best.sort) > 0) {
          best = found;
          bestStart = start;
        }
      }
    }
    return best;
  }

  private boolean isStructure(int number) {
    return number != 0 && (kind(types[number]) == STRUCT || kind(types[number]) == UNION);
  }

  private boolean isLink(int number) {
    return LINKS.contains(string(data.getInt(types[number])));
  }

  private Sort sort(int number) {
    int element = number;
    while (element != 0 && kind(types[element]) == ARRAY) {
      element = resolved(data.getInt(types[element] + FIXED));
    }
    if (element == 0) {
      return Sort.OTHER;
    }
    if (kind(types[element]) == PTR) {
      return Sort.POINTER;
    }
    return isStructure(element) && isLink(element) ? Sort.LINK : Sort.OTHER;
  }

  /** Returns the type that others only give another name to. */
  private int resolved(int number) {
    int resolved = number;
    for (int i = 0; i < LONGEST_CHAIN && resolved != 0; i++) {
      if (!OTHER_NAMES.contains(kind(types[resolved]))) {
        return resolved;
      }
      resolved = data.getInt(types[resolved] + 8);
    }
    return 0;
  }
}
