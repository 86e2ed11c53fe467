package io.github.noslableak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ChildTests {

  private static final Duration SHORT = Duration.ofMillis(200);

  @RegisterExtension final Leaks leaks = new Leaks();

  private Child start(String script) throws IOException {
    return leaks.keep(Child.start("sh", "-c", script));
  }

  private Child startWithoutPatience(String script) throws IOException {
    return leaks.keep(Child.start(new ProcessBuilder("sh", "-c", script), SHORT));
  }

  @Test
  void should_wait_for_a_line_and_pass_over_others() throws Exception {
    Child child = start("echo first; sleep 0.1; printf rea; sleep 0.1; echo dy; read line");
    child.awaitLine("ready");
    assertThat(child.isAlive()).isTrue();
    assertThat(child.said()).isEqualTo("first\nready\n");
  }

  @Test
  void should_give_the_whole_line() throws Exception {
    assertThat(start("echo pid 5; echo pid 6").awaitLineStartingWith("pid ")).isEqualTo("pid 5");
  }

  @Test
  void should_find_one_line_after_the_other() throws Exception {
    Child child = start("echo ready; echo ready; echo done");
    child.awaitLine("ready");
    child.awaitLine("ready");
    child.awaitLine("done");
    assertThatThrownBy(() -> child.awaitLine("ready"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("did not say \"ready\"");
  }

  @Test
  void should_take_what_was_said_to_both_outputs() throws Exception {
    Child child = start("echo an error >&2; echo ready");
    child.awaitLine("an error");
    child.awaitLine("ready");
  }

  @Test
  void should_say_lines_to_it() throws Exception {
    Child child = start("read line; echo heard $line; read line; echo heard $line");
    child.say("one");
    child.awaitLine("heard one");
    child.say("two");
    assertThat(child.awaitEnd()).isEqualTo(new Child.Ended(0, "heard one\nheard two\n"));
  }

  @Test
  void should_fail_at_once_where_it_ends_without_saying_it() throws Exception {
    Child child = start("echo cannot open the file; exit 3");
    assertThatThrownBy(() -> child.awaitLine("ready"))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "sh -c echo cannot open the file; exit 3 ended with status 3 and did not say \"ready\"."
                + " It said: cannot open the file\n");
  }

  @Test
  void should_not_wait_for_ever() throws Exception {
    Child child = startWithoutPatience("echo almost; exec sleep 60");
    assertThatThrownBy(() -> child.awaitLine("ready"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("did not say \"ready\" within 0.2 s. It said: ");
    assertThatThrownBy(child::awaitEnd)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("did not end within 0.2 s.");
  }

  @Test
  void should_hear_what_a_child_of_it_says_after_its_end() throws Exception {
    Child child = start("{ sleep 0.3; echo late; } &");
    assertThat(child.awaitEnd().status()).isZero();
    for (int i = 0; i < 500 && child.said().isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertThat(child.said()).isEqualTo("late\n");
  }

  @Test
  void should_not_stop_at_much_that_is_said() throws Exception {
    assertThat(Child.run("sh", "-c", "yes | head -n 100000")).hasSize(200_000);
  }

  @Test
  void should_run_a_command_to_its_end() throws Exception {
    assertThat(Child.run("echo", "hello")).isEqualTo("hello\n");
    assertThatThrownBy(() -> Child.run("sh", "-c", "echo no such device >&2; exit 2"))
        .isInstanceOf(AssertionError.class)
        .hasMessageEndingWith("ended with status 2: no such device\n");
  }

  @Test
  void should_end_as_it_is_asked_or_killed() throws Exception {
    Child asked = start("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
    asked.awaitLine("ready");
    assertThat(asked.terminate()).isEqualTo(new Child.Ended(4, "ready\nbye\n"));

    Child killed = start("trap '' TERM; echo ready; read line");
    killed.awaitLine("ready");
    assertThat(killed.kill().status()).isEqualTo(128 + 9);
  }

  @Test
  void should_be_gone_with_all_that_it_started_when_closed() throws Exception {
    Child child = Child.start("sh", "-c", "sleep 60 & echo pid $!; wait");
    String line = child.awaitLineStartingWith("pid ");
    long grandchild = Long.parseLong(line.substring("pid ".length()));
    assertThat(ProcessHandle.of(grandchild)).isPresent();

    child.close();
    child.close();

    assertThat(child.isAlive()).isFalse();
    assertThat(ProcessHandle.of(grandchild).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void should_leave_no_file_with_a_name() throws Exception {
    Child child = start("echo ready; read line");
    child.awaitLine("ready");
    assertThat(Files.readSymbolicLink(Path.of("/proc", child.pid() + "", "fd", "1")).toString())
        .contains("/noslableak-child")
        .endsWith(" (deleted)");
  }

  @Test
  void should_run_in_a_directory_of_its_own(@TempDir Path dir) throws Exception {
    Child child = leaks.keep(Child.start(new ProcessBuilder("pwd").directory(dir.toFile())));
    assertThat(child.awaitEnd().output()).isEqualTo(dir + "\n");
  }

  /** Says what it is given. */
  static final class Echo {

    private Echo() {}

    @SuppressWarnings("SystemOut") // The parent reads it.
    public static void main(String[] arguments) {
      System.out.println(String.join(" ", arguments));
    }
  }

  @Test
  void should_start_another_jvm_behind_a_command() throws Exception {
    Child child = leaks.keep(Child.jvm(List.of("nice", "-n", "1"), Echo.class, "hello", "world"));
    assertThat(child.awaitEnd()).isEqualTo(new Child.Ended(0, "hello world\n"));
  }

  @Test
  void should_fail_where_there_is_no_such_command() {
    assertThatThrownBy(() -> Child.start("/no/such/command")).isInstanceOf(IOException.class);
  }
}
