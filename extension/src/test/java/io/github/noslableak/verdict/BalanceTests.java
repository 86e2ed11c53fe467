package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the counts of a measurement to its verdict. */
class BalanceTests {

  private static final Shortfall TOLD_NOT_TO =
      new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD);

  private static final Shortfall BROKEN = new Shortfall.LedgerBroke("no space");

  private static final Confirmation NO_DOUBT = Confirmation.unneeded();
  private static final Balance.Rerun NOT_RUN_AGAIN = new Balance.Rerun.None();

  private static Counts counts(long dentry, long filp) {
    Map<String, Long> objects = new LinkedHashMap<>();
    objects.put("dentry", dentry);
    objects.put("filp", filp);
    return Counts.atRest(objects);
  }

  private static Counts without(Counts counts, String cache) {
    Map<String, Counts.Row> rows = new LinkedHashMap<>(counts.rows());
    rows.put(cache, new Counts.Row(OptionalLong.empty(), 0));
    return new Counts(rows, true, 1, Duration.ZERO);
  }

  private static Terms terms(int iterations, long tolerance) {
    return new Terms(
        iterations,
        List.of(
            new Terms.Cache("dentry", tolerance, 192, Set.of()),
            new Terms.Cache("filp", 0, 256, Set.of("cred"))));
  }

  private static Balance balance(Counts before) {
    return new Balance(terms(1, 0), before, Optional.empty(), Optional.empty());
  }

  private static Balance afterWarmup(Counts before, Counts warm) {
    return new Balance(terms(1, 0), before, Optional.of(warm), Optional.empty());
  }

  private static Confirmation found(Scaling scaling, Optional<Shortfall> shortfall) {
    return new Confirmation(
        List.of(
            new CacheFinding(
                "dentry",
                Whose.OWN,
                List.of(new Round(1, 1, 0), new Round(2, 2, 0)),
                scaling,
                OptionalLong.empty())),
        shortfall,
        true);
  }

  private static Balance.Rerun rounds(Statement books) {
    return new Balance.Rerun.Known(
        new Rounds(
            List.of(new SuspectedCache("dentry", 0, 1, true)),
            books,
            new Course(
                List.of(new Course.Run(0, 1, 1), new Course.Run(1, 2, 2)),
                Optional.empty(),
                List.of()),
            0,
            new Promise(1)));
  }

  private static long grown(Verdict verdict, String cache) {
    return verdict.growths().stream()
        .filter(growth -> growth.cache().equals(cache))
        .findFirst()
        .orElseThrow()
        .objects();
  }

  // Ceilings

  @Test
  void a_ceiling_is_the_opening_with_the_tolerance() {
    Balance balance = new Balance(terms(1, 5), counts(100, 50), Optional.empty(), Optional.empty());

    assertThat(balance.ceilings()).containsEntry("dentry", 105L).containsEntry("filp", 50L);
    assertThat(balance.ceilingsOfTheEnd()).isEqualTo(balance.ceilings());
    assertThat(balance(without(counts(100, 50), "filp")).ceilings()).doesNotContainKey("filp");
  }

  @Test
  void after_a_warm_up_what_grew_must_come_back_to_where_it_was_before_the_test() {
    Balance balance = afterWarmup(counts(100, 50), counts(110, 55));

    assertThat(balance.opening()).isEqualTo(counts(110, 55));
    assertThat(balance.ceilings()).containsEntry("dentry", 110L);
    assertThat(balance.ceilingsOfTheEnd())
        .as("without a count nobody knows whether it grew")
        .containsEntry("dentry", 100L)
        .containsEntry("filp", 50L);
    assertThat(balance.withFirstRun(counts(111, 55)).ceilingsOfTheEnd())
        .containsEntry("dentry", 100L)
        .containsEntry("filp", 55L);
    assertThat(afterWarmup(counts(100, 50), counts(90, 55)).ceilingsOfTheEnd())
        .as("the warm-up gave some back")
        .containsEntry("dentry", 90L);
  }

  @Test
  void excess_is_what_lies_above_the_ceiling() {
    Balance balance = balance(counts(100, 50)).withFirstRun(counts(103, 50));

    assertThat(balance.excessOverTest(counts(104, 48)))
        .containsEntry("dentry", 4L)
        .containsEntry("filp", -2L);
    assertThat(balance.excessSinceFirstRun(counts(104, 48)))
        .containsEntry("dentry", 1L)
        .containsEntry("filp", -2L);
    assertThat(balance(counts(100, 50)).excessSinceFirstRun(counts(104, 48)))
        .as("without a count of the first run, since the opening")
        .containsEntry("dentry", 4L);
    assertThat(balance.excessOverTest(without(counts(104, 48), "filp"))).doesNotContainKey("filp");
  }

  @Test
  void growth_of_the_first_run_is_known_where_it_was_counted() {
    assertThat(balance(counts(100, 50)).ofFirstRun()).isEmpty();
    assertThat(balance(counts(100, 50)).withFirstRun(counts(103, 50)).ofFirstRun())
        .containsExactly(
            new CacheGrowth("dentry", 100, 103, 0, 1, 192),
            new CacheGrowth("filp", 50, 50, 0, 1, 256));
    assertThat(balance(counts(100, 50)).until(counts(99, 50)).get(0).objects()).isEqualTo(-1);
  }

  @Test
  void unrest_is_that_of_the_opening() {
    Map<String, Counts.Row> rows = new LinkedHashMap<>(counts(100, 50).rows());
    rows.put("dentry", new Counts.Row(OptionalLong.of(100), 7));
    Balance balance = balance(new Counts(rows, false, 12, Duration.ZERO));

    assertThat(balance.until(counts(103, 50)).get(0).unrest()).isEqualTo(7);
  }

  // What cannot be judged

  @Test
  void a_cache_that_went_or_was_merged_is_not_judged() {
    Balance balance = balance(counts(100, 50));

    assertThat(balance.unjudged(counts(100, 50), balance.terms())).isEmpty();
    assertThat(balance.unjudged(without(counts(100, 50), "filp"), balance.terms()))
        .extracting(Unjudged::cache)
        .containsExactly("filp");
    assertThat(
            balance.unjudged(
                counts(100, 50),
                new Terms(1, List.of(new Terms.Cache("dentry", 0, 192, Set.of("other"))))))
        .containsExactly(
            new Unjudged.Merged("dentry", List.of("other")), new Unjudged.Vanished("filp"));
  }

  // Verdicts

  @Test
  void without_growth_it_is_clean() {
    assertThat(balance(counts(100, 50)).verdict(counts(100, 50), NO_DOUBT, NOT_RUN_AGAIN))
        .isInstanceOf(Verdict.Clean.class);
  }

  @Test
  void what_the_rounds_left_is_no_growth_of_the_first_run() {
    Balance balance = balance(counts(100, 50)).withFirstRun(counts(101, 50));
    Verdict verdict =
        balance.verdict(
            counts(104, 50),
            found(Scaling.LEAKS, Optional.empty()),
            rounds(BooksOf.ledger(1, 2).statement()));

    assertThat(grown(verdict, "dentry")).isEqualTo(1);
  }

  @Test
  void growth_is_never_less_than_none_by_what_the_rounds_left() {
    Balance balance = balance(counts(100, 50)).withFirstRun(counts(101, 50));
    Verdict verdict =
        balance.verdict(
            counts(2, 50),
            found(Scaling.DOES_NOT_REPEAT, Optional.empty()),
            rounds(BooksOf.ledger(1, 2).statement()));

    assertThat(grown(verdict, "dentry")).isEqualTo(-100);
  }

  @Test
  void of_rounds_that_broke_off_nothing_is_held_against_the_first_run() {
    Balance balance = balance(counts(100, 50)).withFirstRun(counts(101, 50));

    assertThat(
            grown(
                balance.verdict(
                    counts(109, 50),
                    found(
                        Scaling.UNCLEAR,
                        Optional.of(new Shortfall.Failed("java.io.IOException: gone"))),
                    rounds(BooksOf.ledger(1, 2).statement())),
                "dentry"))
        .isEqualTo(1);
    assertThat(
            grown(
                balance.verdict(
                    counts(109, 50), Confirmation.impossible(BROKEN), new Balance.Rerun.Unknown()),
                "dentry"))
        .isEqualTo(1);
    assertThat(
            grown(
                balance.verdict(
                    counts(100, 50), Confirmation.impossible(BROKEN), new Balance.Rerun.Unknown()),
                "dentry"))
        .as("what was given back since is")
        .isZero();
  }

  @Test
  void without_a_count_of_the_first_run_the_end_stands() {
    assertThat(
            grown(
                balance(counts(100, 50))
                    .verdict(
                        counts(109, 50),
                        Confirmation.impossible(BROKEN),
                        new Balance.Rerun.Unknown()),
                "dentry"))
        .isEqualTo(9);
  }

  @Test
  void garbage_counts_as_it_was_before_it_was_collected() {
    Balance balance = balance(counts(100, 50)).withFirstRun(counts(101, 50));
    Verdict verdict =
        balance.verdict(
            counts(100, 50),
            found(Scaling.LEAKS, Optional.empty()),
            rounds(new BooksOf().period(0, 1, 0).period(0, 2, 0).statement()));

    assertThat(grown(verdict, "dentry")).isEqualTo(1);
  }

  @Test
  void what_rounds_may_leave_of_a_tolerated_cache_that_nobody_looked_at_is_not_counted() {
    Confirmation ofOther =
        new Confirmation(
            List.of(
                new CacheFinding(
                    "filp",
                    Whose.OWN,
                    List.of(new Round(1, 1, 0), new Round(2, 2, 0)),
                    Scaling.LEAKS,
                    OptionalLong.empty())),
            Optional.empty(),
            true);
    Balance tolerant =
        new Balance(terms(1, 5), counts(100, 50), Optional.empty(), Optional.of(counts(103, 51)));
    Balance strict =
        new Balance(terms(1, 0), counts(100, 50), Optional.empty(), Optional.of(counts(100, 51)));

    assertThat(
            grown(
                tolerant.verdict(
                    counts(120, 51), ofOther, rounds(BooksOf.ledger(0, 0).statement())),
                "dentry"))
        .isEqualTo(3);
    assertThat(
            grown(
                strict.verdict(counts(120, 51), ofOther, rounds(BooksOf.ledger(0, 0).statement())),
                "dentry"))
        .isEqualTo(20);
  }

  @Test
  void after_a_warm_up_growth_over_the_iterations_that_the_teardown_gave_back_is_clean() {
    Balance balance = afterWarmup(counts(100, 50), counts(110, 50)).withFirstRun(counts(111, 50));

    assertThat(balance.verdict(counts(100, 50), NO_DOUBT, NOT_RUN_AGAIN))
        .isInstanceOf(Verdict.Clean.class);
    assertThat(balance.verdict(counts(101, 50), NO_DOUBT, NOT_RUN_AGAIN))
        .as("it may hide a leak")
        .isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void after_a_warm_up_without_a_count_the_whole_test_stands_for_the_iterations() {
    Balance balance = afterWarmup(counts(100, 50), counts(110, 50));

    assertThat(balance.verdict(counts(105, 50), NO_DOUBT, NOT_RUN_AGAIN))
        .isInstanceOf(Verdict.Inconclusive.class);
    assertThat(balance.verdict(counts(100, 50), NO_DOUBT, NOT_RUN_AGAIN))
        .isInstanceOf(Verdict.Clean.class);
  }

  // The only run

  @Test
  void the_only_run_is_judged_by_who_allocated() {
    Balance balance = balance(counts(100, 50));
    Statement own = BooksOf.ledger(1).statement();
    Statement others = BooksOf.ledger(0).others(3).freedFromBefore(1).statement();

    assertThat(balance.ofOnlyRun(counts(101, 50), own, TOLD_NOT_TO).findings())
        .extracting(CacheFinding::scaling)
        .containsExactly(Scaling.LEAKS);
    assertThat(balance.ofOnlyRun(counts(102, 50), others, TOLD_NOT_TO).findings())
        .extracting(CacheFinding::scaling)
        .containsExactly(Scaling.IS_OTHERS);
    assertThat(balance.ofOnlyRun(counts(104, 50), others, TOLD_NOT_TO).findings())
        .as("who allocated the rest is not known")
        .extracting(CacheFinding::scaling)
        .containsExactly(Scaling.UNCLEAR);
  }

  /** Such as what a fixture leaves before the first run begins: it is in no period. */
  @Test
  void where_counts_are_the_tests_alone_others_explain_nothing() {
    assertThat(
            balance(counts(100, 50))
                .ofOnlyRun(counts(101, 50), BooksOf.ledger(0).statement(), TOLD_NOT_TO)
                .findings())
        .extracting(CacheFinding::scaling)
        .containsExactly(Scaling.UNCLEAR);
  }

  @Test
  void a_ledger_that_lost_something_says_nothing_of_the_only_run() {
    Confirmation said =
        balance(counts(100, 50))
            .ofOnlyRun(counts(101, 50), BooksOf.ledger(1).lost(1).statement(), TOLD_NOT_TO);

    assertThat(said.findings()).isEmpty();
    assertThat(said.shortfall()).contains(TOLD_NOT_TO);
    assertThat(said.ofFirstRun()).isFalse();
  }

  @Test
  void what_the_test_left_is_found_in_the_only_run_though_others_gave_as_much_back() {
    assertThat(
            balance(counts(100, 50))
                .ofOnlyRun(
                    counts(100, 50), BooksOf.ledger(1).freedFromBefore(1).statement(), TOLD_NOT_TO)
                .findings())
        .extracting(CacheFinding::scaling)
        .containsExactly(Scaling.LEAKS);
  }

  // What would have been seen

  @Test
  void a_clean_verdict_that_could_not_have_seen_what_is_wanted_is_none() {
    Verdict clean = balance(counts(100, 50)).verdict(counts(100, 50), NO_DOUBT, NOT_RUN_AGAIN);

    assertThat(Balance.sensitiveEnough(clean, NO_DOUBT, OptionalDouble.empty(), "wanted"))
        .isSameAs(clean);
    assertThat(Balance.sensitiveEnough(clean, NO_DOUBT, OptionalDouble.of(1), "wanted"))
        .isSameAs(clean);
    assertThat(Balance.sensitiveEnough(clean, NO_DOUBT, OptionalDouble.of(0.5), "wanted"))
        .isInstanceOfSatisfying(
            Verdict.Inconclusive.class,
            blind ->
                assertThat(blind.reason())
                    .isEqualTo(
                        new Reason.NotSensitive(new Sensitivity("dentry", 1), 0.5, "wanted")));
  }

  @Test
  void a_leak_was_seen_whatever_is_wanted() {
    Confirmation leaks = found(Scaling.LEAKS, Optional.empty());
    Verdict leak = balance(counts(100, 50)).verdict(counts(101, 50), leaks, NOT_RUN_AGAIN);

    assertThat(Balance.sensitiveEnough(leak, leaks, OptionalDouble.of(0.5), "wanted"))
        .isSameAs(leak);
  }
}
