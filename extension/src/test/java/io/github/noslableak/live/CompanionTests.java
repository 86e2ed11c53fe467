package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a JVM leaves that ends without a word is taken back within two seconds, by nobody's help.
 */
@LiveTest
class CompanionTests {

  private static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");
  private static final Path RUN = Path.of("/run/noslableak");

  @RegisterExtension final Leaks leaks = new Leaks();

  /** Returns what there is of a process in the kernel, and the shell that watches it. */
  private static List<String> leftOf(long pid) throws IOException {
    List<String> left = new ArrayList<>();
    for (Path directory :
        List.of(TraceFileSystem.root().resolve("instances"), RUN.resolve("mounts"))) {
      if (Files.isDirectory(directory)) {
        try (Stream<Path> entries = Files.list(directory)) {
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> name.replace("noslableak-", "").startsWith(pid + "-"))
              .forEach(left::add);
        }
      }
    }
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      mounts.filter(line -> line.contains("/mounts/" + pid + "-")).forEach(left::add);
    }
    ProcessHandle.allProcesses()
        .filter(process -> isCompanion(process, pid))
        .forEach(companion -> left.add("companion " + companion.pid()));
    return left;
  }

  private static boolean isCompanion(ProcessHandle process, long pid) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    int name = arguments.indexOf("noslableak");
    return name > 0 && arguments.get(name + 1).equals(Long.toString(pid));
  }

  private static List<String> leftAfterTwoSeconds(long pid) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (!leftOf(pid).isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return leftOf(pid);
  }

  @Test
  void a_killed_jvm_leaves_no_tracing() throws Exception {
    Child child = leaks.keep(ChildJvm.start("hold", "60000"));
    child.awaitLineStartingWith("holding");
    assertThat(leftOf(child.pid()))
        .anyMatch(left -> left.startsWith("noslableak-"))
        .anyMatch(left -> left.startsWith("companion "));

    child.kill();

    assertThat(leftAfterTwoSeconds(child.pid())).isEmpty();
    assertThat(RUN.resolve("vfs_cache_pressure")).doesNotExist();
  }

  @Test
  void a_killed_jvm_leaves_the_pressure_as_it_found_it() throws Exception {
    String before = Files.readAllLines(SETTING).get(0);
    leaks.undo(() -> Files.writeString(SETTING, before));
    Files.writeString(SETTING, "90");
    Child child = leaks.keep(ChildJvm.start("hold", "60000"));
    child.awaitLineStartingWith("holding");
    Files.writeString(SETTING, "1013"); // As it is in the midst of a drop.

    child.kill();

    assertThat(leftAfterTwoSeconds(child.pid())).isEmpty();
    assertThat(Files.readAllLines(SETTING)).containsExactly("90");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void a_jvm_that_a_signal_ends_leaves_no_mount_and_no_loop_device(String signal) throws Exception {
    Child child = leaks.keep(ChildJvm.start("mount", "fail"));
    String mounted = child.awaitLineStartingWith("mounted ");
    assertThat(leftOf(child.pid())).hasSizeGreaterThan(4);

    Child.Ended sent = leaks.keep(Child.start("kill", "-" + signal, "" + child.pid())).awaitEnd();

    assertThat(sent.status()).isZero();
    assertThat(child.awaitEnd().status()).isNotZero();
    assertThat(leftAfterTwoSeconds(child.pid())).as(mounted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "exit"})
  void a_body_that_ends_the_jvm_leaves_nothing(String how) throws Exception {
    Child child = leaks.keep(ChildJvm.start(how));

    assertThat(child.awaitEnd().status()).isEqualTo(3);

    assertThat(leftAfterTwoSeconds(child.pid())).isEmpty();
  }

  @Test
  void a_jvm_that_ends_well_leaves_no_companion() throws Exception {
    Child child = leaks.keep(ChildJvm.start("again", "200"));

    assertThat(child.awaitEnd().status()).isZero();

    assertThat(leftAfterTwoSeconds(child.pid())).isEmpty();
  }
}
