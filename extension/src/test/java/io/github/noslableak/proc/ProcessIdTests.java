package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessIdTests {

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_number_alone_is_no_process() throws Exception {
    ProcessId self = ProcessId.ofThisJvm();
    String pid = Long.toString(self.pid());

    assertThat(ProcessId.isAlive(pid, Long.toString(self.startTicks()))).isTrue();
    assertThat(ProcessId.isAlive(pid, "1")).isFalse();
    assertThat(ProcessId.isAlive("2147483647", "1")).isFalse();
    assertThat(ProcessId.isAlive("99999999999999999999", "1")).isFalse();
  }

  @Test
  void both_numbers_are_joined() {
    assertThat(new ProcessId(42, 4711).joined('-')).isEqualTo("42-4711");
  }
}
