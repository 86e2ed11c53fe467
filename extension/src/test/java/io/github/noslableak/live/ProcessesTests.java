package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void a_body_that_leaves_no_descriptor_is_told_what_it_left() throws Exception {
    String output = outputOf(List.of("prlimit", "--nofile=400:400"), "eat", "fail");
    assertThat(output)
        .contains("Too many open files", "FAILED io.github.noslableak.SlabLeakError: ")
        .containsPattern("opens_all_that_may_be_open leaked \\d+ filp: ");
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
    Files.writeString(SETTING, "1000");
    SlabGuard.watching("dentry").tolerating(Integer.MAX_VALUE).check(() -> {});
    assertThat(sysctl()).isEqualTo("123");
    assertThat(found).doesNotExist();
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
