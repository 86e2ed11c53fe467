package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShortfallTextTests {

  private static final TimeLimit SETTING =
      new TimeLimit.OfSetting("noslableak.confirm.limit", Duration.ofMinutes(20));
  private static final TimeLimit TIMEOUT = new TimeLimit.OfTimeout(Duration.ofMillis(1_960));

  @Test
  void it_was_told_not_to_by_whoever_may() {
    assertThat(ShortfallText.of(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION)))
        .isEqualTo("it was told not to (confirm = false)");
    assertThat(ShortfallText.of(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD)))
        .isEqualTo("it was told not to confirm");
  }

  @Test
  void it_may_have_taken_all_descriptors() {
    assertThat(ShortfallText.of(new Shortfall.NoDescriptorsLeft()))
        .isEqualTo(
            "it left this JVM no descriptor to open anything with, as its limit is (ulimit -n)");
  }

  @Test
  void a_whole_test_may_have_no_further_life() {
    assertThat(
            ShortfallText.of(
                new Shortfall.FailedInPlace("no such row", Shortfall.NoFreshLife.NO_LAUNCHER)))
        .isEqualTo(
            "it failed when it was run again: no such row; and the whole test is not run again, for"
                + " junit-platform-launcher is not on the class path");
    assertThat(
            ShortfallText.of(
                new Shortfall.FailedInPlace("no such row", Shortfall.NoFreshLife.SHARED_STATE)))
        .isEqualTo(
            "it failed when it was run again: no such row; and the whole test is not run again, for"
                + " its class has fixtures or extensions that its other tests use as well");
  }

  @Test
  void a_whole_test_may_fail_as_its_body_does() {
    assertThat(ShortfallText.of(new Shortfall.FailedAfresh("no such row", "no such port")))
        .isEqualTo(
            "it failed when it was run again: no such row; and so did the whole test: no such port");
  }

  @Test
  void no_time_is_left() {
    assertThat(ShortfallText.of(new Shortfall.TimeIsUp(Duration.ofSeconds(3))))
        .isEqualTo("its @Timeout of 3000 ms leaves no time for it");
  }

  @Test
  void too_little_time_is_left_by_a_setting_or_the_timeout() {
    assertThat(ShortfallText.of(new Shortfall.TooLittleTime(SETTING)))
        .isEqualTo(
            "noslableak.confirm.limit allows 1,200.0 s, which is too little to run it again");
    assertThat(ShortfallText.of(new Shortfall.TooLittleTime(TIMEOUT)))
        .isEqualTo("its @Timeout leaves 2.0 s, which is too little to run it again");
  }

  @Test
  void it_takes_longer_than_is_left() {
    assertThat(ShortfallText.of(new Shortfall.TakesTooLong(Duration.ofMillis(6_040), TIMEOUT)))
        .isEqualTo("running it again takes about 6.0 s more, and its @Timeout leaves 2.0 s");
  }

  @Test
  void it_failed() {
    assertThat(
            ShortfallText.of(
                new Shortfall.Failed("java.lang.IllegalStateException: duplicate key")))
        .isEqualTo(
            "it failed when it was run again: java.lang.IllegalStateException: duplicate key");
  }

  @Test
  void it_did_not_end() {
    assertThat(ShortfallText.of(new Shortfall.Overran(Duration.ofMinutes(40), SETTING)))
        .isEqualTo(
            "it was interrupted after running again for 2,400.0 s, and noslableak.confirm.limit"
                + " allows 1,200.0 s");
  }

  @Test
  void the_ledger_broke() {
    assertThat(
            ShortfallText.of(
                new Shortfall.LedgerBroke("java.io.IOException: the kernel refuses to end")))
        .isEqualTo(
            "allocations could not be followed: java.io.IOException: the kernel refuses to end");
  }
}
