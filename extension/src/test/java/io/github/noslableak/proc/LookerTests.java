package io.github.noslableak.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookerTests {

  private final CountDownLatch answer = new CountDownLatch(1);
  private final Looker looker = new Looker(Duration.ofSeconds(30));
  private final Looker hasty = new Looker(Duration.ofMillis(50));

  @AfterEach
  void answer() throws InterruptedException {
    answer.countDown();
    looker.close();
    hasty.close();
    try (Looker another = new Looker(Duration.ofSeconds(30))) {
      assertThat(seenInTheEnd(another)).isEqualTo("seen");
    }
  }

  private String stuck() {
    boolean interrupted = false;
    while (answer.getCount() > 0) { // Like the kernel, it does not hear that it is not wanted.
      try {
        answer.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return "late" + interrupted;
  }

  @Test
  void what_is_seen_is_returned() throws IOException {
    assertThat(looker.look(() -> "seen")).contains("seen");
  }

  @Test
  void one_that_is_stuck_keeps_nobody_from_looking_at_the_next() throws IOException {
    assertThat(hasty.look(this::stuck)).isEmpty();
    assertThat(looker.look(() -> "seen")).contains("seen");
    assertThat(hasty.look(this::stuck)).isEmpty(); // And not what came before.
  }

  @Test
  void behind_many_that_are_stuck_nobody_is_asked_until_one_comes_through() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(hasty.look(this::stuck)).isEmpty();
    }
    assertThatThrownBy(() -> looker.look(() -> "seen")).hasMessage("4 looks are stuck");
    try (Looker another = new Looker(Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> another.look(() -> "seen")).hasMessage("4 looks are stuck");
      answer.countDown();
      assertThat(seenInTheEnd(another)).isEqualTo("seen");
    }
  }

  private static String seenInTheEnd(Looker looker) throws InterruptedException {
    while (true) {
      try {
        return looker.look(() -> "seen").orElseThrow();
      } catch (IOException e) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void what_fails_is_told() {
    assertThatThrownBy(
            () ->
                looker.look(
                    () -> {
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThatThrownBy(
            () ->
                looker.look(
                    () -> {
                      throw new IllegalArgumentException("wrong");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wrong");
  }

  @Test
  void who_is_interrupted_meanwhile_still_sees_and_stays_so() throws IOException {
    Thread.currentThread().interrupt();
    assertThat(looker.look(() -> "seen")).contains("seen");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void its_thread_ends_with_it() throws IOException {
    Thread thread = looker.look(Thread::currentThread).orElseThrow();
    assertThat(thread.isDaemon()).isTrue();
    looker.close();
    assertThat(thread.isAlive()).isFalse();
  }
}
