package io.github.noslableak.object;

import java.util.HashSet;
import java.util.Set;

/**
 * Which of some objects lie in a sheaf: free ones that a processor keeps at hand (mm/slub.c, struct
 * slab_sheaf, since 6.18). They look as they did before they were freed.
 */
final class SheafSearch {

  private static final String SHEAF = "slab_sheaf";

  private final Fields fields;
  private final Slabs slabs;
  private final Set<Long> free = new HashSet<>();

  SheafSearch(Fields fields, Slabs slabs) {
    this.fields = fields;
    this.slabs = slabs;
  }

  /** Looks whether an address that was found somewhere is there as an object of a sheaf. */
  void look(long place, long object) {
    try {
      long sheaf = slabs.at(place).start();
      long number = (place - sheaf - fields.offset(SHEAF, "objects")) / Long.BYTES;
      if (number >= 0
          && number < Integer.toUnsignedLong(fields.number32(sheaf, SHEAF, "size"))
          && fields.pointer(sheaf, SHEAF, "cache") == slabs.at(object).cacheAddress()) {
        free.add(object);
      }
    } catch (Unreadable e) {
      // Then it lies in something else.
    }
  }

  /** Returns whether an object was found in one. */
  boolean has(long object) {
    return free.contains(object);
  }
}
