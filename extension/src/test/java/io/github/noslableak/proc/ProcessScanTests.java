package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Libc;
import io.github.noslableak.verdict.Whose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessScanTests {

  private final Tasks tasks = new Tasks();

  @BeforeEach
  void scan() throws IOException {
    ProcessScan.enter(tasks);
  }

  private Owner ownerOf(int task) {
    return tasks.owner(tasks.ownerOf(task));
  }

  private static List<Integer> threads(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
      return all.filter(task -> ProcessScan.nameOf(task.getFileName().toString()).equals(name))
          .map(task -> Integer.parseInt(task.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  @Test
  void a_thread_that_runs_java_code_is_the_tests() {
    assertThat(ownerOf(Libc.gettid()))
        .extracting(Owner::whose, Owner::processId)
        .containsExactly(Whose.OWN, (int) ProcessHandle.current().pid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"VM Thread", "VM Periodic Tas", "C1 CompilerThre"})
  void a_thread_that_never_does_is_nobody_s_and_so_is_what_it_starts(String name)
      throws IOException {
    int thread = threads(name).get(0); // The oldest, which does not end.
    assertThat(ownerOf(thread)).isEqualTo(Owner.HOTSPOT);

    int started = Integer.MAX_VALUE;
    tasks.born(thread, started, Tasks.CLONE_THREAD, name);
    assertThat(ownerOf(started)).isEqualTo(Owner.HOTSPOT);
    assertThat(Owner.HOTSPOT.isOwn(false)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "C2 CompilerThre, true",
    "GC Thread#12, true",
    "Finalizer, false",
    "Common-Cleaner, false",
    "Reference Handl, false",
    "C2 Com..hread4, true",
    "G1 Refine#3, true",
    "ZWorkerYoung#12, true",
    "main, false",
    "java, false",
    "VM Thread pool-, false",
    "ZStatusPoller, false",
    "G1 Services, false",
    "VM, false"
  })
  void they_are_told_by_their_names(String name, boolean is) {
    assertThat(HotSpotThreads.isCalled(name)).isEqualTo(is);
  }
}
