package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.Attribution;
import io.github.noslableak.Nobody;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.kernel.MachineLock;
import io.github.noslableak.kernel.Measurer;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What needs a second process: missing rights, and two JVMs that measure on one machine. */
@LiveTest
class ProcessesTests {

  /** What our own JVMs raise the setting to. */
  private static final String RAISED = "1013";

  private static final Path SETTING = Path.of("/proc/sys/vm/vfs_cache_pressure");

  /** As in a container: /proc/sys is mounted read-only. */
  private static final List<String> AS_IN_A_CONTAINER =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-c",
          "mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec \"$@\"",
          "sh");

  @RegisterExtension final Leaks leaks = new Leaks();

  /** Runs another JVM to its end, which has to be a good one, and returns what it said. */
  private String outputOf(List<String> prefix, String... arguments) throws Exception {
    Child.Ended ended = leaks.keep(ChildJvm.start(prefix, arguments)).awaitEnd();
    assertThat(ended.status()).as(ended.output()).isZero();
    return ended.output();
  }

  @Test
  void without_rights_a_test_is_aborted_and_told_how_to_get_them() throws Exception {
    String output = outputOf(Nobody.COMMAND, "run", "abort");
    assertThat(output)
        .contains(
            "ABORTED org.opentest4j.TestAbortedException: NoSlabLeak cannot count slab objects here,"
                + " so leaks would go unseen:",
            "cannot write /sys/kernel/slab/dentry/shrink (EACCES, permission denied); to grant it,"
                + " run the build as root: sudo -E mvn verify",
            "cannot write /proc/sys/vm/drop_caches (EACCES, permission denied); to grant it, run the"
                + " build as root: sudo -E mvn verify",
            "Set noslableak.unmeasurable=fail to fail here.")
        .doesNotContain("the body ran");
  }

  @Test
  void without_rights_a_test_fails_where_it_should() throws Exception {
    String output = outputOf(Nobody.COMMAND, "run", "fail");
    assertThat(output)
        .contains(
            "FAILED io.github.noslableak.SlabUnmeasurableException: NoSlabLeak cannot count slab"
                + " objects here, so leaks would go unseen:")
        .doesNotContain("the body ran");
  }

  @Test
  void in_a_container_the_remedy_is_another_one() throws Exception {
    String output = outputOf(AS_IN_A_CONTAINER, "run", "fail");
    assertThat(output)
        .contains(
            "cannot write /proc/sys/vm/drop_caches (EROFS, mounted read-only); to grant it, this root"
                + " has no rights over the host's kernel: run on a VM or, in a container, with:"
                + " docker run --privileged")
        .doesNotContain("the body ran");
  }

  /** As where /tmp is mounted with noexec. */
  @Test
  void without_native_code_it_is_told_where_that_may_be_unpacked() throws Exception {
    String output = outputOf(List.of("env", "JAVA_TOOL_OPTIONS=-Djna.tmpdir=/proc"), "run", "fail");
    assertThat(output)
        .contains(
            "FAILED io.github.noslableak.SlabUnmeasurableException: NoSlabLeak cannot count slab"
                + " objects here, so leaks would go unseen:",
            "JNA cannot load its native library (",
            "); to grant it, let it unpack that where programs may run: -Djna.tmpdir=/var/tmp")
        .doesNotContain("the body ran");
  }

  @Test
  void a_body_that_leaves_no_descriptor_is_told_what_it_left() throws Exception {
    String output = outputOf(List.of("prlimit", "--nofile=400:400"), "eat", "fail");
    assertThat(output)
        .contains("Too many open files", "FAILED io.github.noslableak.SlabLeakError: ")
        .containsPattern("opens_all_that_may_be_open leaked \\d+ filp: ")
        .containsOnlyOnce("opened "); // Running it again would open nothing, and look like no leak.
  }

  /** Where a build has no logging, as here, SLF4J would tell of it. */
  @Test
  void what_a_report_says_of_the_machine_prints_nothing_that_nobody_asked_for() throws Exception {
    assertThat(outputOf(List.of(), "host")).matches("Host\\[memoryBytes=.*]\\n");
  }

  @Test
  void a_tolerance_that_may_hide_a_leak_is_warned_of() throws Exception {
    PrintStream original = System.err;
    leaks.undo(() -> System.setErr(original));
    ByteArrayOutputStream announced = new ByteArrayOutputStream();
    System.setErr(new PrintStream(announced, true, StandardCharsets.UTF_8));
    SlabGuard.watching("sock_inode_cache").tolerating(2).check(() -> leaks.sockets(1));
    SlabGuard.watching("sock_inode_cache").tolerating(2).check(() -> {});
    assertThat(announced.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> !line.startsWith("NoSlabLeak waits for ")) // Its turn on the machine.
        .containsExactly(
            "NoSlabLeak: The checked code: sock_inode_cache +1 in 1 iteration, 2 tolerated: a leak of"
                + " as much in each iteration would pass, too; iterations = 3 tells it");
  }

  @Test
  void a_second_jvm_waits_for_the_first_and_says_so() throws Exception {
    Child holder = leaks.keep(ChildJvm.start("hold", "2500"));
    PrintStream original = System.err;
    leaks.undo(() -> System.setErr(original));
    ByteArrayOutputStream announced = new ByteArrayOutputStream();
    // It may have to wait for its turn, and announce that first.
    holder.awaitLine("holding");
    System.setErr(new PrintStream(announced, true, StandardCharsets.UTF_8));
    SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
    // It got its turn only when the first had ended.
    assertThat(holder.awaitEnd().status()).isZero();
    assertThat(announced.toString(StandardCharsets.UTF_8))
        .contains(
            "NoSlabLeak waits for The checked code of process "
                + holder.pid()
                + ", which has measured since ",
            "; 1 of at most 600 s");
  }

  /** As by Ctrl+Z: each test behind it would wait its own ten minutes. */
  @Test
  void a_stopped_jvm_is_named_and_waited_for_once() throws Exception {
    Child holder = leaks.keep(ChildJvm.start("hold", "60000"));
    holder.awaitLine("holding");
    String ignored = Child.run("kill", "-STOP", String.valueOf(holder.pid()));
    Measurer test = new Measurer("A test", false);
    String stopped =
        "The checked code of process %d, which has measured since \\d\\d:\\d\\d:\\d\\d and is"
            + " stopped \\(kill -CONT %d\\)";

    assertThatThrownBy(() -> MachineLock.acquire(test, Duration.ofSeconds(2), said -> {}))
        .hasMessageMatching(
            "no turn on this machine within 2 s: it is "
                + stopped.formatted(holder.pid(), holder.pid()));
    assertThatThrownBy(() -> MachineLock.acquire(test, Duration.ofMinutes(10), said -> {}))
        .hasMessageMatching(
            "no turn on this machine: it is still "
                + stopped.formatted(holder.pid(), holder.pid())
                + ", for which this JVM has waited in vain already");

    assertThat(holder.kill().status()).isNotZero();
    leaks.keep(MachineLock.acquire(test, Duration.ofMinutes(1), said -> {}));
  }

  @Test
  void a_jvm_with_test_after_test_lets_others_in() throws Exception {
    Child other = leaks.keep(ChildJvm.start("again", "60000"));
    other.awaitLine("measuring");
    for (int i = 0; i < 5; i++) {
      SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
    }
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void a_killed_jvm_holds_nothing_up() throws Exception {
    Child holder = leaks.keep(ChildJvm.start("hold", "60000"));
    holder.awaitLine("holding");
    assertThat(holder.kill().status()).isNotZero();
    SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
  }

  /** Others raise the setting while they measure: it is read and set while they cannot. */
  private void letNobodyElseMeasure() throws Exception {
    leaks.keep(
        MachineLock.acquire(
            new Measurer("A test", false), Duration.ofMinutes(10), announcement -> {}));
  }

  @Test
  void the_next_bracket_restores_what_a_killed_one_left() throws Exception {
    letNobodyElseMeasure();
    Path found = Path.of("/run/noslableak/vfs_cache_pressure");
    String before = sysctl();
    leaks.undo(() -> Files.writeString(SETTING, before));
    // As a process leaves it that is killed in the middle of a drop.
    Files.writeString(found, "123");
    Files.writeString(SETTING, RAISED);
    SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
    assertThat(sysctl()).isEqualTo("123");
    assertThat(found).doesNotExist();
  }

  /** As a container leaves it that was killed, whose memory of the value went with it. */
  @Test
  void what_nobody_remembers_becomes_the_kernels_default() throws Exception {
    letNobodyElseMeasure();
    String before = sysctl();
    leaks.undo(() -> Files.writeString(SETTING, before));
    Files.writeString(SETTING, RAISED);

    SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});

    assertThat(sysctl()).isEqualTo("100");
  }

  @Test
  void what_somebody_sets_meanwhile_stays() throws Exception {
    letNobodyElseMeasure();
    String before = sysctl();
    leaks.undo(() -> Files.writeString(SETTING, before));

    SlabGuard.watching("dentry")
        .attributing(Attribution.NEVER) // Which drops the caches in any case.
        .tolerating(Integer.MAX_VALUE)
        .check(() -> Files.writeString(SETTING, "77"));

    assertThat(sysctl()).isEqualTo("77");
  }

  /** As in containers: neither knows of the other's lock. */
  @Test
  void jvms_with_a_run_of_their_own_leave_the_pressure_as_they_found_it() throws Exception {
    letNobodyElseMeasure();
    String before = sysctl();
    leaks.undo(() -> Files.writeString(SETTING, before));
    Files.writeString(SETTING, "90");
    List<String> container =
        List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /run && exec \"$@\"", "sh");

    Child one = leaks.keep(ChildJvm.start(container, "again", "3000"));
    Child other = leaks.keep(ChildJvm.start(container, "again", "3000"));

    assertThat(one.awaitEnd().status()).isZero();
    assertThat(other.awaitEnd().status()).isZero();
    assertThat(sysctl()).isEqualTo("90");
  }

  @Test
  void a_bracket_leaves_the_pressure_as_it_found_it() throws Exception {
    letNobodyElseMeasure();
    String before = sysctl();
    SlabGuard.watching("dentry")
        .tolerating(Integer.MAX_VALUE)
        .check(
            () -> {
              assertThat(sysctl()).isEqualTo(before);
              SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
              assertThat(Path.of("/run/noslableak/vfs_cache_pressure")).hasContent(before);
            });
    assertThat(sysctl()).isEqualTo(before);
  }

  /** In one read: a sysctl that is read byte by byte gives its first digit alone. */
  private static String sysctl() throws Exception {
    try (InputStream in = new FileInputStream(SETTING.toFile())) {
      byte[] value = new byte[64];
      return new String(value, 0, in.read(value), StandardCharsets.US_ASCII).strip();
    }
  }
}
