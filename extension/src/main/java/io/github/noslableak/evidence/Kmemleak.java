package io.github.noslableak.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What kmemleak found: objects to which nothing in the kernel's memory refers any more
 * (Documentation/dev-tools/kmemleak.rst). Only debug kernels have it. It does not see a leaked
 * reference, whose object is still referred to.
 *
 * @param objects by their address
 */
public record Kmemleak(Map<String, Lost> objects) {

  private static final Path FILE = Path.of("/sys/kernel/debug/kmemleak");

  /** Younger objects are not reported (MSECS_MIN_AGE of mm/kmemleak.c), and some in passing. */
  private static final Duration LEAST_AGE = Duration.ofSeconds(6);

  private static final int MOST_BYTES = 32 << 20;

  private static final Pattern OBJECT =
      Pattern.compile("unreferenced object (0x[0-9a-f]+) \\(size (\\d+)\\):");

  /** {@code [<00000000a1b2c3d4>] kmalloc_trace+0x26/0xc0}, from 6.6 on without the address. */
  private static final Pattern FRAME =
      Pattern.compile("    (?:\\[<[0-9a-f]+>] )?(\\S+)\\+0x[0-9a-f]+/0x[0-9a-f]+( \\[\\w+])?");

  /**
   * An object to which nothing refers.
   *
   * @param bytes its size
   * @param stack the functions that allocated it, innermost first
   */
  public record Lost(long bytes, List<String> stack) {

    public Lost {
      stack = List.copyOf(stack);
    }
  }

  /** So many objects of one size that were allocated in one way. */
  public record Group(long objects, long bytes, List<String> stack) {

    public Group {
      stack = List.copyOf(stack);
    }
  }

  public Kmemleak {
    objects = Map.copyOf(objects);
  }

  /** Returns whether this kernel has it, and these rights allow to use it. */
  public static boolean isHere() {
    return Files.isReadable(FILE) && Files.isWritable(FILE);
  }

  /** Reads what was found until now; nothing where that cannot be had. */
  public static Optional<Kmemleak> read() {
    if (!isHere()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(FILE)) {
      return Optional.of(parse(new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return Optional.empty(); // It switches itself off when it has too little memory.
    }
  }

  /** Waits until objects are old enough, has the memory scanned, and reads: takes some seconds. */
  public static Optional<Kmemleak> scan() {
    if (!isHere()) {
      return Optional.empty();
    }
    LockSupport.parkNanos(LEAST_AGE.toNanos());
    try {
      // Twice: what changes while it is scanned is reported only if it is found so again.
      Files.writeString(FILE, "scan");
      Files.writeString(FILE, "scan");
    } catch (IOException e) {
      return Optional.empty(); // See above.
    }
    return read();
  }

  /**
   * Parses the file.
   *
   * <pre>{@code
   * unreferenced object 0xffff888003a7c500 (size 256):
   *   comm "java", pid 150, jiffies 4294938240 (age 12.345s)
   *   hex dump (first 32 bytes):
   *     67 61 72 62 61 67 65 0a 00 00 00 00 00 00 00 00  garbage.........
   *   backtrace:
   *     [<00000000a1b2c3d4>] kmalloc_trace+0x26/0xc0
   *     [<00000000e5f60718>] leaky_submit+0x2b/0x90 [noslableak_hook]
   * }</pre>
   */
  static Kmemleak parse(String text) {
    Map<String, Lost> objects = new HashMap<>();
    String address = "";
    long bytes = 0;
    List<String> stack = new ArrayList<>();
    for (String line : (text + "\nunreferenced").split("\n", -1)) {
      Matcher frame = FRAME.matcher(line);
      if (line.startsWith("unreferenced")) {
        if (!address.isEmpty()) {
          objects.put(address, new Lost(bytes, stack));
        }
        stack.clear();
        Matcher object = OBJECT.matcher(line.strip());
        address = object.matches() ? object.group(1) : "";
        bytes = object.matches() ? Long.parseLong(object.group(2)) : 0;
      } else if (frame.matches()) {
        stack.add(frame.group(1) + (frame.group(2) == null ? "" : frame.group(2)));
      }
    }
    return new Kmemleak(objects);
  }

  /** Returns what was found since, by size and way of allocation, most objects first. */
  public List<Group> since(Kmemleak earlier) {
    Set<String> found = new HashSet<>(objects.keySet());
    found.removeAll(earlier.objects.keySet());
    Map<Lost, Long> counts = new HashMap<>();
    found.forEach(address -> counts.merge(objects.get(address), 1L, Long::sum));
    List<Group> groups = new ArrayList<>();
    counts.forEach((lost, count) -> groups.add(new Group(count, lost.bytes(), lost.stack())));
    groups.sort(
        Comparator.comparingLong(Group::objects)
            .reversed()
            .thenComparing(Group::bytes)
            .thenComparing(group -> group.stack().toString()));
    return groups;
  }
}
