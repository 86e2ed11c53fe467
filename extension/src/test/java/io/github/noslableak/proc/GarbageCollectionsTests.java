package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Cleaner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GarbageCollectionsTests {

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
    while (GarbageCollections.cleanings() % 2 != 0) {
      TimeUnit.MILLISECONDS.sleep(1); // It has not begun to wait yet.
    }
    long before = GarbageCollections.cleanings();
    do {
      System.gc();
    } while (!begun.await(10, TimeUnit.MILLISECONDS));
    long during = GarbageCollections.cleanings();
    mayEnd.set(true);
    while (GarbageCollections.cleanings() == during) {
      TimeUnit.MILLISECONDS.sleep(1);
    }

    assertThat(during).isGreaterThan(before);
    assertThat(GarbageCollections.cleanings()).isGreaterThan(during);
  }
}
