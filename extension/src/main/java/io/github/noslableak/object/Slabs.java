package io.github.noslableak.object;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Tells of an address in a slab which object it is in, and of which cache. */
final class Slabs {

  private static final int LONGEST_NAME = 64;

  private final Fields fields;
  private final PhysicalMemory physical;

  /** What describes a slab, a structure of its own since 5.17. */
  private final String descriptor;

  private final Map<Long, Cache> caches = new HashMap<>();

  Slabs(Fields fields, PhysicalMemory physical) {
    this.fields = fields;
    this.physical = physical;
    this.descriptor = fields.hasStructure("slab") ? "slab" : "page";
  }

  /**
   * A cache.
   *
   * @param isMerged whether others share it, so that the name may be that of another
   * @param slotBytes from one object to the next
   * @param objectBytes how long an object is
   * @param first where the first object of a slab begins in it
   * @param freePointer where in a free object the next one is told
   */
  private record Cache(
      long address,
      String name,
      boolean isMerged,
      int slotBytes,
      int objectBytes,
      int first,
      int freePointer) {}

  /** Whether an object is alive. */
  enum Life {
    ALIVE,
    FREE,
    /** It may be in a sheaf, and free. */
    PERHAPS_IN_SHEAF,
    /** A processor has its slab, and alone knows which of it are free. */
    UNKNOWN
  }

  /**
   * An object.
   *
   * @param cacheAddress where its cache is described
   * @param cache that cache's name
   * @param isMerged whether others share that cache
   * @param start where it begins
   * @param bytes how long it is
   */
  record InSlab(
      long cacheAddress, String cache, boolean isMerged, long start, int bytes, Life life) {

    boolean holds(long address) {
      return address >= start && address < start + bytes;
    }
  }

  /** Returns the object that an address is in. */
  InSlab at(long address) throws Unreadable {
    long slab = head(physical.descriptor(physical.frame(address)));
    long start = physical.at(physical.frameOf(slab));
    Cache cache = cache(fields.pointer(slab, descriptor, "slab_cache"));
    long number = (address - start - cache.first()) / cache.slotBytes();
    long object = start + cache.first() + number * cache.slotBytes();
    int counters = (int) fields.number64(slab, descriptor, "counters");
    int most = objects(counters);
    if (number < 0 || number >= most) {
      throw new Unreadable("no object of " + cache.name());
    }
    Pages pages =
        new Pages(slab, start, start + (long) most * cache.slotBytes(), most, counters < 0);
    return new InSlab(
        cache.address(),
        cache.name(),
        cache.isMerged(),
        object,
        cache.objectBytes(),
        life(cache, object, pages));
  }

  /**
   * A slab.
   *
   * @param descriptor where it is described
   * @param objects how many it has
   * @param isOfProcessor whether a processor has it, and knows by itself which of them are free
   */
  private record Pages(long descriptor, long start, long end, int objects, boolean isOfProcessor) {}

  /** How many there are in a slab is a bit field: 16 bits in use, 15 in all, 1 of a processor. */
  private static int objects(int counters) throws Unreadable {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new Unreadable("bit fields are laid out in another way on this processor");
    }
    return counters >>> 16 & 0x7fff;
  }

  /**
   * The descriptor of a page within a slab of several refers to that of the first: by its address
   * and one, or, where descriptors have a size that allows it, by a mask and one (since 7.1,
   * include/linux/page-flags.h).
   */
  private long head(long page) throws Unreadable {
    long info = fields.pointer(page, "page", "compound_head", "compound_info");
    if ((info & 1) == 0) {
      return page;
    }
    long head = info - 1;
    return Long.bitCount(-head) == 1 ? page & head : head;
  }

  private Cache cache(long address) throws Unreadable {
    Cache known = caches.get(address);
    if (known == null) {
      known = read(address);
      caches.put(address, known);
    }
    return known;
  }

  private Cache read(long address) throws Unreadable {
    int slot = fields.number32(address, "kmem_cache", "size");
    int object = fields.number32(address, "kmem_cache", "object_size");
    int first =
        fields.has("kmem_cache", "red_left_pad")
            ? fields.number32(address, "kmem_cache", "red_left_pad")
            : 0;
    String name = fields.text(fields.pointer(address, "kmem_cache", "name"), LONGEST_NAME);
    if (slot <= 0 || object <= 0 || object > slot || first < 0 || name.isEmpty()) {
      throw new Unreadable("no cache at 0x" + Long.toHexString(address));
    }
    int free = fields.number32(address, "kmem_cache", "offset");
    boolean merged = fields.number32(address, "kmem_cache", "refcount") > 1;
    return new Cache(address, name, merged, slot, object, first, free);
  }

  /**
   * A free object tells the next free one of its slab, or none. A living one may do so still, where
   * nobody has written there since; so it is looked whether it is among the free ones. What lies in
   * a processor's sheaf (6.18 on) tells nothing: see {@link SheafSearch}.
   */
  private Life life(Cache cache, long object, Pages slab) throws Unreadable {
    boolean sheaves =
        fields.has("kmem_cache", "cpu_sheaves")
            && fields.pointer(cache.address(), "kmem_cache", "cpu_sheaves") != 0;
    Life ifNotAmongThem = sheaves ? Life.PERHAPS_IN_SHEAF : Life.ALIVE;
    long next = next(cache, object);
    if (next != 0 && (next < slab.start() || next >= slab.end())) {
      return ifNotAmongThem;
    }
    long free = fields.pointer(slab.descriptor(), descriptor, "freelist");
    for (int i = 0; i < slab.objects() && free >= slab.start() && free < slab.end(); i++) {
      if (free == object) {
        return Life.FREE;
      }
      free = next(cache, free);
    }
    return slab.isOfProcessor() ? Life.UNKNOWN : ifNotAmongThem;
  }

  /**
   * Returns which free object one tells, hidden or not (mm/slub.c, freelist_ptr_encode, 5.7 on).
   */
  private long next(Cache cache, long object) throws Unreadable {
    long place = object + cache.freePointer();
    long word = fields.word(place);
    return fields.has("kmem_cache", "random")
        ? word ^ fields.number64(cache.address(), "kmem_cache", "random") ^ Long.reverseBytes(place)
        : word;
  }
}
