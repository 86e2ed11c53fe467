package io.github.noslableak.object;

import io.github.noslableak.kernel.Btf;
import io.github.noslableak.kernel.KernelData;
import io.github.noslableak.kernel.KernelMemory;
import io.github.noslableak.kernel.PageFlags;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks through all slabs, and the variables of the kernel and its modules, for what points at some
 * objects. It only reads, some pages at a time.
 *
 * <p>Left out is what these objects point at each other with, and the neighbours of each in lists,
 * trees and tables, such as those of a file system's names: who is in the same list holds nothing.
 */
final class PointerSearch {

  /** The most pointers that are kept; more are of one kind, as those to a namespace. */
  private static final int MOST = 4096;

  /** Of a module's variables; they lie together, before a page that is not mapped. */
  private static final long MOST_OF_MODULE = 4L << 20;

  /** Attempts at going through all processes while some come and go. */
  private static final int MOST_ATTEMPTS = 3;

  /** What goes from one sheaf to another meanwhile is in a place that was passed by. */
  private static final int LOOKS_FOR_SHEAVES = 2;

  private static final int PAGE = SlabScan.PAGE;

  private final KernelMemory memory;
  private final Fields fields;
  private final PhysicalMemory physical;
  private final Slabs slabs;
  private final long end;

  /** A long one is in no slab, so it is looked through by itself. */
  private final PhysicalMemory.DescriptorTable descriptors;

  /** The bits of all such tables; nothing if that could not be read. */
  private final Optional<Set<Long>> bits;

  /** In order; with the lengths of those objects, and the caches that the caller has them from. */
  private final long[] starts;

  private final int[] lengths;
  private final String[] caches;

  /** Whether all of the objects are looked for. */
  private final boolean complete;

  private final long lowest;
  private final long highest;

  /**
   * What was found.
   *
   * @param holder where the object lies that points
   * @param place where the pointer is
   * @param life whether that object is alive
   */
  private record Hit(
      int target, Pointer.From from, long holder, long place, long word, Slabs.Life life) {

    /** Makes one of something that is no object, and there for good. */
    static Hit forGood(int target, Pointer.From from) {
      return new Hit(target, from, 0, 0, 0, Slabs.Life.ALIVE);
    }

    Hit with(Pointer.InSlab other, Slabs.Life known) {
      return new Hit(target, other, holder, place, word, known);
    }
  }

  private final List<Hit> hits = new ArrayList<>();

  private final Buffers buffers = new Buffers();

  /** How much was looked through beside slabs, in bytes. */
  private long searched;

  private PointerSearch(
      KernelMemory memory,
      Fields fields,
      PhysicalMemory physical,
      Map<Long, String> objects,
      long end)
      throws Unreadable {
    this.memory = memory;
    this.fields = fields;
    this.physical = physical;
    this.slabs = new Slabs(fields, physical);
    this.end = end;
    this.descriptors = PhysicalMemory.descriptorTable(memory, fields);
    this.bits = ofTables(OpenFileTables::bits);
    Map<Long, Integer> lengthsOfAlive = new TreeMap<>();
    for (long object : objects.keySet()) {
      length(object).ifPresent(length -> lengthsOfAlive.put(object, length));
    }
    // Some may be guarded by KFENCE, or free by now. Where most are none that its slab knows, what
    // is found by the same way could not be trusted.
    if (2 * lengthsOfAlive.size() < objects.size()) {
      throw new Unreadable("the objects are none where their slabs are looked up");
    }
    starts = lengthsOfAlive.keySet().stream().mapToLong(Long::longValue).toArray();
    lengths = lengthsOfAlive.values().stream().mapToInt(Integer::intValue).toArray();
    caches = Arrays.stream(starts).mapToObj(objects::get).toArray(String[]::new);
    lowest = starts[0];
    highest = starts[starts.length - 1] + lengths[starts.length - 1];
    long untold = IntStream.range(0, starts.length).filter(this::isUntold).count();
    complete = starts.length == objects.size() && untold == 0;
  }

  /** What is known by the descriptor tables of all processes. */
  @FunctionalInterface
  private interface OfTables {
    Set<Long> of(OpenFileTables tables) throws Unreadable;
  }

  private Optional<Set<Long>> ofTables(OfTables known) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return Optional.of(known.of(new OpenFileTables(memory, fields, end)));
      } catch (Unreadable e) {
        // Some process came or went meanwhile.
      }
    }
    return Optional.empty();
  }

  /** Returns how long an object is; nothing where it is none, or free. */
  private OptionalInt length(long address) {
    try {
      Slabs.InSlab object = slabs.at(address);
      return object.start() == address && object.life() != Slabs.Life.FREE
          ? OptionalInt.of(object.bytes())
          : OptionalInt.empty();
    } catch (Unreadable e) {
      return OptionalInt.empty();
    }
  }

  /**
   * Searches.
   *
   * @param objects where they lie, with their caches' names; at least one
   * @param limit how long it may take
   * @throws IOException if this kernel does not let it be known where its memory is
   */
  static Pointers search(
      KernelMemory memory, Fields fields, Map<Long, String> objects, Duration limit)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    long some = objects.keySet().iterator().next();
    try {
      PhysicalMemory physical = PhysicalMemory.find(memory, fields, some);
      return new PointerSearch(memory, fields, physical, objects, end).all();
    } catch (Unreadable e) {
      throw new IOException("which object lies where cannot be told: " + e.getMessage());
    }
  }

  private Pointers all() throws IOException {
    try (PageFlags flags = PageFlags.open()) {
      SlabScan scan =
          new SlabScan(memory, physical, word -> target(word) >= 0, this::inSlab, this::isTime);
      boolean descriptorsToo = ownDescriptors();
      boolean variablesToo = variables(flags);
      boolean slabsToo = scan.slabs(flags);
      List<Hit> alive = alive(flags);
      boolean whole =
          slabsToo
              && descriptorsToo
              && variablesToo
              && complete
              && bits.isPresent()
              && buffers.areKnown();
      long pointedAt =
          alive.stream()
              .filter(hit -> hit.life() == Slabs.Life.ALIVE)
              .mapToInt(Hit::target)
              .distinct()
              .count();
      return new Pointers(
          alive.stream().map(hit -> new Pointer(caches[hit.target()], hit.from())).toList(),
          starts.length,
          (int) pointedAt,
          searched + scan.bytes(),
          whole);
    }
  }

  private boolean isTime() {
    return System.nanoTime() - end < 0 && hits.size() < MOST;
  }

  /** Leaves out what is free in a sheaf, as far as there is time to look for that. */
  private List<Hit> alive(PageFlags flags) {
    Set<Long> doubtful =
        hits.stream()
            .filter(hit -> hit.life() == Slabs.Life.PERHAPS_IN_SHEAF)
            .map(Hit::holder)
            .collect(Collectors.toSet());
    SheafSearch sheaves = new SheafSearch(fields, slabs);
    boolean known = !doubtful.isEmpty();
    for (int look = 0; look < LOOKS_FOR_SHEAVES && known; look++) {
      doubtful.removeIf(sheaves::has);
      known =
          doubtful.isEmpty()
              || new SlabScan(memory, physical, doubtful::contains, sheaves::look, this::isTime)
                  .slabs(flags);
    }
    boolean all = known;
    if (hits.stream().anyMatch(PointerSearch::isOfNoStructure)) {
      buffers.look(); // Some may have come since.
    }
    boolean unset = bits.isEmpty() || !buffers.areKnown();
    return hits.stream()
        .filter(hit -> !sheaves.has(hit.holder()))
        .filter(hit -> !(isOfNoStructure(hit) && buffers.has(hit.holder())))
        .filter(this::isStill)
        .map(hit -> hit.life() == Slabs.Life.PERHAPS_IN_SHEAF && all ? alive(hit) : hit)
        .map(hit -> unset ? perhapsUnset(hit) : hit)
        .toList();
  }

  /**
   * The buffers of open files. They are looked for only where something was found that may be one:
   * it takes each open file.
   */
  private final class Buffers {

    private boolean asked;
    private Optional<Set<Long>> found = Optional.empty();

    /** Looks for those that there are now; where that fails, those of the last time are left. */
    void look() {
      asked = true;
      Optional<Set<Long>> now = ofTables(OpenFileTables::buffers);
      found = now.isPresent() ? now : found;
    }

    boolean has(long holder) {
      if (!asked) {
        look();
      }
      return found.filter(all -> all.contains(holder)).isPresent();
    }

    /** Whether nothing that was found may be one that is not known. */
    boolean areKnown() {
      return !asked || found.isPresent();
    }
  }

  /**
   * Whether an object that was found to point still does. One that was free then, and in a sheaf,
   * is in none any more where somebody has allocated it since, or the sheaf was emptied.
   */
  private boolean isStill(Hit hit) {
    try {
      return hit.place() == 0
          || (fields.word(hit.place()) == hit.word()
              && slabs.at(hit.place()).life() != Slabs.Life.FREE);
    } catch (Unreadable e) {
      return false;
    }
  }

  private static boolean isOfNoStructure(Hit hit) {
    return hit.from() instanceof Pointer.InSlab object && Structures.of(object.cache()).isEmpty();
  }

  /**
   * Where it is not known which objects are bits of tables or buffers, of which a part keeps what
   * was there before, what has no structure may be some.
   */
  private static Hit perhapsUnset(Hit hit) {
    return hit.from() instanceof Pointer.InSlab object && isOfNoStructure(hit)
        ? hit.with(object.unsure(), Slabs.Life.UNKNOWN)
        : hit;
  }

  private static Hit alive(Hit hit) {
    return hit.from() instanceof Pointer.InSlab object
        ? hit.with(object.alive(), Slabs.Life.ALIVE)
        : hit;
  }

  /** Returns which of the objects a word points into, or -1. */
  private int target(long word) {
    if (word < lowest || word >= highest) {
      return -1;
    }
    int at = Arrays.binarySearch(starts, word);
    int before = at >= 0 ? at : -at - 2;
    return word < starts[before] + lengths[before] ? before : -1;
  }

  private void inSlab(long place, long word) {
    int target = target(word);
    if (target(place) >= 0
        || descriptors.holds(place)
        || isLink(target, word)
        || isUntold(target)) {
      return;
    }
    try {
      Slabs.InSlab holder = slabs.at(place);
      if (!holder.holds(place) || holder.life() == Slabs.Life.FREE || isPart(target, holder)) {
        return;
      }
      Optional<Btf.Member> member =
          holder.isMerged()
              ? Optional.empty()
              : member(holder.cache(), (int) (place - holder.start()));
      if (member.filter(known -> cannotHold(known, target)).isPresent()
          || isOutgrownTable(holder, place)
          || bits.filter(all -> all.contains(holder.start())).isPresent()
          || (Structures.of(holder.cache()).isEmpty() && buffers.has(holder.start()))) {
        return;
      }
      Pointer.From from =
          new Pointer.InSlab(
              holder.cache(),
              holder.isMerged(),
              member.map(Btf.Member::path).orElse("+" + (place - holder.start())),
              holder.life() == Slabs.Life.ALIVE);
      hits.add(new Hit(target, from, holder.start(), place, word, holder.life()));
    } catch (Unreadable e) {
      // Its slab was given back meanwhile.
    }
  }

  /**
   * A number, or what nobody has written to, looks like a pointer by chance; and a link leads to a
   * link, which was left out, unless it was left behind when its object was taken off a list.
   */
  private boolean cannotHold(Btf.Member member, int target) {
    return member.sort() == Btf.Sort.OTHER
        || (member.sort() == Btf.Sort.LINK && Structures.of(caches[target]).isPresent());
  }

  /**
   * Whether it is in the small table of a process that has a larger one by now: what it held when
   * it was copied stays there, also when the file is closed (expand_fdtable in fs/file.c, 6.18).
   */
  private boolean isOutgrownTable(Slabs.InSlab holder, long place) throws Unreadable {
    if (Structures.of(holder.cache()).filter("files_struct"::equals).isEmpty()) {
      return false;
    }
    long small = holder.start() + fields.offset("files_struct", "fd_array");
    long table = fields.pointer(holder.start(), "files_struct", "fdt");
    return place >= small && fields.pointer(table, "fdtable", "fd") != small;
  }

  /** Whether the kernel's own BTF lacks the structure, so that its neighbours cannot be told. */
  private boolean isUntold(int target) {
    return Structures.of(caches[target])
        .filter(structure -> !fields.hasStructure(structure))
        .isPresent();
  }

  /**
   * Whether an object has a pointer to another one, which has one back: that is a part of it, such
   * as what a journal knows of an inode. Whatever a module allocates for itself, from the kernel's
   * general caches, is none; nor is what is an object in its own right, such as a socket's inode.
   */
  private boolean isPart(int target, Slabs.InSlab other) {
    int length = Math.min(lengths[target], KernelMemory.MOST_BYTES) & -Long.BYTES;
    return !other.cache().contains("kmalloc-")
        && (other.isMerged() || Structures.of(other.cache()).isEmpty())
        && memory
            .read(starts[target], length)
            .filter(
                content ->
                    IntStream.range(0, length / Long.BYTES)
                        .map(word -> word * Long.BYTES)
                        .filter(at -> content.getLong(at) == other.start())
                        .anyMatch(at -> is(Btf.Sort.POINTER, target, at)))
            .isPresent();
  }

  private boolean is(Btf.Sort sort, int target, int offset) {
    return member(caches[target], offset).filter(member -> member.sort() == sort).isPresent();
  }

  /**
   * Whether a word points at a place of the object in a list, and not at the object. What points at
   * its start may do either.
   */
  private boolean isLink(int target, long word) {
    int offset = (int) (word - starts[target]);
    return offset != 0 && is(Btf.Sort.LINK, target, offset);
  }

  private Optional<Btf.Member> member(String cache, int offset) {
    return Structures.of(cache).flatMap(structure -> fields.member(structure, offset));
  }

  /** Returns whether all of the table was looked through. */
  private boolean ownDescriptors() {
    SlabScan table =
        new SlabScan(
            memory,
            physical,
            word -> target(word) >= 0,
            (place, word) -> {
              if (descriptors.holds(place)) {
                int number = (int) ((place - descriptors.start()) / Long.BYTES);
                Pointer.From from = new Pointer.OwnDescriptor(number);
                hits.add(Hit.forGood(target(word), from));
              }
            },
            this::isTime);
    long end = descriptors.start() + descriptors.bytes();
    for (long at = descriptors.start() & -PAGE; at < end; at += PAGE) {
      if (!isTime() || !table.pages(at, at, 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean variables(PageFlags flags) throws IOException {
    SlabScan kernel = scan(Pointer.OF_KERNEL);
    for (KernelData.Stretch stretch : KernelData.ofKernel()) {
      for (long at = stretch.start() & -PAGE; at < stretch.end() && isTime(); at += PAGE) {
        // What the kernel needed at boot only is given back, and used for something else.
        if (flags.isReserved(at / PAGE)) {
          boolean ignored = kernel.pages(physical.map() + at, 0, 1);
        }
      }
    }
    searched += kernel.bytes();
    KernelData.OfModules modules = KernelData.ofModules();
    return ofModules(modules.starts()) && modules.complete() && kernel.bytes() > 0 && isTime();
  }

  /** Returns whether those of all modules were looked through. */
  private boolean ofModules(Map<Long, String> starts) {
    boolean all = true;
    Set<Long> seen = new HashSet<>();
    for (Map.Entry<Long, String> section : starts.entrySet()) {
      SlabScan module = scan(section.getValue());
      long first = section.getKey() & -PAGE;
      long at = first;
      while (at < first + MOST_OF_MODULE && seen.add(at) && module.pages(at, at, 1)) {
        at += PAGE;
      }
      all &= at < first + MOST_OF_MODULE && seen.contains(first) && isTime();
      searched += module.bytes();
    }
    return all;
  }

  private SlabScan scan(String module) {
    return new SlabScan(
        memory,
        physical,
        word -> target(word) >= 0,
        (place, word) -> inVariable(module, place, word),
        this::isTime);
  }

  private void inVariable(String module, long place, long word) {
    int target = target(word);
    if (!isLink(target, word) && !isUntold(target)) {
      long told = module.equals(Pointer.OF_KERNEL) ? 0 : place;
      hits.add(Hit.forGood(target, new Pointer.Variable(module, told)));
    }
  }
}
