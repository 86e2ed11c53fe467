package io.github.noslableak.trace.ref;

import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.trace.EventFormat;
import io.github.noslableak.trace.EventFormat.Field;
import io.github.noslableak.trace.EventStream;
import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.ref.ReferenceBalance.Call;
import io.github.noslableak.trace.ref.ReferenceBalance.Culprit;
import io.github.noslableak.trace.ref.ReferenceBalance.GivenNull;
import io.github.noslableak.trace.ref.ReferenceFunction.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Balances taking and returning of references, object by object. It is given the events of all
 * processors in the order of their time.
 *
 * <p>Numbers of calls alone show nothing: whoever takes 406 references and then returns NULL 406
 * times is even. A reference that is returned without having been taken came from elsewhere, such
 * as from kern_path(), and is not missed.
 */
final class References implements EventStream.Books {

  private enum Kind {
    DENTRY,
    MOUNT,
    FILE
  }

  /** A call site, by its return address. */
  private record Site(ReferenceFunction function, long caller) {}

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
  private static final class Held {
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
  public void enter(int cpu, ByteBuffer page, int record, int length) {
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

  private Map<Long, Held> held(Kind kind) {
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

  /**
   * Says what is missing now.
   *
   * @param lost events that never came here
   * @param symbols finds the functions at many addresses at once
   * @param modules the modules whose functions may be accused; empty for all
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
        new Accusation(symbols.apply(addresses), modules).culprits(), events, lost);
  }

  /** What is missing of the references of the same takers. */
  private static final class Sum {
    long unreturned;
    long objects;
    final SortedSet<String> names = new TreeSet<>();
  }

  /** One look at the books with names for the call sites. */
  private final class Accusation {

    private final Map<Long, Frame> frames;
    private final Collection<String> modules;

    Accusation(Map<Long, Frame> frames, Collection<String> modules) {
      this.frames = frames;
      this.modules = modules;
    }

    List<Culprit> culprits() {
      List<Culprit> culprits = new ArrayList<>();
      Set<Call> accused = new HashSet<>();
      for (Kind kind : List.of(Kind.DENTRY, Kind.FILE)) {
        culprits.addAll(culprits(held(kind), false));
      }
      culprits.forEach(culprit -> accused.addAll(culprit.takers()));
      for (Culprit culprit : culprits(held(Kind.MOUNT), true)) {
        // A path that is not returned keeps its mount too: that is said already.
        if (culprit.takers().stream().noneMatch(accused::contains)) {
          culprits.add(culprit);
        }
      }
      culprits.sort(
          Comparator.comparingLong(Culprit::unreturned)
              .reversed()
              .thenComparing(culprit -> culprit.takers().toString()));
      return culprits;
    }

    /** Two call sites in one function are one function: they differ by address and not by name. */
    private List<Culprit> culprits(Map<Long, Held> objects, boolean onMounts) {
      Map<List<Call>, Sum> sums = new HashMap<>();
      for (Held object : objects.values()) {
        List<Call> takers = calls(object.takers);
        if (!takers.isEmpty()) {
          Sum sum = sums.computeIfAbsent(takers, added -> new Sum());
          sum.unreturned += object.references;
          sum.objects++;
          if (!object.name.isEmpty()) {
            sum.names.add(object.name);
          }
        }
      }
      return sums.entrySet().stream()
          .map(entry -> culprit(entry.getKey(), onMounts, entry.getValue()))
          .toList();
    }

    private Culprit culprit(List<Call> takers, boolean onMounts, Sum sum) {
      // What they took elsewhere was returned, and belongs to the whole.
      List<Site> sites =
          taken.keySet().stream()
              .filter(site -> call(site).filter(takers::contains).isPresent())
              .toList();
      long all = sites.stream().mapToLong(site -> taken.getOrDefault(site, 0L)).sum();
      Set<Site> returned =
          sites.stream()
              .flatMap(site -> returners.getOrDefault(site, Set.of()).stream())
              .collect(Collectors.toSet());
      return new Culprit(
          takers,
          onMounts,
          all,
          sum.unreturned,
          sum.objects,
          List.copyOf(sum.names),
          sum.unreturned < all ? calls(returned) : List.of(),
          givenNull(sites, all));
    }

    private List<GivenNull> givenNull(List<Site> takers, long taken) {
      Set<Family> families =
          takers.stream().map(site -> site.function.family()).collect(Collectors.toSet());
      Set<Optional<String>> theirs = takers.stream().map(this::module).collect(Collectors.toSet());
      Map<Call, Long> calls = new HashMap<>();
      givenNull.forEach(
          (site, count) -> {
            if (families.contains(site.function.family()) && theirs.contains(module(site))) {
              call(site).ifPresent(call -> calls.merge(call, count, Long::sum));
            }
          });
      return calls.entrySet().stream()
          // More than were taken are those of functions that may be given NULL, on an error path.
          .filter(entry -> entry.getValue() <= taken)
          .map(entry -> new GivenNull(entry.getKey(), entry.getValue()))
          .sorted(Comparator.comparingLong(GivenNull::calls).reversed())
          .toList();
    }

    private List<Call> calls(Collection<Site> sites) {
      return sites.stream()
          .flatMap(site -> call(site).stream())
          .distinct()
          .sorted(Comparator.comparing(Call::toString))
          .toList();
    }

    /** A function whose module is gone has no name any more, or one that is another's. */
    private Optional<Call> call(Site site) {
      return Optional.ofNullable(frames.get(site.caller))
          .filter(frame -> frame.module().filter(this::isFollowed).isPresent())
          .map(frame -> new Call(site.function.symbol(), frame));
    }

    private boolean isFollowed(String module) {
      return modules.isEmpty() || modules.contains(module);
    }

    private Optional<String> module(Site site) {
      return Optional.ofNullable(frames.get(site.caller)).flatMap(Frame::module);
    }
  }
}
