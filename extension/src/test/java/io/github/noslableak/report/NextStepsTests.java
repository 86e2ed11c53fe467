package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Reason;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NextStepsTests {

  @Test
  void the_function_that_did_not_return_its_reference_is_what_comes_next() {
    Reports report =
        leak(growth("dentry", 544, 1, 10, 192))
            .references(
                new UnreturnedReferences(
                    List.of(UnreturnedReferenceTests.PLAIN), 0, Optional.empty()));

    assertThat(report.section("Which reference was not returned").stripIndent())
        .isEqualTo(
            """
              While the body was run again:
                leaky_pre_close [leaky] took 3 references with path_get, and none was returned.""");
    assertThat(report.section("Next").stripIndent())
        .isEqualTo(
            "- See why the function that is named above does not return its reference, on each of its"
                + " ways out.");
  }

  @Test
  void advice_to_iterate_is_given_once_only() {
    assertThat(leak(growth("dentry", 0, 1, 1, 192)).text())
        .contains("- Run it again with iterations = 100");
    assertThat(leak(growth("dentry", 0, 1, 2, 192)).text()).doesNotContain("Run it again");
    assertThat(
            leak(growth("dentry", 0, 1, 1, 192))
                .took(Duration.ofMillis(50))
                .warmedUp(1)
                .section("Next"))
        .endsWith(
            "- Run it again with iterations = 100, in 5.0 s instead of 0.1: a leak grows a"
                + " hundredfold, one-time growth does not.");
  }

  private static Reports inconclusive(Scaling scaling) {
    return inconclusive(scaling, Optional.empty());
  }

  private static Reports inconclusive(Scaling scaling, Optional<Duration> missing) {
    return Reports.of(
        new Verdict.Inconclusive(
            List.of(growth("filp", 544, 4, 4, 192)),
            new Confirmation(
                List.of(
                    new CacheFinding(
                        "filp",
                        Whose.OTHERS,
                        List.of(new Round(4, 4, 0)),
                        scaling,
                        OptionalLong.empty())),
                Optional.empty(),
                true,
                false,
                missing),
            new Reason.GrewInTeardown("dentry")));
  }

  @Test
  void what_is_inconclusive_wants_time_or_what_heals_it() {
    assertThat(inconclusive(Scaling.UNTRIED).section("Next"))
        .endsWith(
            "- Give it more time: raise noslableak.confirm.limit, or its @Timeout; with"
                + " noslableak.inconclusive=pass it passes.");
    assertThat(inconclusive(Scaling.UNTRIED, Optional.of(Duration.ofMillis(9_900))).section("Next"))
        .endsWith(
            "- Give it more time: noslableak.confirm.turns = 10 s for turns of body and rest, for which"
                + " noslableak.confirm.limit and its @Timeout must leave room; with"
                + " noslableak.inconclusive=pass it passes.");
    assertThat(inconclusive(Scaling.UNCLEAR).section("Next"))
        .endsWith(
            "  - What comes once, such as a cache that fills, goes away with warmup = 1.\n"
                + "  - iterations = 40 tells more; with noslableak.inconclusive=pass it passes.");
    assertThat(inconclusive(Scaling.UNCLEAR).took(Duration.ofMillis(1_234)).section("Next"))
        .endsWith(
            "- iterations = 40 tells more, in 12.3 s instead of 1.2 and at most 52.4 more where it is"
                + " run again; with noslableak.inconclusive=pass it passes.");
    assertThat(inconclusive(Scaling.UNCLEAR).warmedUp(20).section("Next"))
        .endsWith("iterations = 40 tells more; with noslableak.inconclusive=pass it passes.")
        .doesNotContain("warmup");
  }

  @Test
  void references_that_were_not_followed_name_no_function() {
    assertThat(
            leak(growth("dentry", 544, 1, 10, 192))
                .references(UnreturnedReferences.unfollowed("there are no kprobes here"))
                .section("Next"))
        .startsWith("  - Look for a reference that is taken and not returned")
        .doesNotContain("named above");
  }

  @Test
  void what_is_no_leak_wants_nothing() {
    assertThat(
            Reports.of(
                    new Verdict.Dismissed(
                        List.of(growth("dentry", 0, 1, 1, 192)), Confirmation.unneeded()))
                .text())
        .startsWith("RelayTests.relays passes: its growth is no leak\n")
        .doesNotContain("\nNext\n");
  }
}
