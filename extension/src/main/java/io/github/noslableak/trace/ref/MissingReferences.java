package io.github.noslableak.trace.ref;

import io.github.noslableak.trace.Frame;
import io.github.noslableak.trace.ref.ReferenceBalance.Call;
import io.github.noslableak.trace.ref.ReferenceBalance.Culprit;
import io.github.noslableak.trace.ref.ReferenceBalance.GivenNull;
import io.github.noslableak.trace.ref.ReferenceFunction.Family;
import io.github.noslableak.trace.ref.References.Held;
import io.github.noslableak.trace.ref.References.Kind;
import io.github.noslableak.trace.ref.References.Site;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Names the functions whose references are missing in the books of references. */
final class MissingReferences {

  /** What is missing of the references of the same takers. */
  private static final class Sum {
    long unreturned;
    long objects;
    final SortedSet<String> names = new TreeSet<>();
  }

  private final References books;
  private final Map<Long, Frame> frames;
  private final Collection<String> modules;

  /**
   * Looks at books.
   *
   * @param frames the functions of their call sites, by address
   * @param modules the modules whose functions are named; empty for all
   */
  MissingReferences(References books, Map<Long, Frame> frames, Collection<String> modules) {
    this.books = books;
    this.frames = frames;
    this.modules = modules;
  }

  List<Culprit> culprits() {
    List<Culprit> culprits = new ArrayList<>();
    Set<Call> named = new HashSet<>();
    for (Kind kind : List.of(Kind.DENTRY, Kind.FILE)) {
      culprits.addAll(culprits(books.held(kind), false));
    }
    culprits.forEach(culprit -> named.addAll(culprit.takers()));
    for (Culprit culprit : culprits(books.held(Kind.MOUNT), true)) {
      // A path that is not returned keeps its mount too: that is said already.
      if (culprit.takers().stream().noneMatch(named::contains)) {
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
        books.taken().keySet().stream()
            .filter(site -> call(site).filter(takers::contains).isPresent())
            .toList();
    long all = sites.stream().mapToLong(site -> books.taken().getOrDefault(site, 0L)).sum();
    Set<Site> returned =
        sites.stream()
            .flatMap(site -> books.returners().getOrDefault(site, Set.of()).stream())
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
        takers.stream().map(site -> site.function().family()).collect(Collectors.toSet());
    Set<Optional<String>> theirs = takers.stream().map(this::module).collect(Collectors.toSet());
    Map<Call, Long> calls = new HashMap<>();
    books
        .givenNull()
        .forEach(
            (site, count) -> {
              if (families.contains(site.function().family()) && theirs.contains(module(site))) {
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
    return Optional.ofNullable(frames.get(site.caller()))
        .filter(frame -> frame.module().filter(this::isFollowed).isPresent())
        .map(frame -> new Call(site.function().symbol(), frame));
  }

  private boolean isFollowed(String module) {
    return modules.isEmpty() || modules.contains(module);
  }

  private Optional<String> module(Site site) {
    return Optional.ofNullable(frames.get(site.caller())).flatMap(Frame::module);
  }
}
