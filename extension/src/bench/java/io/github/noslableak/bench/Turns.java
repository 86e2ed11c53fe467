package io.github.noslableak.bench;

import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.testkit.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two JVMs with a /run of their own, as in containers, so that neither knows of the other's lock:
 * both measure all the time, and now and then one of them is killed. Prints Markdown.
 */
public final class Turns {

  private static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");

  private static final List<String> CONTAINER =
      List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && exec \"$@\"", "sh");

  private static final int TESTS_OF_A_JVM = 10;
  private static final int KILLED_EVERY = 3;
  private static final int LONGEST_MILLIS = 4_000;

  private record Verdicts(int right, List<String> wrong, int killed) {}

  private Turns() {}

  /**
   * Runs them.
   *
   * @param arguments how many tests each of the two has, and the seed of chance
   */
  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws Exception {
    int tests = Integer.parseInt(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    String found = Files.readAllLines(SETTING).get(0);
    ExecutorService both = Executors.newFixedThreadPool(2);
    List<Future<Verdicts>> lanes = new ArrayList<>();
    for (int lane = 0; lane < 2; lane++) {
      Random chance = new Random(seed + lane);
      lanes.add(both.submit((Callable<Verdicts>) () -> lane(tests, chance)));
    }
    System.out.println("| JVMs killed | tests with the right verdict | wrong | pressure |");
    System.out.println("|---:|---:|---:|---|");
    int right = 0;
    int killed = 0;
    List<String> wrong = new ArrayList<>();
    for (Future<Verdicts> lane : lanes) {
      right += lane.get().right;
      killed += lane.get().killed;
      wrong.addAll(lane.get().wrong);
    }
    both.shutdown();
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %d | %s -> %s |%n",
        killed,
        right,
        wrong.size(),
        found,
        Files.readAllLines(SETTING).get(0));
    wrong.forEach(System.err::println);
  }

  private static Verdicts lane(int tests, Random chance) throws Exception {
    int right = 0;
    int killed = 0;
    List<String> wrong = new ArrayList<>();
    for (int jvm = 0; right + wrong.size() < tests && jvm < tests; jvm++) {
      List<String> said;
      try (Child child = Child.jvm(CONTAINER, Tester.class)) {
        if (jvm % KILLED_EVERY == 0) {
          Thread.sleep(chance.nextInt(LONGEST_MILLIS));
          child.kill();
          killed++;
        }
        said = child.awaitEnd().output().lines().toList();
      }
      right += (int) said.stream().filter("right"::equals).count();
      said.stream().filter(line -> line.startsWith("wrong")).forEach(wrong::add);
    }
    return new Verdicts(right, wrong, killed);
  }

  /** Measures clean and leaking tests by turns. */
  static final class Tester {

    private Tester() {}

    @SuppressWarnings("SystemOut") // Its parent reads it.
    public static void main(String[] arguments) throws IOException {
      for (int test = 0; test < TESTS_OF_A_JVM; test++) {
        boolean leaks = test % 2 == 1;
        List<ServerSocket> kept = new ArrayList<>();
        String verdict = "clean";
        try {
          SlabGuard.watching()
              .check(
                  () -> {
                    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    if (leaks) {
                      kept.add(socket);
                    } else {
                      socket.close();
                    }
                  });
        } catch (SlabLeakError e) {
          verdict = "leak";
        } catch (RuntimeException | AssertionError e) {
          verdict = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        }
        for (ServerSocket socket : kept) {
          socket.close();
        }
        System.out.println(
            verdict.equals(leaks ? "leak" : "clean")
                ? "right"
                : "wrong: " + leaks + ": " + verdict);
      }
    }
  }
}
