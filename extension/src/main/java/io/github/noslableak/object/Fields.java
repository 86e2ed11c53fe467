package io.github.noslableak.object;

import io.github.noslableak.kernel.Btf;
import io.github.noslableak.kernel.KernelMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Fields of the kernel's structures, by name. */
final class Fields {

  private final KernelMemory memory;
  private final Btf btf;
  private final Map<String, OptionalInt> offsets = new HashMap<>();

  Fields(KernelMemory memory, Btf btf) {
    this.memory = memory;
    this.btf = btf;
  }

  /** Returns whether this kernel's structure has such a member. */
  boolean has(String structure, String member) {
    return known(structure, member).isPresent();
  }

  /**
   * Returns where a member lies in its structure.
   *
   * @param members the names that it has in one kernel or another
   */
  int offset(String structure, String... members) throws Unreadable {
    for (String member : members) {
      OptionalInt offset = known(structure, member);
      if (offset.isPresent()) {
        return offset.getAsInt();
      }
    }
    throw new Unreadable("struct " + structure + " has no " + String.join(", ", members));
  }

  private OptionalInt known(String structure, String member) {
    return offsets.computeIfAbsent(structure + "." + member, name -> btf.offset(structure, member));
  }

  private ByteBuffer bytes(long address, int count) throws Unreadable {
    return memory
        .read(address, count)
        .orElseThrow(() -> new Unreadable("nothing at 0x" + Long.toHexString(address)));
  }

  /** Returns how large a structure is, in bytes. */
  int size(String structure) throws Unreadable {
    return btf.size(structure).orElseThrow(() -> new Unreadable("there is no struct " + structure));
  }

  /** Returns whether this kernel tells of a structure; those of its modules are told elsewhere. */
  boolean hasStructure(String structure) {
    return btf.size(structure).isPresent();
  }

  /** Returns what lies at an offset in a structure. */
  Optional<Btf.Member> member(String structure, int offset) {
    return btf.member(structure, offset);
  }

  /** Reads 8 bytes. */
  long word(long address) throws Unreadable {
    return bytes(address, 8).getLong(0);
  }

  private byte[] copied(long address, int count) throws Unreadable {
    byte[] copy = new byte[count];
    bytes(address, count).get(copy);
    return copy;
  }

  /** Reads a member that is a pointer. */
  long pointer(long object, String structure, String... members) throws Unreadable {
    return bytes(object + offset(structure, members), 8).getLong(0);
  }

  /** Reads a member that is a number of 8 bytes. */
  long number64(long object, String structure, String... members) throws Unreadable {
    return pointer(object, structure, members);
  }

  /** Reads a member that is a number of 4 bytes, with a sign. */
  int number32(long object, String structure, String... members) throws Unreadable {
    return bytes(object + offset(structure, members), 4).getInt(0);
  }

  /** Reads a member that is a number of 2 bytes, without a sign. */
  int number16(long object, String structure, String... members) throws Unreadable {
    return Short.toUnsignedInt(bytes(object + offset(structure, members), 2).getShort(0));
  }

  /** Reads a member that is a byte. */
  int number8(long object, String structure, String... members) throws Unreadable {
    return Byte.toUnsignedInt(bytes(object + offset(structure, members), 1).get(0));
  }

  /** Reads bytes of a member, or behind it. */
  byte[] array(int count, long object, String structure, String... members) throws Unreadable {
    return copied(object + offset(structure, members), count);
  }

  /** Reads a text that ends with a zero, or after so many bytes. */
  String text(long address, int most) throws Unreadable {
    byte[] read = copied(address, most);
    int end = 0;
    while (end < read.length && read[end] != 0) {
      end++;
    }
    return printable(new String(read, 0, end, StandardCharsets.UTF_8));
  }

  /** A name may hold any byte; a report goes to a terminal. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
