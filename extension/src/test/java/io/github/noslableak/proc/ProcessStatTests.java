package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.MalformedKernelDataException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTests {

  private static final String REST = " 17 4242 4242 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 98765";

  @ParameterizedTest
  @ValueSource(strings = {"cat", "a) b (c", "(sd-pam)", "", "a ) S 1", "two\nlines"})
  void a_process_is_read_whatever_its_name(String name) {
    assertThat(ProcessStat.parse("4242 (" + name + ") S" + REST + " 0\n"))
        .isEqualTo(new ProcessStat(4242, name, 17, true, false, 98765));
  }

  @Test
  void a_process_is_no_kernel_thread_without_its_flag() {
    assertThat(ProcessStat.parse("1 (init) S 0 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 7 8 9\n"))
        .isEqualTo(new ProcessStat(1, "init", 0, false, false, 7));
  }

  @Test
  void a_process_that_has_ended_is_a_zombie_until_its_parent_asks() {
    assertThat(ProcessStat.parse("4242 (cat) Z" + REST + " 0\n").zombie()).isTrue();
    assertThat(ProcessStat.parse("4242 (Z) Z) S" + REST + " 0\n").zombie()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kworker/u8:3-events", "kworker/u8:3+kblockd", "kworker/u8:3"})
  void a_worker_is_called_by_its_number_and_not_by_its_work(String name) {
    assertThat(ProcessStat.parse("4242 (" + name + ") I" + REST + " 0\n").name())
        .isEqualTo("kworker/u8:3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4242",
        "4242 (a",
        "4242 (a)",
        "4242 a) S" + REST + " 0",
        "x (a) S" + REST + " 0",
        "4242 (a) S" + REST,
        "4242 (a) S x 4242 4242 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0",
        "4242 (a) S 17 4242 4242 0 -1 flags 0 0 0 0 0 0 0 0 20 0 1 0 98765 0 0",
        "4242 (a) S 17 4242 4242 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 9876x 0 0"
      })
  void what_has_another_form_is_refused(String line) {
    assertThatThrownBy(() -> ProcessStat.parse(line))
        .isInstanceOf(MalformedKernelDataException.class)
        .hasMessage("a process's stat is \"" + line + "\"");
  }

  @Test
  void this_jvm_and_all_others_are_read() throws IOException {
    Map<Integer, ProcessStat> processes = ProcessScan.processes();
    int self = (int) ProcessHandle.current().pid();

    assertThat(processes.get(self)).isEqualTo(ProcessStat.ofProcess(self));
    assertThat(processes.values())
        .allSatisfy(process -> assertThat(process.parent()).isNotNegative());
    assertThat(ProcessStat.ofProcess(self).parent())
        .isEqualTo((int) ProcessHandle.current().parent().orElseThrow().pid());
  }
}
