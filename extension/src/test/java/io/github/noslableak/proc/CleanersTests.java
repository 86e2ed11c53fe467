package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CleanersTests {

  private final CountDownLatch begun = new CountDownLatch(1);
  private final AtomicBoolean mayEnd = new AtomicBoolean();

  /** What is cleaned up takes as long as this test wants. */
  private void clean() {
    begun.countDown();
    while (!mayEnd.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @Timeout(30)
  void a_cleaner_that_is_at_work_is_told_from_before_and_after() throws Exception {
    Cleaner cleaner = Cleaner.create();
    Cleaner.Cleanable ignored = cleaner.register(new Object(), this::clean);
    while (Cleaners.cleanings() % 2 != 0) {
      TimeUnit.MILLISECONDS.sleep(1); // It has not begun to wait yet.
    }
    long before = Cleaners.cleanings();
    do {
      System.gc();
    } while (!begun.await(10, TimeUnit.MILLISECONDS));
    long during = Cleaners.cleanings();
    mayEnd.set(true);
    while (Cleaners.cleanings() == during) {
      TimeUnit.MILLISECONDS.sleep(1);
    }

    assertThat(during).isGreaterThan(before);
    assertThat(Cleaners.cleanings()).isGreaterThan(during);
  }

  /** The kernel knows the threads of a JVM by their names, as far as these are short. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void the_tasks_of_such_threads_are_known_to_the_kernel() throws Exception {
    Map<String, Boolean> byName = new HashMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        byName.put(
            Files.readString(task.resolve("comm")).strip(),
            Cleaners.amongTasks().test(Integer.parseInt(task.getFileName().toString())));
      }
    }

    assertThat(byName).containsEntry("Common-Cleaner", true).containsEntry("Finalizer", true);
    assertThat(byName.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey))
        .allMatch(name -> name.matches("Common-Cleaner|Finalizer|Cleaner-\\d+"));
    assertThat(Cleaners.amongTasks().test(Integer.MAX_VALUE)).as("no task at all").isFalse();
  }
}
