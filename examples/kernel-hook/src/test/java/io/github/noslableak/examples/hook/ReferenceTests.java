package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.noslableak.evidence.FollowedReferences;
import io.github.noslableak.proc.Companion;
import io.github.noslableak.report.UnreturnedReference;
import io.github.noslableak.trace.ref.ReferenceBalance;
import io.github.noslableak.trace.ref.ReferenceLedger;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The function that keeps a reference and its module are named, and nobody else. */
class ReferenceTests {

  private static final Path TRACING = Path.of("/sys/kernel/tracing");
  private static final List<String> ALL_MODULES = List.of();

  @BeforeAll
  static void warmUp() throws IOException {
    HookModule.reset();
    IoPath.runEach();
  }

  @BeforeEach
  void reset() {
    HookModule.reset();
  }

  @AfterEach
  void nothing_stays_behind() throws IOException {
    HookModule.reset();
    assertThat(Files.readString(TRACING.resolve("kprobe_events"))).isEmpty();
    assertThat(instances()).isEmpty();
  }

  /** Returns all but those of this JVM that are switched off, and kept for the next ledger. */
  private static List<String> instances() throws IOException {
    String ours = "noslableak-" + ProcessHandle.current().pid() + "-";
    List<String> instances = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(TRACING.resolve("instances"))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        boolean off = Files.readString(entry.resolve("tracing_on")).startsWith("0");
        if (!off || !name.startsWith(ours)) {
          instances.add(name);
        }
      }
    }
    return instances;
  }

  private static ReferenceBalance balance(List<String> modules, String setting, IoPath path)
      throws IOException {
    try (ReferenceLedger ledger = ReferenceLedger.open(modules)) {
      HookModule.set(setting, "Y");
      for (int i = 0; i < 100; i++) {
        path.run();
      }
      HookModule.set(setting, "N");
      return ledger.balance();
    }
  }

  private static List<String> sentences(ReferenceBalance balance) {
    return FollowedReferences.unreturned(balance).found().stream()
        .map(UnreturnedReference::sentence)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = IoPath.class,
      names = {"OUTPUT_STREAM", "SERVER_SOCKET"})
  void should_name_the_function_that_nulls_what_it_should_return(IoPath path) throws IOException {
    assertThat(ReferenceLedger.obstacle(ALL_MODULES)).isEmpty();

    ReferenceBalance balance = balance(ALL_MODULES, "leak", path);

    assertThat(balance.lostEvents()).isZero();
    assertThat(sentences(balance))
        .containsExactly(
            "leaky_pre_close [noslableak_hook] took 100 references with path_get;"
                + " 100 path_put calls from leaky_post_close [noslableak_hook] were given NULL.");
  }

  @Test
  void should_name_it_where_every_tenth_leaks() throws IOException {
    HookModule.set("every", "10");

    assertThat(sentences(balance(ALL_MODULES, "leak", IoPath.OUTPUT_STREAM)))
        .containsExactly(
            "leaky_pre_close [noslableak_hook] took 100 references with path_get,"
                + " and 10 were not returned;"
                + " 10 path_put calls from leaky_post_close [noslableak_hook] were given NULL.");
  }

  /** The bug that no counter shows. */
  @Test
  void should_name_the_function_that_returns_nothing() throws IOException {
    ReferenceBalance balance = balance(List.of("noslableak_hook"), "pin", IoPath.OUTPUT_STREAM);

    assertThat(sentences(balance))
        .containsExactly(
            "leaky_note_volume [noslableak_hook] took 100 references with path_get,"
                + " and none was returned.");
    assertThat(balance.culprits().get(0).objects()).isEqualTo(1);
  }

  @Test
  void should_name_nobody_where_the_hook_is_correct() throws IOException {
    try (ReferenceLedger ledger = ReferenceLedger.open(ALL_MODULES)) {
      for (int i = 0; i < 50; i++) {
        IoPath.runEach();
      }
      ReferenceBalance balance = ledger.balance();

      assertThat(balance.culprits()).isEmpty();
      assertThat(balance.events()).isGreaterThanOrEqualTo(2 * 50 * (5 + 8));
    }
  }

  @Test
  void should_follow_the_modules_that_are_named() throws IOException {
    assertThat(balance(List.of("virtio_blk"), "leak", IoPath.OUTPUT_STREAM).culprits()).isEmpty();

    assertThat(ReferenceLedger.obstacle(List.of("no_such_module")))
        .hasValueSatisfying(
            obstacle ->
                assertThat(obstacle.what()).isEqualTo("no kernel module no_such_module is loaded"));
    assertThatIOException().isThrownBy(() -> ReferenceLedger.open(List.of("no_such_module")));
  }

  @Test
  void should_keep_several_ledgers_apart() throws IOException {
    ReferenceLedger outer = ReferenceLedger.open(ALL_MODULES);
    try {
      assertThat(balance(ALL_MODULES, "leak", IoPath.OUTPUT_STREAM).culprits()).hasSize(1);
      assertThat(outer.balance().culprits())
          .singleElement()
          .satisfies(culprit -> assertThat(culprit.taken()).isEqualTo(100));
    } finally {
      outer.close();
    }
    outer.close();
    assertThatIllegalStateException().isThrownBy(outer::balance);
  }

  @Test
  void should_probe_what_takes_and_returns_references_on_this_kernel() throws IOException {
    try (ReferenceLedger ledger = ReferenceLedger.open(ALL_MODULES)) {
      assertThat(ledger.balance().events()).isZero();
      assertThat(probes())
          .containsExactlyInAnyOrder(
              "path_get", "path_put", "dget_parent", "dput", "mntget", "mntput", "fget", "fput");
    }
  }

  private static List<String> probes() throws IOException {
    return Files.readAllLines(TRACING.resolve("kprobe_events")).stream()
        .map(line -> line.replaceFirst("\\S+ (\\S+) .*", "$1"))
        .toList();
  }

  /** A JVM that ends, in one way or another, while it keeps a ledger. */
  static final class Mortal {

    private Mortal() {}

    public static void main(String... arguments) throws IOException {
      if (arguments[0].equals("halt, watched")) {
        Companion.start();
      }
      ReferenceLedger kept = ReferenceLedger.open(ALL_MODULES);
      if (kept.balance().events() >= 0 && arguments[0].equals("exit")) {
        System.exit(3);
      }
      Runtime.getRuntime().halt(3);
    }

    static void run(String end) throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Mortal.class.getName(),
                  end)
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isEqualTo(3);
    }
  }

  @Test
  void should_remove_everything_when_the_JVM_exits() throws Exception {
    Mortal.run("exit");
  }

  @Test
  void should_remove_what_a_killed_JVM_left() throws Exception {
    Mortal.run("halt");
    assertThat(probes()).isNotEmpty();
    assertThat(instances()).hasSize(1);

    ReferenceLedger.open(ALL_MODULES).close();
  }

  @Test
  void should_leave_nothing_where_a_companion_outlives_the_JVM() throws Exception {
    Mortal.run("halt, watched");

    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10); // Two, on no emulator.
    while ((!probes().isEmpty() || !instances().isEmpty()) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(probes()).isEmpty();
    assertThat(instances()).isEmpty();
  }
}
