package io.github.noslableak.evidence;

import io.github.noslableak.slab.SlabCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel's own books say of who allocated the objects of a cache: {@code alloc_traces} of
 * debugfs, which is there from Linux 5.14 on for caches that were booted with {@code slub_debug=U}.
 *
 * @param objects for each cache the number of live objects by the functions that allocated them
 */
public record AllocTraces(Map<String, Map<List<String>, Long>> objects) {

  private static final Path SLAB = Path.of("/sys/kernel/debug/slab");

  /** Of more than that, the rest is left out. */
  private static final int MOST_BYTES = 32 << 20;

  private static final Pattern GROUP = Pattern.compile(" +(\\d+) (\\S+(?: \\[\\w+])?) .*");

  private static final Pattern OFFSET = Pattern.compile("\\+0x[0-9a-f]+/0x[0-9a-f]+");

  /**
   * More objects than before, that one way of allocation made.
   *
   * @param stack functions, innermost first
   */
  public record Growth(String cache, long objects, List<String> stack) {

    public Growth {
      stack = List.copyOf(stack);
    }
  }

  public AllocTraces {
    objects = Map.copyOf(objects);
  }

  /** Reads those of these caches that keep such books; nothing where none does. */
  public static Optional<AllocTraces> read(List<SlabCache> caches) {
    Map<String, Map<List<String>, Long>> objects = new HashMap<>();
    for (SlabCache cache : caches) {
      Stream.concat(Stream.of(cache.name()), cache.aliases().stream())
          .map(name -> SLAB.resolve(name).resolve("alloc_traces"))
          .filter(Files::isReadable)
          .findFirst()
          .flatMap(AllocTraces::text)
          .ifPresent(text -> objects.put(cache.name(), parse(text)));
    }
    return objects.isEmpty() ? Optional.empty() : Optional.of(new AllocTraces(objects));
  }

  private static Optional<String> text(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty(); // Gone with its cache: evidence only.
    }
  }

  /**
   * Parses such a file.
   *
   * <pre>{@code
   * 1390 __d_alloc+0x29/0x1d0 age=1283/1299/1319 pid=25 cpus=0
   *      __d_alloc+0x29/0x1d0
   *      d_alloc+0x1b/0xa0
   * }</pre>
   */
  static Map<List<String>, Long> parse(String text) {
    Map<List<String>, Long> objects = new LinkedHashMap<>();
    List<String> stack = new ArrayList<>();
    String first = "";
    long count = 0;
    for (String line : (text + "\n\n").split("\n", -1)) {
      Matcher group = GROUP.matcher(line);
      if (line.isBlank() || group.matches()) {
        if (count > 0) {
          // The innermost function stands in the first line too, and there alone without a stack.
          objects.merge(stack.isEmpty() ? List.of(first) : List.copyOf(stack), count, Long::sum);
        }
        stack.clear();
        count = 0;
        if (group.matches()) {
          count = Long.parseLong(group.group(1));
          first = function(group.group(2));
        }
      } else {
        stack.add(function(line.strip()));
      }
    }
    return objects;
  }

  private static String function(String symbol) {
    return OFFSET.matcher(symbol).replaceFirst("");
  }

  /** Returns which ways of allocation have more live objects than before, most first. */
  public List<Growth> since(AllocTraces earlier) {
    List<Growth> growths = new ArrayList<>();
    objects.forEach(
        (cache, now) -> {
          Map<List<String>, Long> before = earlier.objects.getOrDefault(cache, Map.of());
          now.forEach(
              (stack, count) -> {
                long growth = count - before.getOrDefault(stack, 0L);
                if (growth > 0) {
                  growths.add(new Growth(cache, growth, stack));
                }
              });
        });
    growths.sort(
        Comparator.comparingLong(Growth::objects)
            .reversed()
            .thenComparing(Growth::cache)
            .thenComparing(growth -> growth.stack().toString()));
    return growths;
  }
}
