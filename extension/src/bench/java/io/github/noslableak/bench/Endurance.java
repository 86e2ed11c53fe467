package io.github.noslableak.bench;

import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.kernel.TraceFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What many tests leave in one JVM: descriptors, threads, heap and direct memory after a
 * collection, and tracing instances. Every hundredth test leaks. Prints Markdown.
 */
public final class Endurance {

  private static final int ROWS = 10;

  private static final int LEAKING_EVERY = 100;

  private Endurance() {}

  @SuppressWarnings("SystemOut") // The table is what this program is for.
  public static void main(String[] arguments) throws IOException {
    int tests = Integer.parseInt(arguments[0]);
    System.out.println(
        "| clean tests | leaking tests | descriptors | threads | heap, KiB | direct memory, KiB |"
            + " tracing instances |");
    System.out.println("|---:|---:|---:|---:|---:|---:|---:|");
    int clean = 0;
    int leaking = 0;
    for (int test = 1; test <= tests; test++) {
      if (test % LEAKING_EVERY == 0) {
        leaking += leaks() ? 1 : 0;
      } else {
        SlabGuard.watching().check(Endurance::body);
        clean++;
      }
      if (test == 1 || test % Math.max(1, tests / ROWS) == 0) {
        row(clean, leaking);
      }
    }
  }

  private static void body() throws IOException {
    new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
  }

  private static boolean leaks() throws IOException {
    List<ServerSocket> kept = new ArrayList<>();
    try {
      SlabGuard.watching()
          .check(() -> kept.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress())));
      return false;
    } catch (SlabLeakError e) {
      return true;
    } finally {
      for (ServerSocket socket : kept) {
        socket.close();
      }
    }
  }

  @SuppressWarnings("SystemOut")
  private static void row(int clean, int leaking) throws IOException {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %d | %d | %d | %d | %d | %d |%n",
        clean,
        leaking,
        entries(Path.of("/proc/self/fd")),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024,
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum()
            / 1024,
        entries(TraceFileSystem.root().resolve("instances")));
  }

  private static long entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
