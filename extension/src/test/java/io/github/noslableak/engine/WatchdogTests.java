package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Generous bounds: it may run beside anything. */
@Timeout(60)
class WatchdogTests {

  private static final TimeLimit HALF_A_SECOND =
      new TimeLimit.OfSetting("the limit", Duration.ofMillis(500));

  private static final TimeLimit TWO_SECONDS =
      new TimeLimit.OfSetting("the limit", Duration.ofSeconds(2));

  private final List<String> said = new CopyOnWriteArrayList<>();

  private Watchdog watchdog(TimeLimit limit) {
    return new Watchdog("RelayTests.copies", Deadline.of(limit), said::add).started();
  }

  @Test
  void who_keeps_to_the_time_is_left_alone() throws Throwable {
    try (Watchdog watchdog = watchdog(new TimeLimit.OfTimeout(Duration.ofHours(1)))) {
      watchdog.run(() -> Pause.of(1_000_000));

      assertThat(watchdog.interruption()).isEmpty();
    }
    assertThat(said).isEmpty();
  }

  @Test
  void who_does_not_is_told_of_at_half_of_it_and_interrupted_at_its_end() {
    try (Watchdog watchdog = watchdog(TWO_SECONDS)) {
      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> watchdog.run(() -> new CountDownLatch(1).await()));

      assertThat(watchdog.interruption().orElseThrow())
          .isInstanceOfSatisfying(
              Shortfall.Overran.class,
              overran -> {
                assertThat(overran.took()).isGreaterThanOrEqualTo(Duration.ofMillis(1_900));
                assertThat(overran.limit()).isEqualTo(TWO_SECONDS);
              });
    }
    assertThat(said).hasSize(2);
    assertThat(said.get(0).lines())
        .first()
        .asString()
        .matches(
            "NoSlabLeak: RelayTests.copies has been running again for \\S+ s, and its limit is"
                + " 2\\.0 s");
    assertThat(said.get(0))
        .as("where it stands")
        .containsPattern("\n    at java\\.util\\.concurrent\\.CountDownLatch\\.await\\(")
        .contains("\n    at " + WatchdogTests.class.getName())
        .doesNotContain(Watchdog.class.getName() + ".run");
    assertThat(said.get(1)).endsWith(" s, and its limit is 2.0 s; it is interrupted");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void who_takes_no_notice_of_the_interrupt_does_not_leave_its_thread_interrupted()
      throws Throwable {
    try (Watchdog watchdog = watchdog(HALF_A_SECOND)) {
      watchdog.run(() -> Pause.of(Duration.ofMillis(1_500).toNanos()));

      assertThat(watchdog.interruption()).isPresent();
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void what_counts_in_between_is_never_interrupted() throws Throwable {
    try (Watchdog watchdog = watchdog(HALF_A_SECOND)) {
      watchdog.run(() -> {});
      Pause.of(Duration.ofMillis(1_500).toNanos());

      assertThat(Thread.interrupted()).isFalse();
      assertThat(watchdog.interruption()).isEmpty();
    }
    assertThat(said).isEmpty();
  }

  @Test
  void its_thread_ends_with_it() {
    Watchdog watchdog = watchdog(new TimeLimit.OfTimeout(Duration.ofHours(1)));
    watchdog.close();
    watchdog.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("noslableak-watchdog");
  }
}
