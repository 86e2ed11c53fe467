package io.github.noslableak.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Within one JVM; ProcessesTests has what needs a second one. */
@EnabledOnOs(OS.LINUX)
class MachineLockTests {

  private static final Measurer GUARD = new Measurer("The checked code", false);
  private static final Measurer TEST = new Measurer("RelayTests.copies", true);

  @TempDir Path dir;
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private MachineLock acquire(Measurer measurer, Duration timeout) throws IOException {
    return MachineLock.acquire(dir.resolve("lock"), measurer, timeout, said::add);
  }

  private static <T> FutureTask<T> onAnotherThread(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task, "another").start();
    return task;
  }

  @Test
  void the_file_names_who_holds_it_and_nobody_afterwards() throws Exception {
    try (MachineLock outer = acquire(TEST, Duration.ZERO);
        MachineLock inner = acquire(GUARD, Duration.ZERO)) {
      assertThat(outer).isNotSameAs(inner);
      assertThat(dir.resolve("lock"))
          .content()
          .matches(ProcessHandle.current().pid() + " \\S+Z RelayTests.copies");
    }
    assertThat(dir.resolve("lock")).isEmptyFile();
  }

  @Test
  void another_thread_of_a_test_that_runs_alone_fails_at_once() throws Exception {
    try (MachineLock lock = acquire(TEST, Duration.ZERO)) {
      assertThat(lock).isNotNull();
      FutureTask<MachineLock> inside =
          onAnotherThread(() -> acquire(GUARD, Duration.ofMinutes(10)));

      assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
          .isThrownBy(inside::get)
          .havingCause()
          .isInstanceOf(LockedFromWithinException.class)
          .withMessageStartingWith(
              "RelayTests.copies is measured on thread " + Thread.currentThread().getName() + ", ");
    }
  }

  @Test
  void another_thread_waits_for_what_may_run_beside_it() throws Exception {
    FutureTask<Integer> waiting;
    try (MachineLock lock = acquire(GUARD, Duration.ZERO)) {
      assertThat(lock).isNotNull();
      assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
          .isThrownBy(() -> onAnotherThread(() -> acquire(GUARD, Duration.ZERO)).get())
          .havingCause()
          .isInstanceOf(LockTimeoutException.class)
          .withMessage(
              "no turn on this machine within 0 s: it is The checked code on thread "
                  + Thread.currentThread().getName()
                  + " of this JVM");
      waiting =
          onAnotherThread(
              () -> {
                try (MachineLock later = acquire(TEST, Duration.ofMinutes(1))) {
                  return later.hashCode();
                }
              });
      while (said.isEmpty() && !waiting.isDone()) {
        Thread.sleep(10);
      }
    }
    assertThat(waiting.get()).isNotNull();
    assertThat(said)
        .containsExactly(
            "NoSlabLeak waits for The checked code on thread "
                + Thread.currentThread().getName()
                + " of this JVM; 1 of at most 60 s");
    assertThat(dir.resolve("lock.queue")).isEmptyFile();
  }
}
