package io.github.noslableak.trace.ref;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.EventFormat.Field;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Balances taking and returning of references, object by object. It is given the events of all
 * processors in the order of their time.
 *
 * <p>Numbers of calls alone show nothing: whoever takes 406 references and then returns NULL 406
 * times is even. A reference that is returned without having been taken came from elsewhere, such
 * as from kern_path(), and is not missed.
 */
final class References implements EventStream.Receiver {

  /** What references are on. */
  enum Kind {
    DENTRY,
    MOUNT,
    FILE
  }

  /** A call site, by its return address. */
  record Site(ReferenceFunction function, long caller) {}

  private record Probe(
      ReferenceFunction function,
      String name,
      int minimum,
      Field caller,
      List<Field> objects,
      Optional<Field> dentryName) {}

  /** Longer ones are cut (NAME_MAX is 255). */
  private static final int LONGEST_NAME = 255;

  /** The references on one object that were not returned yet. */
  static final class Held {
    final Set<Site> takers = new HashSet<>();
    long references;
    String name = "";
  }

  private final Field commonType;
  private final Map<Integer, Probe> probes = new HashMap<>();
  private final Map<Kind, Map<Long, Held>> held = new EnumMap<>(Kind.class);
  private final Map<Site, Long> taken = new HashMap<>();
  private final Map<Site, Long> givenNull = new HashMap<>();
  private final Map<Site, Set<Site>> returners = new HashMap<>();
  private long events;

  /**
   * Makes empty books.
   *
   * @param formats the form of the event of each function that is recorded, one at least
   */
  References(Map<ReferenceFunction, EventFormat> formats) {
    this.commonType = formats.values().iterator().next().number("common_type");
    formats.forEach(
        (function, format) -> {
          Field caller = format.number(function.callerField());
          List<Field> objects = function.objectFields().stream().map(format::number).toList();
          int minimum = Math.max(commonType.end(), caller.end());
          for (Field object : objects) {
            minimum = Math.max(minimum, object.end());
          }
          Optional<Field> name = format.find(ReferenceFunction.NAME_FIELD).filter(Field::isDynamic);
          probes.put(
              format.id(), new Probe(function, format.name(), minimum, caller, objects, name));
        });
  }

  @Override
  public void enter(int cpu, long time, ByteBuffer page, int record, int length) {
    if (length < commonType.end()) {
      throw new MalformedKernelDataException("a trace event has only " + length + " bytes");
    }
    Probe probe = probes.get((int) commonType.read(page, record));
    if (probe == null) {
      return; // None of ours.
    }
    if (length < probe.minimum) {
      throw new MalformedKernelDataException(
          "a trace event %s has %d bytes and should have at least %d"
              .formatted(probe.name, length, probe.minimum));
    }
    events++;
    Site site = new Site(probe.function, probe.caller.read(page, record));
    long object = probe.objects.get(0).read(page, record);
    if (object == 0) {
      if (!probe.function.takes()) {
        givenNull.merge(site, 1L, Long::sum);
      }
      return;
    }
    if (probe.function.takes()) {
      taken.merge(site, 1L, Long::sum);
    }
    String name = probe.dentryName.map(field -> text(field, page, record, length)).orElse("");
    switch (probe.function.family()) {
      case PATH -> {
        enter(site, Kind.DENTRY, object, name);
        enter(site, Kind.MOUNT, probe.objects.get(1).read(page, record), "");
      }
      case DENTRY -> enter(site, Kind.DENTRY, object, name);
      case MOUNT -> enter(site, Kind.MOUNT, object, "");
      case FILE -> enter(site, Kind.FILE, object, "");
    }
  }

  /**
   * Reads a text whose place is told by a field: the offset in the record in its lower half, the
   * length in its upper. Nothing where it is none, as when the kernel could not read it.
   */
  private static String text(Field field, ByteBuffer page, int record, int length) {
    if (field.end() > length) {
      return "";
    }
    int place = (int) field.read(page, record);
    int offset = place & 0xffff;
    int bytes = Math.min(place >>> 16, LONGEST_NAME);
    if (offset + bytes > length) {
      return "";
    }
    byte[] text = new byte[Math.max(0, bytes - 1)]; // Without the zero at its end.
    page.get(record + offset, text);
    String name = new String(text, StandardCharsets.UTF_8);
    return name.equals("(fault)") || name.chars().anyMatch(Character::isISOControl) ? "" : name;
  }

  /** Returns the objects of a kind with references that were not returned yet, by address. */
  Map<Long, Held> held(Kind kind) {
    return held.computeIfAbsent(kind, added -> new HashMap<>());
  }

  private void enter(Site site, Kind kind, long object, String name) {
    Map<Long, Held> objects = held(kind);
    if (site.function.takes()) {
      Held there = objects.computeIfAbsent(object, added -> new Held());
      there.takers.add(site);
      there.references++;
      there.name = name.isEmpty() ? there.name : name;
      return;
    }
    Held there = objects.get(object);
    if (there == null) {
      return;
    }
    there.takers.forEach(taker -> returners.computeIfAbsent(taker, t -> new HashSet<>()).add(site));
    if (--there.references == 0) {
      objects.remove(object);
    }
  }

  /** Returns how many references each call site took. */
  Map<Site, Long> taken() {
    return taken;
  }

  /** Returns how often each call site was given NULL to return. */
  Map<Site, Long> givenNull() {
    return givenNull;
  }

  /** Returns for each call site that took those that returned some of what it took. */
  Map<Site, Set<Site>> returners() {
    return returners;
  }

  /**
   * Says what is missing now.
   *
   * @param lost events that never came here
   * @param symbols finds the functions at many addresses at once
   * @param modules the modules whose functions are named; empty for all
   */
  ReferenceBalance balance(
      long lost, Function<long[], Map<Long, Frame>> symbols, Collection<String> modules) {
    long[] addresses =
        LongStream.concat(
                taken.keySet().stream().mapToLong(Site::caller),
                LongStream.concat(
                    givenNull.keySet().stream().mapToLong(Site::caller),
                    returners.values().stream().flatMap(Set::stream).mapToLong(Site::caller)))
            .distinct()
            .toArray();
    return new ReferenceBalance(
        new MissingReferences(this, symbols.apply(addresses), modules).culprits(), events, lost);
  }
}
