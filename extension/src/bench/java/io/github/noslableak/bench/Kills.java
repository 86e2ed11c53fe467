package io.github.noslableak.bench;

import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.kernel.CachePressure;
import io.github.noslableak.mount.PrivateFileSystem;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Remains;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ends JVMs at random moments of openings, bodies, reruns, reports and private mounts, and looks
 * from outside what is left of them two seconds later. Prints Markdown.
 */
public final class Kills {

  private static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");
  private static final Path RUN = Path.of("/run/noslableak");

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Of the JVM's start, in which the first opening is. */
  private static final int LONGEST_START_MILLIS = 900;

  private static final int LONGEST_MILLIS = 1_500;

  /** Of so many, one is ended in its start. */
  private static final int IN_START_EVERY = 4;

  private static List<String> loopsBefore = List.of();

  private Kills() {}

  /**
   * Ends so many JVMs.
   *
   * @param arguments how many by SIGKILL, how many by SIGTERM, and the seed of chance
   */
  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws Exception {
    long seed = Long.parseLong(arguments[2]);
    System.out.println("chance of seed " + seed);
    System.out.println("| signal | JVMs ended | left something after 2 s | slowest, ms | in |");
    System.out.println("|---|---:|---:|---:|---|");
    Random chance = new Random(seed);
    row("KILL", Integer.parseInt(arguments[0]), chance);
    row("TERM", Integer.parseInt(arguments[1]), chance);
  }

  @SuppressWarnings("SystemOut")
  private static void row(String signal, int count, Random chance) throws Exception {
    String found = Files.readAllLines(SETTING).get(0);
    if (found.equals(CachePressure.RAISED)) {
      throw new IllegalStateException(
          "somebody measures, or was killed: " + SETTING + " is raised");
    }
    loopsBefore = loops();
    int left = 0;
    long slowest = 0;
    TreeMap<String, Integer> phases = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      try (Child victim = Child.jvm(List.of(), Victim.class, Long.toString(chance.nextLong()))) {
        String phase = "start";
        if (i % IN_START_EVERY == 0) {
          Thread.sleep(chance.nextInt(LONGEST_START_MILLIS));
        } else {
          victim.awaitLineStartingWith("ready");
          Thread.sleep(chance.nextInt(LONGEST_MILLIS));
        }
        send(signal, victim.pid());
        List<String> said = victim.awaitEnd().output().lines().toList();
        if (!said.isEmpty()) {
          phase = said.get(said.size() - 1);
        }
        phases.merge(phase, 1, Integer::sum);
        long start = System.nanoTime();
        List<String> rest = leftOf(victim.pid(), found);
        while (!rest.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
          Thread.sleep(10);
          rest = leftOf(victim.pid(), found);
        }
        slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        if (!rest.isEmpty()) {
          left++;
          System.err.println(signal + " " + i + " in " + phase + " left " + rest);
          Files.writeString(SETTING, found);
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "| %s | %d | %d | %d | %s |%n", signal, count, left, slowest, phases);
  }

  private static void send(String signal, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
    int ignored = kill.waitFor();
  }

  private static List<String> leftOf(long pid, String found) throws IOException {
    List<String> left = new ArrayList<>(Remains.of(pid));
    loops().stream().filter(loop -> !loopsBefore.contains(loop)).forEach(left::add);
    String setting = Files.readAllLines(SETTING).get(0);
    if (!setting.equals(found)) {
      left.add("vfs_cache_pressure = " + setting);
    }
    if (Files.exists(RUN.resolve("vfs_cache_pressure"))) {
      left.add("/run/noslableak/vfs_cache_pressure");
    }
    return left;
  }

  /** Those that end with their last user, as ours do. */
  private static List<String> loops() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices
          .filter(device -> isOn(device.resolve("loop/autoclear")))
          .map(Path::toString)
          .toList();
    }
  }

  private static boolean isOn(Path setting) {
    try {
      return Files.readString(setting).strip().equals("1");
    } catch (IOException e) {
      return false; // It has none, or none any more.
    }
  }

  /** Does, in an order of chance, all that leaves something for a moment, until it is ended. */
  static final class Victim {

    private Victim() {}

    @SuppressWarnings("SystemOut") // Whoever ends it reads it.
    public static void main(String[] arguments) throws Exception {
      Random chance = new Random(Long.parseLong(arguments[0]));
      System.out.println("first opening");
      SlabGuard.watching().check(() -> {});
      System.out.println("ready");
      while (true) {
        switch (chance.nextInt(4)) {
          case 0 -> {
            System.out.println("clean test");
            SlabGuard.watching().check(() -> Thread.sleep(5));
          }
          case 1 -> {
            System.out.println("leaking test");
            leak();
          }
          case 2 -> {
            System.out.println("tmpfs");
            use(PrivateFileSystem.mountTmpfs(1 << 20));
          }
          default -> {
            System.out.println("ext4");
            use(PrivateFileSystem.mountExt4(16 << 20));
          }
        }
      }
    }

    private static void leak() throws IOException {
      List<ServerSocket> kept = new ArrayList<>();
      try {
        SlabGuard.watching()
            .check(() -> kept.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress())));
      } catch (SlabLeakError e) {
        // Which is what it is for.
      }
      for (ServerSocket socket : kept) {
        socket.close();
      }
    }

    private static void use(PrivateFileSystem mounted) throws Exception {
      Files.createFile(mounted.directory().resolve("file"));
      Thread.sleep(20);
      boolean ignored = mounted.unmount(Duration.ofSeconds(1));
    }
  }
}
