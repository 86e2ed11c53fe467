package io.github.noslableak.live;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.PrivateMount;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.evidence.Host;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.TestKit;
import io.github.noslableak.trace.alloc.AllocationLedger;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A second JVM for what one JVM cannot show: other rights, other mounts, another holder of the
 * lock.
 */
final class ChildJvm {

  private ChildJvm() {}

  /** Starts this class in a JVM of its own. */
  static Child start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /** Starts it behind a command that prepares its surroundings. */
  static Child start(List<String> prefix, String... arguments) throws IOException {
    return Child.jvm(prefix, ChildJvm.class, arguments);
  }

  @SuppressWarnings("SystemOut") // The parent reads it.
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("hold")) {
      SlabGuard.watching("dentry")
          .tolerating(Integer.MAX_VALUE)
          .check(
              () -> {
                System.out.println("holding");
                Thread.sleep(Long.parseLong(arguments[1]));
              });
      return;
    }
    if (arguments[0].equals("halt")) {
      SlabGuard.watching("dentry").check(() -> Runtime.getRuntime().halt(3));
      return;
    }
    if (arguments[0].equals("exit")) {
      SlabGuard.watching("dentry").check(() -> System.exit(3));
      return;
    }
    if (arguments[0].equals("again")) {
      again(Long.parseLong(arguments[1]));
      return;
    }
    if (arguments[0].equals("host")) {
      System.out.println(Host.current());
      return;
    }
    if (arguments[0].equals("many")) {
      many();
      return;
    }
    if (arguments[0].equals("record")) {
      record();
      return;
    }
    if (arguments[0].equals("daemon")) {
      daemon(arguments[1].equals("opens"), Integer.parseInt(arguments[2]));
      return;
    }
    if (arguments[0].equals("eat")) {
      run(EatingTestCases.class, arguments[1]);
      return;
    }
    run(
        arguments[0].equals("mount") ? MountingTestCases.class : AnnotatedTestCases.class,
        arguments[1]);
  }

  /** Measures again and again, as a JVM does that runs test after test. */
  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void again(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      SlabGuard.watching("dentry")
          .tolerating(Integer.MAX_VALUE)
          .check(() -> System.out.println("measuring"));
    }
  }

  /**
   * Watches more caches than are followed from the start, so that the first ledger of this JVM is
   * opened under suspicion: of what its first run alone keeps.
   */
  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void many() throws IOException {
    List<InputStream> kept = new ArrayList<>();
    SlabGuard.watching("@io", "@kmalloc")
        .check(
            () -> {
              InputStream opened = new FileInputStream("/dev/null");
              if (kept.isEmpty()) {
                kept.add(opened);
              } else {
                opened.close();
              }
            });
    System.out.println("passed");
  }

  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void run(Class<?> testCases, String unmeasurable) {
    TestKit.run(testCases, "noslableak.unmeasurable", unmeasurable)
        .outcomes()
        .forEach(
            result ->
                System.out.println(
                    result.getStatus()
                        + " "
                        + result.getThrowable().map(Throwable::toString).orElse("")));
  }

  /** Keeps a ledger until a line comes in, and says whose dentries live. */
  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void record() throws Exception {
    try (AllocationLedger ledger =
        AllocationLedger.open(
            LedgerTests.caches("dentry"), new AllocationLedger.Options(false, 1024, true))) {
      System.out.println("recording");
      if (System.in.read() >= 0) {
        ledger
            .snapshot()
            .cache("dentry")
            .live()
            .forEach(
                (owner, objects) ->
                    System.out.println(
                        owner.whose()
                            + " "
                            + owner.processId()
                            + " "
                            + owner.name()
                            + " "
                            + objects));
      }
    }
  }

  /**
   * Opens a socket for good every few milliseconds, or closes one, until the standard input ends or
   * a minute has passed.
   */
  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void daemon(boolean opens, int pauseMillis) throws Exception {
    Deque<ServerSocket> sockets = new ArrayDeque<>();
    int most = opens ? 0 : 2_000;
    for (int i = 0; i < most; i++) {
      sockets.push(new ServerSocket(0));
    }
    System.out.println("pid " + ProcessHandle.current().pid());
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (System.nanoTime() < end && (opens ? sockets.size() < 4_000 : !sockets.isEmpty())) {
      Thread.sleep(pauseMillis);
      if (opens) {
        sockets.push(new ServerSocket(0));
      } else {
        sockets.pop().close();
      }
    }
  }

  @NoSlabLeak
  static class AnnotatedTestCases {
    @Test
    @SuppressWarnings("SystemOut")
    void body() {
      System.out.println("the body ran");
    }
  }

  @NoSlabLeak(caches = "filp")
  static class EatingTestCases {
    static final List<InputStream> OPEN = new ArrayList<>();

    @Test
    @SuppressWarnings("SystemOut")
    void opens_all_that_may_be_open() throws IOException {
      int before = OPEN.size();
      try {
        while (OPEN.size() < 20_000) {
          OPEN.add(new FileInputStream("/dev/null"));
        }
      } catch (FileNotFoundException e) {
        System.out.println("opened " + (OPEN.size() - before) + ": " + e.getMessage());
      }
    }
  }

  static class MountingTestCases {
    @Test
    @SuppressWarnings("SystemOut")
    void body(@PrivateMount Path memory, @PrivateMount(type = PrivateMount.Type.EXT4) Path disk)
        throws InterruptedException {
      System.out.println("mounted " + memory + " " + disk);
      Thread.sleep(60_000);
    }
  }
}
