package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Reason;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Shortfall;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReasonTextTests {

  private static final Optional<Shortfall> NONE = Optional.empty();
  private static final Shortfall FAILED = new Shortfall.Failed("java.io.IOException: gone");

  @Test
  void what_is_unclear_says_so() {
    assertThat(ReasonText.of(new Reason.Unclear("dentry", NONE)))
        .isEqualTo(
            "dentry neither grew in proportion nor stayed as it was when the body was run again");
    assertThat(ReasonText.of(new Reason.Unclear("dentry", Optional.of(FAILED))))
        .endsWith("run again: it failed when it was run again: java.io.IOException: gone");
  }

  @Test
  void what_others_did_was_not_tried() {
    assertThat(ReasonText.of(new Reason.Untried("dentry", NONE)))
        .isEqualTo(
            "dentry grew in proportion when the body was run again, and there was no time to see"
                + " whether it does so anyway, by what other processes do");
  }

  @Test
  void growth_that_nobody_looked_at_again_is_told_with_its_reason() {
    assertThat(
            ReasonText.of(
                new Reason.NotRunAgain(
                    "dentry", new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD))))
        .contains("not beyond what it moved by itself")
        .endsWith("the body was not run again: it was told not to confirm");
    assertThat(ReasonText.of(new Reason.ShrankInTeardown("dentry", 1)))
        .isEqualTo(
            "dentry lost 1 object after the last point at which the body can be run again: what"
                + " somebody else gave back hides as many of the test's");
    assertThat(ReasonText.of(new Reason.GrewInTeardown("dentry")))
        .isEqualTo(
            "dentry grew after the last point at which the body can be run again: in the teardown"
                + " of the test, or on account of another process");
  }

  @Test
  void what_the_teardown_gave_back_may_hide_a_leak() {
    assertThat(ReasonText.of(new Reason.GivenBackByTeardown("dentry", Optional.of(FAILED))))
        .isEqualTo(
            "the teardown of the test gave back as many dentry as its iterations left, which may"
                + " hide a leak: it failed when it was run again: java.io.IOException: gone");
  }

  @Test
  void what_could_not_have_been_seen_is_told_in_numbers() {
    assertThat(ReasonText.of(new Reason.NotSensitive(new Sensitivity("dentry", 1), 0.5, "wanted")))
        .isEqualTo(
            "the smallest leak of dentry that would have been seen is 1.0000 objects per"
                + " iteration, and wanted wants 0.5000: run more iterations");
  }
}
