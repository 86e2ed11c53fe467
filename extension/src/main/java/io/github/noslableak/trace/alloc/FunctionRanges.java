package io.github.noslableak.trace.alloc;

import io.github.noslableak.trace.KernelSymbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where some functions of the kernel lie, by their names, from their start to the next function.
 */
final class FunctionRanges {

  /**
   * Where a function lies.
   *
   * @param start its first address
   * @param end the first address of the next function
   */
  record Range(long start, long end) {

    boolean holds(long address) {
      return address >= start && address < end;
    }
  }

  private final Map<String, List<Range>> ranges;

  private FunctionRanges(Map<String, List<Range>> ranges) {
    this.ranges = ranges;
  }

  /** Knows none. */
  static FunctionRanges none() {
    return new FunctionRanges(Map.of());
  }

  /**
   * Finds functions of the running kernel.
   *
   * @param wanted tells them by their names
   * @throws java.io.UncheckedIOException if its symbols cannot be read
   */
  static FunctionRanges find(KernelSymbols symbols, Predicate<String> wanted) {
    return find(symbols, new Search(wanted));
  }

  /**
   * Finds functions of the running kernel, and none that modules call the same.
   *
   * @param wanted tells them by their names
   * @throws java.io.UncheckedIOException if its symbols cannot be read
   */
  static FunctionRanges findBuiltIn(KernelSymbols symbols, Predicate<String> wanted) {
    return find(symbols, Search.ofBuiltIn(wanted));
  }

  private static FunctionRanges find(KernelSymbols symbols, Search search) {
    symbols.read(search);
    return search.result();
  }

  /** Returns where a function lies: some have several copies, others none. */
  List<Range> of(String function) {
    return ranges.getOrDefault(function, List.of());
  }

  /** Returns where all of them lie. */
  List<Range> all() {
    return ranges.values().stream().flatMap(List::stream).toList();
  }

  /** Finds functions, and where the next function begins. */
  static final class Search extends KernelSymbols.Scan {

    private final Predicate<String> wanted;
    private final boolean builtIn;
    private final Map<String, List<Long>> starts = new HashMap<>();
    private long[] addresses = new long[1 << 16];
    private int count;

    Search(Predicate<String> wanted) {
      this(wanted, false);
    }

    private Search(Predicate<String> wanted, boolean builtIn) {
      this.wanted = wanted;
      this.builtIn = builtIn;
    }

    /** Passes over what is in modules. */
    static Search ofBuiltIn(Predicate<String> wanted) {
      return new Search(wanted, true);
    }

    @Override
    protected void symbol(long address) {
      if (count == addresses.length) {
        addresses = Arrays.copyOf(addresses, 2 * count);
      }
      addresses[count++] = address;
      String text = text();
      String name = text.replaceFirst("[.\t].*", ""); // As of __d_alloc.isra.0.
      boolean isOfModule = text.indexOf('\t') >= 0;
      if (wanted.test(name) && !(builtIn && isOfModule)) {
        starts.computeIfAbsent(name, added -> new ArrayList<>()).add(address);
      }
    }

    FunctionRanges result() {
      Arrays.sort(addresses, 0, count); // As in KernelSymbols, in the order of signed numbers.
      Map<String, List<Range>> ranges = new HashMap<>();
      starts.forEach(
          (function, found) ->
              ranges.put(
                  function, found.stream().map(start -> new Range(start, next(start))).toList()));
      return new FunctionRanges(ranges);
    }

    private long next(long start) {
      int at = Arrays.binarySearch(addresses, 0, count, start);
      while (at < count && addresses[at] <= start) {
        at++;
      }
      return at == count ? Long.MAX_VALUE : addresses[at];
    }
  }
}
