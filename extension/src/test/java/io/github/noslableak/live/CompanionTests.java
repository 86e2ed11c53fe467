package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Remains;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void a_killed_jvm_leaves_no_tracing() throws Exception {
    Child child = leaks.keep(ChildJvm.start("hold", "60000"));
    child.awaitLineStartingWith("holding");
    assertThat(Remains.of(child.pid()))
        .anyMatch(left -> left.startsWith("noslableak-"))
        .anyMatch(left -> left.startsWith("companion "));

    child.kill();

    assertThat(Remains.afterTwoSeconds(child.pid())).isEmpty();
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

    assertThat(Remains.afterTwoSeconds(child.pid())).isEmpty();
    assertThat(Files.readAllLines(SETTING)).containsExactly("90");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void a_jvm_that_a_signal_ends_leaves_no_mount_and_no_loop_device(String signal) throws Exception {
    Child child = leaks.keep(ChildJvm.start("mount", "fail"));
    String mounted = child.awaitLineStartingWith("mounted ");
    assertThat(Remains.of(child.pid())).hasSizeGreaterThan(4);

    Child.Ended sent = leaks.keep(Child.start("kill", "-" + signal, "" + child.pid())).awaitEnd();

    assertThat(sent.status()).isZero();
    assertThat(child.awaitEnd().status()).isNotZero();
    assertThat(Remains.afterTwoSeconds(child.pid())).as(mounted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"halt", "exit"})
  void a_body_that_ends_the_jvm_leaves_nothing(String how) throws Exception {
    Child child = leaks.keep(ChildJvm.start(how));

    assertThat(child.awaitEnd().status()).isEqualTo(3);

    assertThat(Remains.afterTwoSeconds(child.pid())).isEmpty();
  }

  @Test
  void a_jvm_that_ends_well_leaves_no_companion() throws Exception {
    Child child = leaks.keep(ChildJvm.start("again", "200"));

    assertThat(child.awaitEnd().status()).isZero();

    assertThat(Remains.afterTwoSeconds(child.pid())).isEmpty();
  }
}
