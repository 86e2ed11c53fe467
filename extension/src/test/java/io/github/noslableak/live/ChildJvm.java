package io.github.noslableak.live;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.PrivateMount;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.trace.alloc.AllocationLedger;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventType;

/**
 * A second JVM for what one JVM cannot show: other rights, other mounts, another holder of the
 * lock.
 */
final class ChildJvm {

  private ChildJvm() {}

  /** Starts this class in a JVM of its own, behind a command that prepares its surroundings. */
  static Process start(List<String> prefix, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(
        command,
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        ChildJvm.class.getName());
    Collections.addAll(command, arguments);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  static String outputOf(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return output + "exit status " + status;
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
    if (arguments[0].equals("record")) {
      record();
      return;
    }
    if (arguments[0].equals("daemon")) {
      daemon(arguments[1].equals("opens"), Integer.parseInt(arguments[2]));
      return;
    }
    run(
        arguments[0].equals("mount") ? MountingTestCases.class : AnnotatedTestCases.class,
        arguments[1]);
  }

  @SuppressWarnings("SystemOut") // The parent reads it.
  private static void run(Class<?> testCases, String unmeasurable) {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(testCases))
        .configurationParameter("noslableak.unmeasurable", unmeasurable)
        .execute()
        .testEvents()
        .filter(event -> event.getType() == EventType.FINISHED)
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
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
            LedgerTests.caches("dentry"), new AllocationLedger.Options(false, 1024))) {
      System.out.println("recording");
      if (System.in.read() >= 0) {
        ledger
            .snapshot()
            .cache("dentry")
            .live()
            .forEach(
                (owner, objects) ->
                    System.out.println(
                        owner.kind()
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
