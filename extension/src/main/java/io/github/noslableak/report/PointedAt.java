package io.github.noslableak.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What else in the kernel's memory points at the objects that are left.
 *
 * @param by each pointer that was found
 * @param objects how many objects were searched for
 * @param pointedAt at how many of them something points that is sure to be alive
 * @param searchedBytes how much memory was looked through
 * @param whole whether that was all slabs and variables; else there may be more
 */
public record PointedAt(
    List<By> by, long objects, long pointedAt, long searchedBytes, boolean whole) {

  private static final int LONGEST_LIST = 6;
  private static final int FEW = 3;

  /** What points at an object of a cache. */
  public sealed interface By {

    /** Returns the cache of the object. */
    String cache();

    /** Returns it as a clause. */
    String says();

    /** Returns whether it is sure that it is no memory that is free again. */
    default boolean isSure() {
      return true;
    }
  }

  /**
   * Another object does.
   *
   * @param holder the name of its cache
   * @param isMerged whether others share that cache, so that it may be one of theirs
   * @param member which member of it, or how many bytes from its start, such as {@code +16}
   * @param isAlive whether it is sure that it is no memory that is free again
   */
  public record InSlab(
      String cache, String holder, boolean isMerged, String member, boolean isAlive) implements By {
    @Override
    public String says() {
      return member
          + " of an object of "
          + holder
          + (isMerged ? " or a cache that is merged with it" : "")
          + (isAlive ? "" : ", if that is still alive");
    }

    @Override
    public boolean isSure() {
      return isAlive;
    }
  }

  /** A descriptor of this JVM does. */
  public record Descriptor(String cache) implements By {
    @Override
    public String says() {
      return "a descriptor of this JVM";
    }
  }

  /**
   * A variable does.
   *
   * @param symbol its name, with how far from its start; or its address
   * @param module its module; empty for the kernel itself
   */
  public record Variable(String cache, String symbol, String module) implements By {
    @Override
    public String says() {
      return module.isEmpty() ? "a variable of the kernel" : symbol + " in module " + module;
    }
  }

  public PointedAt {
    by = List.copyOf(by);
  }

  /** Returns the variables of modules that point at them, as clauses. */
  List<String> variablesOfModules() {
    return by.stream()
        .filter(pointer -> pointer instanceof Variable variable && !variable.module().isEmpty())
        .map(By::says)
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns what matters most in a sentence, if there is anything to say. */
  Optional<String> inShort() {
    List<String> sure = by.stream().filter(By::isSure).map(By::says).sorted().toList();
    if (sure.isEmpty()) {
      return whole
          ? Optional.of(
              "No slab and no variable points at them for sure: most likely a reference was taken,"
                  + " and its owner forgot it.")
          : Optional.empty();
    }
    List<String> variables = variablesOfModules();
    List<String> most = variables.isEmpty() ? sure : variables;
    boolean some = variables.isEmpty() && pointedAt < objects;
    return Optional.of(
        "What points at "
            + (some
                ? Text.number(pointedAt) + " of these " + Text.number(objects) + " objects: "
                : "them: ")
            + String.join(", ", Text.counted(most, FEW))
            + ".");
  }

  List<String> lines() {
    String searched = Text.number(searchedBytes >> 20) + " MiB of slabs and variables";
    if (by.isEmpty()) {
      return List.of(
          whole
              ? "Nothing in "
                  + searched
                  + " points at them, but they themselves, and lists that they are in: most likely a"
                  + " reference was taken, and its owner forgot it. Stacks and per-CPU areas are not"
                  + " looked through, nor what is allocated by pages."
              : "Nothing was found that points at them, in the "
                  + searched
                  + " that could be looked through.");
    }
    List<String> lines = new ArrayList<>();
    Map<String, List<By>> byCache =
        by.stream().collect(Collectors.groupingBy(By::cache, TreeMap::new, Collectors.toList()));
    byCache.forEach(
        (cache, pointers) ->
            lines.addAll(
                Text.under(
                    cache + ":",
                    Text.counted(
                        pointers.stream().map(By::says).sorted().toList(), LONGEST_LIST))));
    lines.add("This is what was found in " + searched + (whole ? "." : ", which are not all."));
    return lines;
  }
}
