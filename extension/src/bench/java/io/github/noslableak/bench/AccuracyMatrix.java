package io.github.noslableak.bench;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabInconclusiveError;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.SlabUnmeasurableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * False alarms and misses by the rate of the leak and by what else happens on the machine. Prints
 * Markdown.
 *
 * <p>One iteration makes and deletes a file and opens and closes a socket; a leaking one keeps the
 * socket, every so many iterations, or several of them.
 */
public final class AccuracyMatrix {

  /**
   * A row's leak.
   *
   * @param every how many iterations one leaks in; 0 for none
   * @param sockets how many it leaks then
   * @param iterations how often the body runs
   */
  private record Leak(String name, int every, int sockets, int iterations) {

    double perIteration() {
      return every == 0 ? 0 : (double) sockets / every;
    }
  }

  private static final List<Leak> LEAKS =
      List.of(
          new Leak("0", 0, 0, 100),
          new Leak("1 in 100", 100, 1, 500),
          new Leak("1 in 10", 10, 1, 100),
          new Leak("1", 1, 1, 10),
          new Leak("5", 1, 5, 10));

  /** Narrow groups and the default one. */
  private static final List<String> WATCHED = List.of("sock_inode_cache", "@io");

  /** A clean test may take so many times as long as on an idle machine. */
  private static final double MOST_TIMES_IDLE = 1.5;

  /** What became of one test. */
  private enum Outcome {
    PASSED,
    FAILED,
    INCONCLUSIVE,
    UNJUDGED
  }

  private final Path dir = Files.createTempDirectory("noslableak-accuracy");
  private final Deque<ServerSocket> kept = new ArrayDeque<>();
  private final List<String> misses = new ArrayList<>();

  /** Of clean tests, by what is watched; known once the idle machine's rows are done. */
  private final Map<String, Double> idleMedians = new HashMap<>();

  private int iteration;

  private AccuracyMatrix() throws IOException {}

  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws Exception {
    int clean = Integer.parseInt(arguments[0]);
    int leaking = Integer.parseInt(arguments[1]);
    System.out.printf(
        Locale.ROOT,
        "%s, Linux %s, %d processors, Java %s%n%n",
        LocalDate.now(ZoneId.systemDefault()),
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
    System.out.println(
        "| background | watched | leak per iteration | iterations | tests | failed | passed | inconclusive |"
            + " unjudged | exact rate | ms to verdict, median | slowest |");
    System.out.println("|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    AccuracyMatrix matrix = new AccuracyMatrix();
    List<Background> backgrounds =
        Stream.of(arguments[2].split(",", -1))
            .map(name -> Background.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
    for (Background background : backgrounds) {
      try (Background.Running running = background.start()) {
        for (String watched : WATCHED) {
          for (Leak leak : LEAKS) {
            matrix.row(background, watched, leak, leak.every() == 0 ? clean : leaking);
          }
        }
      }
    }
    Files.delete(matrix.dir);
    if (!matrix.misses.isEmpty()) {
      System.err.println("Not as it should be:\n  " + String.join("\n  ", matrix.misses));
      System.exit(1);
    }
  }

  @SuppressWarnings("SystemOut")
  private void row(Background background, String watched, Leak leak, int tests) throws Exception {
    int[] outcomes = new int[Outcome.values().length];
    int exact = 0;
    double[] millis = new double[tests];
    for (int test = 0; test < tests; test++) {
      iteration = 0;
      long start = System.nanoTime();
      Outcome outcome = Outcome.PASSED;
      try {
        SlabGuard.watching(watched)
            .named("test " + test)
            .iterations(leak.iterations())
            .check(() -> body(leak));
      } catch (SlabLeakError e) {
        outcome = Outcome.FAILED;
        exact += isExact(e, leak) ? 1 : 0;
        explain(leak.every() == 0, e);
      } catch (SlabInconclusiveError e) {
        outcome = Outcome.INCONCLUSIVE;
        explain(true, e);
      } catch (SlabUnmeasurableException e) {
        outcome = Outcome.UNJUDGED;
        explain(true, e);
      }
      millis[test] = (System.nanoTime() - start) / 1e6;
      outcomes[outcome.ordinal()]++;
      if (outcome == Outcome.PASSED && leak.every() > 0) {
        System.err.println("missed: " + leak);
      }
      while (!kept.isEmpty()) {
        kept.pop().close();
      }
    }
    Arrays.sort(millis);
    hold(background, watched, leak, outcomes, millis[tests / 2]);
    System.out.printf(
        Locale.ROOT,
        "| %s | `%s` | %s | %d | %d | %d | %d | %d | %d | %s | %.0f | %.0f |%n",
        background.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        watched,
        leak.name(),
        leak.iterations(),
        tests,
        outcomes[Outcome.FAILED.ordinal()],
        outcomes[Outcome.PASSED.ordinal()],
        outcomes[Outcome.INCONCLUSIVE.ordinal()],
        outcomes[Outcome.UNJUDGED.ordinal()],
        leak.every() == 0 ? "" : exact,
        millis[tests / 2],
        millis[tests - 1]);
  }

  /** Holds a row against the aims. */
  private void hold(
      Background background, String watched, Leak leak, int[] outcomes, double median) {
    String row = background.name() + ", " + watched + ", leak of " + leak.name() + ": ";
    Outcome right = leak.every() == 0 ? Outcome.PASSED : Outcome.FAILED;
    for (Outcome outcome : Outcome.values()) {
      if (outcome != right && outcomes[outcome.ordinal()] > 0) {
        misses.add(row + outcomes[outcome.ordinal()] + " " + outcome);
      }
    }
    if (leak.every() == 0) {
      double idle = idleMedians.getOrDefault(watched, median);
      if (background == Background.IDLE) {
        idleMedians.put(watched, median);
      } else if (median > MOST_TIMES_IDLE * idle) {
        misses.add(String.format(Locale.ROOT, "%s%.0f ms, idle %.0f", row, median, idle));
      }
    }
  }

  /** What went wrong is to be explained, not only counted. */
  @SuppressWarnings("SystemOut")
  private static void explain(boolean unexpected, Throwable finding) {
    if (unexpected) {
      System.err.println(finding.getMessage());
    }
  }

  private static boolean isExact(SlabLeakError error, Leak leak) {
    SlabGrowth growth = error.growth();
    return growth.perIteration("sock_inode_cache") == leak.perIteration();
  }

  private void body(Leak leak) throws IOException {
    iteration++;
    Files.delete(Files.writeString(dir.resolve("file-" + iteration), "content"));
    boolean leaks = leak.every() > 0 && iteration % leak.every() == 0;
    for (int i = 0; i < Math.max(1, leaks ? leak.sockets() : 1); i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      if (leaks) {
        kept.push(socket);
      } else {
        socket.close();
      }
    }
  }
}
