package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Verdicts where running the body again left something open. */
class OpenVerdictTests {

  private static final Shortfall TOLD_NOT_TO =
      new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD);

  private static Verdict verdict(
      CacheGrowth growth, Scaling scaling, Optional<Shortfall> shortfall) {
    return Verdict.of(
        List.of(growth),
        new Confirmation(
            List.of(
                new CacheFinding(
                    growth.cache(),
                    Whose.OWN,
                    List.of(new Round(1, 3, 0), new Round(2, 6, 0)),
                    scaling,
                    OptionalLong.empty())),
            shortfall,
            true));
  }

  private static CacheGrowth growth(long objects, long unrest) {
    return new CacheGrowth("dentry", 100, 100 + objects, 0, 1, 192, unrest);
  }

  @Test
  void what_is_unclear_is_inconclusive_and_says_so() {
    assertThat(verdict(growth(3, 0), Scaling.UNCLEAR, Optional.empty()))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            inconclusive ->
                assertThat(inconclusive.reason())
                    .isEqualTo(new Reason.Unclear("dentry", Optional.empty())));
    assertThat(verdict(growth(3, 0), Scaling.UNTRIED, Optional.empty()))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            inconclusive ->
                assertThat(inconclusive.reason())
                    .isEqualTo(new Reason.Untried("dentry", Optional.empty())));
  }

  @Test
  void the_first_finding_stands_where_the_body_could_not_be_run_again() {
    Optional<Shortfall> shortfall = Optional.of(new Shortfall.Failed("java.io.IOException: gone"));

    assertThat(verdict(growth(3, 0), Scaling.UNCLEAR, shortfall)).isInstanceOf(Verdict.Leak.class);
    assertThat(verdict(growth(3, 3), Scaling.UNCLEAR, shortfall))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            inconclusive ->
                assertThat(inconclusive.reason())
                    .isEqualTo(new Reason.Unclear("dentry", shortfall)));
    assertThat(verdict(growth(3, 0), Scaling.DOES_NOT_REPEAT, shortfall))
        .isInstanceOf(Verdict.Dismissed.class);
  }

  @Test
  void growth_that_nobody_looked_at_again_is_told_with_its_reason() {
    assertThat(Verdict.of(List.of(growth(3, 3)), Confirmation.impossible(TOLD_NOT_TO)))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            inconclusive ->
                assertThat(inconclusive.reason())
                    .isEqualTo(new Reason.NotRunAgain("dentry", TOLD_NOT_TO)));
    assertThat(Verdict.of(List.of(growth(3, 0)), Confirmation.unneeded()))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            inconclusive ->
                assertThat(inconclusive.reason()).isEqualTo(new Reason.GrewInTeardown("dentry")));
  }

  @Test
  void a_leak_has_one_number_which_is_the_confirmed_one() {
    for (CacheGrowth firstRun : List.of(growth(0, 0), growth(5, 0), growth(31, 4))) {
      Verdict.Leak leak = (Verdict.Leak) verdict(firstRun, Scaling.LEAKS, Optional.empty());

      assertThat(leak.perIteration(firstRun)).isEqualTo(3);
      assertThat(leak.growths())
          .singleElement()
          .satisfies(
              growth -> {
                assertThat(growth.objects()).isEqualTo(3);
                assertThat(growth.before()).isEqualTo(firstRun.before());
              });
      assertThat(leak.leaked()).isEqualTo(leak.growths());
    }
  }

  @Test
  void what_was_not_confirmed_keeps_the_number_of_the_first_run() {
    Verdict.Leak leak =
        (Verdict.Leak) verdict(growth(5, 0), Scaling.UNCLEAR, Optional.of(TOLD_NOT_TO));

    assertThat(leak.leaked()).singleElement().isEqualTo(growth(5, 0));
  }
}
