package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LockQueueTests {

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void name() {
    file = dir.resolve("lock.queue");
  }

  /** Makes one of another thread, as each who waits is. */
  private LockQueue another() throws Exception {
    FutureTask<LockQueue> made = new FutureTask<>(() -> LockQueue.of(file));
    Thread thread = new Thread(made);
    thread.start();
    return made.get();
  }

  @Test
  void nobody_is_ahead_where_nobody_waits() throws Exception {
    assertThat(LockQueue.of(file).ahead()).isZero();
    assertThat(file).isEmptyFile();
  }

  @Test
  void who_comes_first_is_first_and_who_does_not_wait_yet_is_last() throws Exception {
    LockQueue one = another();
    LockQueue two = another();
    LockQueue three = another();
    one.enter();
    two.enter();
    two.enter();

    assertThat(one.ahead()).isZero();
    assertThat(two.ahead()).isEqualTo(1);
    assertThat(three.ahead()).isEqualTo(2);

    one.leave();
    assertThat(two.ahead()).isZero();
    assertThat(three.ahead()).isEqualTo(1);

    two.leave();
    three.leave();
    assertThat(file).isEmptyFile();
  }

  @Test
  void a_process_that_has_ended_and_a_line_that_is_none_hold_nobody_up() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    assertThat(ended.waitFor()).isZero();
    Files.writeString(
        file, ended.pid() + " 1 1\n" + ProcessHandle.current().pid() + " 1 1\nwhat is that\n7 8\n");

    LockQueue queue = LockQueue.of(file);
    assertThat(queue.ahead()).isZero();
    assertThat(file).isEmptyFile();
  }

  @Test
  @Timeout(20)
  void a_process_that_was_stopped_keeps_its_place_and_holds_nobody_up() throws Exception {
    Process sleeping = new ProcessBuilder("sleep", "60").start();
    try {
      String line = line(sleeping.pid());
      Files.writeString(file, line);
      assertThat(LockQueue.of(file).ahead()).isEqualTo(1);

      assertThat(new ProcessBuilder("kill", "-STOP", "" + sleeping.pid()).start().waitFor())
          .isZero();
      while (state(sleeping.pid()) != 'T') { // A signal is taken when its process runs next.
        Thread.onSpinWait();
      }
      assertThat(LockQueue.of(file).ahead()).isZero();
      assertThat(file).hasContent(line);
    } finally {
      sleeping.destroyForcibly().waitFor();
    }
  }

  private static char state(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  private static String line(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return pid + " " + stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19] + " 1\n";
  }
}
