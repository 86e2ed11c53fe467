package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.OnOff;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfirmationTextTests {

  @Test
  void what_came_by_turns() {
    CacheFinding relay =
        CacheFinding.of(
                "filp",
                Whose.UNBOOKED,
                List.of(new Round(1, 1, 0), new Round(2, 2, 0)),
                0,
                1,
                OptionalLong.of(0))
            .after(
                IntStream.range(0, 4)
                    .mapToObj(i -> new OnOff(new Round(8, 8, 0), new Round(8, i % 2, 0)))
                    .toList());
    Confirmation confirmation = new Confirmation(List.of(relay), Optional.empty(), true);
    Reports report =
        Reports.of(new Verdict.Leak(List.of(growth("filp", 544, 1, 1, 192)), confirmation));

    assertThat(report.section("Confirmed"))
        .contains(
            "filp beyond what was followed +1, +2: 1.00 per iteration, it leaks; by turns +8 with the"
                + " body and 0 without, +8 with the body and +1 without,");
  }

  private static CacheFinding suspect(String cache, Scaling scaling, Round... rounds) {
    return new CacheFinding(cache, Whose.OWN, List.of(rounds), scaling, OptionalLong.of(3));
  }

  private static List<String> lines(Confirmation confirmation) {
    return new ConfirmationText(confirmation, Optional.of("tracefs is not mounted")).lines();
  }

  @Test
  void growth_far_below_the_promise_says_what_would_judge_it() {
    assertThat(
            lines(
                new Confirmation(
                    List.of(
                        suspect(
                            "ep_head",
                            Scaling.RARER_THAN_PROMISED,
                            new Round(1, 0, 0),
                            new Round(62, 1, 0))),
                    Optional.empty(),
                    true)))
        .contains(
            "ep_head 0, +1: grew by 1 in 63 runs, far below what this test promises to see;"
                + " iterations = 100 would judge it");
  }

  @Test
  void what_each_round_left_and_what_that_means() {
    assertThat(
            lines(
                new Confirmation(
                    List.of(
                        suspect("filp", Scaling.LEAKS, new Round(4, 4, 0), new Round(8, 8, 0)),
                        suspect(
                            "TCP", Scaling.DOES_NOT_REPEAT, new Round(4, 2, 0), new Round(8, 0, 0)),
                        suspect(
                            "PING", Scaling.DOES_NOT_SCALE, new Round(4, 5, 2), new Round(8, 5, 0)),
                        suspect(
                            "RAW",
                            Scaling.GOES_ON_BY_ITSELF,
                            new Round(4, 4, 0),
                            new Round(8, 8, 0)),
                        suspect("UDP", Scaling.UNTRIED, new Round(4, 4, 0), new Round(8, 8, 0)),
                        suspect("UNIX", Scaling.IS_OTHERS, new Round(4, 4, 0)),
                        suspect("key_jar", Scaling.IS_GIVEN_BACK, new Round(4, 4, 0)),
                        suspect(
                            "dentry", Scaling.UNCLEAR, new Round(4, -1, 0), new Round(8, 3, 0))),
                    Optional.empty(),
                    true)))
        .containsExactly(
            "The body was run again, 4, then 8 times. A leak repeats and scales.",
            "filp +4, +8: 1.00 per iteration, it leaks",
            "TCP +2, 0: does not repeat",
            "PING +5 (give or take 2), +5: does not grow with the number of iterations",
            "RAW +4, +8: goes on by itself, +3 while nothing ran for as long as the last round",
            "UDP +4, +8: unclear, for lack of time",
            "UNIX +4: which the test did not allocate",
            "key_jar +4: is given back by the teardown of the test",
            "dentry -1, +3: unclear",
            "Each allocation was followed, so what other processes allocated is not counted here.");
  }

  @Test
  void what_did_not_grow_again_takes_one_line() {
    assertThat(
            lines(
                new Confirmation(
                    IntStream.rangeClosed(1, 7)
                        .mapToObj(
                            i -> suspect("cache-" + i, Scaling.DOES_NOT_REPEAT, new Round(4, 0, 0)))
                        .toList(),
                    Optional.of(new Shortfall.TimeIsUp(Duration.ofSeconds(2))),
                    false)))
        .containsExactly(
            "The body was run again, 4 times. A leak repeats and scales.",
            "cache-1, cache-2, cache-3, cache-4, cache-5 and 2 more: did not grow again",
            "Counted by the machine's counters, which count what everybody allocates: tracefs is not"
                + " mounted.",
            "The body was not run again as often as a confirmation takes: its @Timeout of 2000 ms"
                + " leaves no time for it. So growth that comes only once, or from another process, is not told from a leak.");
  }

  @Test
  void the_only_run_was_followed() {
    assertThat(
            lines(
                Confirmation.ofFirstRun(
                    List.of(suspect("filp", Scaling.LEAKS, new Round(1, 2, 0))),
                    new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION))))
        .containsExactly(
            "Each allocation of the only run was followed.",
            "filp +2: 2.00 per iteration, it leaks",
            "The body was not run again as often as a confirmation takes: it was told not to (confirm ="
                + " false). So growth that comes only once is not told from a leak.");
  }
}
