package io.github.noslableak.object;

import java.util.HashMap;
import java.util.Map;

/** Inodes and the file systems that they are of. */
final class Inodes {

  /** struct super_block.s_dev has the minor number in its low 20 bits (include/linux/kdev_t.h). */
  private static final int MINOR_BITS = 20;

  private static final int LONGEST_TYPE = 32;

  private final Fields fields;
  private final Map<Long, String> types = new HashMap<>();

  Inodes(Fields fields) {
    this.fields = fields;
  }

  long number(long inode) throws Unreadable {
    return fields.number64(inode, "inode", "i_ino");
  }

  int references(long inode) throws Unreadable {
    return fields.number32(inode, "inode", "i_count");
  }

  Decoded.Node node(long inode) throws Unreadable {
    return new Decoded.Node(device(fields.pointer(inode, "inode", "i_sb")), number(inode));
  }

  String typeOf(long inode) throws Unreadable {
    return type(fields.pointer(inode, "inode", "i_sb"));
  }

  /** Returns the type of a file system, such as {@code ext4}. */
  String type(long superBlock) throws Unreadable {
    String known = types.get(superBlock);
    if (known == null) {
      long type = fields.pointer(superBlock, "super_block", "s_type");
      known = fields.text(fields.pointer(type, "file_system_type", "name"), LONGEST_TYPE);
      types.put(superBlock, known);
    }
    return known;
  }

  String device(long superBlock) throws Unreadable {
    int device = fields.number32(superBlock, "super_block", "s_dev");
    return (device >>> MINOR_BITS) + ":" + (device & (1 << MINOR_BITS) - 1);
  }
}
