package io.github.noslableak.bench;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabUnmeasurableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * How often the product accuses a clean test and misses a leaking one, idle and under load, beside
 * the manual procedure on the same work: sync, drop caches, read slabinfo. Prints Markdown.
 *
 * <p>The body makes and deletes 50 files and opens and closes 50 sockets; a leaking one keeps some
 * open.
 */
public final class Accuracy {

  private static final int WORK = 50;

  private final Path dir = Files.createTempDirectory("noslableak-accuracy");
  private final Deque<ServerSocket> kept = new ArrayDeque<>();
  private final SlabGuard guard = SlabGuard.watching("dentry", "filp", "sock_inode_cache");

  private Accuracy() throws IOException {}

  /** What one method found in one test. */
  private record Found(boolean judged, boolean growth, boolean exactSockets, double millis) {}

  private interface Method {
    Found test(int leak) throws Exception;
  }

  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws Exception {
    int clean = Integer.parseInt(arguments[0]);
    int leaking = Integer.parseInt(arguments[1]);
    Accuracy accuracy = new Accuracy();
    System.out.printf(
        Locale.ROOT,
        "%s, Linux %s, %d processors, Java %s%n%n",
        LocalDate.now(java.time.ZoneId.systemDefault()),
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
    System.out.println(
        "| background | method | leaked | tests | found growth | unjudged | exact sockets | ms per test"
            + " |");
    System.out.println("|---|---|---:|---:|---:|---:|---:|---:|");
    for (String background : arguments[2].split(",", -1)) {
      try (Background.Running running =
          Background.valueOf(background.toUpperCase(Locale.ROOT)).start()) {
        for (int leak : new int[] {0, 1, 2, 5}) {
          int tests = leak == 0 ? clean : leaking;
          accuracy.row(background, "NoSlabLeak", leak, tests, accuracy::withGuard);
          accuracy.row(background, "manual", leak, tests, accuracy::byHand);
        }
      }
    }
    Files.delete(accuracy.dir);
  }

  @SuppressWarnings("SystemOut")
  private void row(String background, String name, int leak, int tests, Method method)
      throws Exception {
    int growth = 0;
    int exact = 0;
    int unjudged = 0;
    double[] millis = new double[tests];
    for (int i = 0; i < tests; i++) {
      Found found = method.test(leak);
      unjudged += found.judged() ? 0 : 1;
      growth += found.growth() ? 1 : 0;
      exact += found.exactSockets() ? 1 : 0;
      millis[i] = found.millis();
      while (!kept.isEmpty()) {
        kept.pop().close();
      }
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %d | %d | %d | %d | %.0f |%n",
        background,
        name,
        leak,
        tests,
        growth,
        unjudged,
        exact,
        millis[tests / 2]);
  }

  private void body(int leak) throws IOException {
    for (int i = 0; i < WORK; i++) {
      Files.delete(Files.writeString(dir.resolve("file-" + i), "content"));
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      if (i < leak) {
        kept.push(socket);
      } else {
        socket.close();
      }
    }
  }

  @SuppressWarnings("SystemOut")
  private Found withGuard(int leak) throws Exception {
    long start = System.nanoTime();
    SlabGrowth growth;
    try {
      growth = guard.measure(() -> body(leak));
    } catch (SlabUnmeasurableException e) {
      return new Found(false, false, false, millisSince(start));
    }
    if (growth.isLeak() && leak == 0) {
      System.err.println("false alarm: " + growth.report()); // To be explained, not only counted.
    }
    boolean judged = !growth.report().startsWith("The checked code is inconclusive");
    if (!judged) {
      System.err.println(growth.report());
    }
    return new Found(
        judged, growth.isLeak(), growth.of("sock_inode_cache") == leak, millisSince(start));
  }

  private Found byHand(int leak) throws Exception {
    long start = System.nanoTime();
    Map<String, Long> before = countByHand();
    body(leak);
    Map<String, Long> after = countByHand();
    Function<String, Long> growth =
        cache -> after.getOrDefault(cache, 0L) - before.getOrDefault(cache, 0L);
    List<Long> growths = new ArrayList<>();
    List.of("dentry", "filp", "sock_inode_cache")
        .forEach(cache -> growths.add(growth.apply(cache)));
    return new Found(
        true,
        growths.stream().anyMatch(objects -> objects > 0),
        growth.apply("sock_inode_cache") == leak,
        millisSince(start));
  }

  /** As the engineer of the case study did it. */
  private static Map<String, Long> countByHand() throws Exception {
    new ProcessBuilder("sync").start().waitFor();
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
    Map<String, Long> counts = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/slabinfo"))) {
      String[] columns = line.split(" +");
      if (columns.length > 2 && !line.startsWith("#") && !line.startsWith("slabinfo")) {
        counts.put(columns[0], Long.parseLong(columns[1]));
      }
    }
    return counts;
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
