package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingTests {

  /** Rounds of n, 2n, 4n... iterations with these growths. */
  private static List<Round> rounds(int iterations, String growths, long doubt) {
    List<Round> rounds = new ArrayList<>();
    for (String growth : growths.split(" ", -1)) {
      rounds.add(new Round(iterations << rounds.size(), Long.parseLong(growth), doubt));
    }
    return rounds;
  }

  @ParameterizedTest(name = "{1} after {0} iterations: {2}")
  @CsvSource({
    // A leak repeats and scales.
    "1,   1 2,       LEAKS",
    "1,   3 6,       LEAKS",
    "500, 5 10,      LEAKS",
    "500, 5 8,       LEAKS",
    "500, 4 11,      LEAKS",
    "1,   7 2 4,     LEAKS",
    "1,   0 1 2,     LEAKS",
    "3,   183 636 2352, LEAKS",
    // One-time growth does not repeat.
    "1,   0 0,       DOES_NOT_REPEAT",
    "1,   1 0 0,     DOES_NOT_REPEAT",
    "1,   0 3 0 0,   DOES_NOT_REPEAT",
    "1,   -5 -2,     DOES_NOT_REPEAT",
    // What comes by the round and not by the iteration does not scale.
    "1,   1 1 1 1 1, DOES_NOT_SCALE",
    "1,   5 6 7 8,   DOES_NOT_SCALE",
    "1,   9 3 2,     DOES_NOT_SCALE",
    "1,   6 6 6,     DOES_NOT_SCALE",
    // So few may be a leak that comes by chance.
    "1,   1 1 1,     UNCLEAR",
    "1,   1 1 1 1,   UNCLEAR",
    "1,   5 5 5,     UNCLEAR",
    // Nothing of it yet.
    "1,   1,         UNCLEAR",
    "1,   1 1,       UNCLEAR",
    "1,   1 0,       UNCLEAR",
    "1,   0 1,       UNCLEAR",
    "1,   1 4,       UNCLEAR",
    "1,   3 0 5 0,   UNCLEAR"
  })
  void exact_growth(int iterations, String growths, Scaling expected) {
    assertThat(Scaling.of(rounds(iterations, growths, 0), 0, 1)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} give or take {1}, suspected {2}: {3}")
  @CsvSource({
    // Growth within the doubt is none.
    "5 10 20,   20, 1,  UNCLEAR",
    "15 30,     20, 15, UNCLEAR",
    "15 30 60,  20, 15, LEAKS",
    // None, and the suspected leak would have shown above the doubt.
    "2 3,       20, 100, DOES_NOT_REPEAT",
    "2 3,       20, 1,   UNCLEAR",
    "0 0 0 0 0 0, 20, 1, UNCLEAR",
    "0 0 0 0 0 0, 15, 1, DOES_NOT_REPEAT",
    // Only unrest was suspected: a leak of one object per iteration is looked for.
    "0 0 0 0 0 0, 15, -3, DOES_NOT_REPEAT",
    "0 0,       15, -3, UNCLEAR"
  })
  void doubtful_growth(String growths, long doubt, double suspected, Scaling expected) {
    assertThat(Scaling.of(rounds(1, growths, doubt), 0, suspected)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} with {1} tolerated per iteration: {2}")
  @CsvSource({
    "2 4, 2,   DOES_NOT_REPEAT",
    "3 6, 2,   LEAKS",
    "3 6, 2.9, LEAKS",
    "3 6, 3,   DOES_NOT_REPEAT"
  })
  void a_tolerance_goes_with_the_iterations(String growths, double perIteration, Scaling expected) {
    assertThat(Scaling.of(rounds(1, growths, 0), perIteration, 3)).isEqualTo(expected);
  }

  @Test
  void no_rounds_say_nothing() {
    assertThat(Scaling.of(List.of(), 0, 1)).isEqualTo(Scaling.UNCLEAR);
  }

  @Test
  void a_round_has_iterations_and_no_negative_doubt() {
    assertThatThrownBy(() -> new Round(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Round(1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  // --- findings ---------------------------------------------------------------------------------

  private static CacheFinding suspect(String growths, OptionalLong idle) {
    return CacheFinding.of("dentry", Whose.OWN, rounds(1, growths, 0), 0, 1, idle);
  }

  @ParameterizedTest(name = "{0}, and {1} while nothing ran: {2}")
  @CsvSource({
    "10 20, 0,  LEAKS",
    "10 20, 9,  LEAKS",
    "10 20, 10, GOES_ON_BY_ITSELF",
    "10 20, 25, GOES_ON_BY_ITSELF",
    "0 0,   25, DOES_NOT_REPEAT"
  })
  void what_goes_on_while_nothing_runs_is_not_the_body_s(
      String growths, long idle, Scaling expected) {
    assertThat(suspect(growths, OptionalLong.of(idle)).scaling()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} of other processes, and {1} while nothing ran: {2}")
  @CsvSource({
    "1 2,   0,  LEAKS",
    "3 6,   1,  GOES_ON_BY_ITSELF",
    "3 5,   0,  GOES_ON_BY_ITSELF",
    "10 20, 4,  LEAKS",
    "10 20, 5,  GOES_ON_BY_ITSELF"
  })
  void a_few_objects_of_other_processes_are_chance(String growths, long idle, Scaling expected) {
    assertThat(
            CacheFinding.of(
                    "dentry", Whose.UNBOOKED, rounds(1, growths, 0), 0, 1, OptionalLong.of(idle))
                .scaling())
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, suspected {1}: {2}")
  @CsvSource({
    // As many as six were to be expected, and none came.
    "0 0,     2,    false",
    "0 0,     1.99, true",
    "0 0,     1,    true",
    "0 0 0,   1,    false",
    "3 0 0,   0.5,  true",
    "0 0 0 0, 0.5,  false",
    // Nothing was suspected but unrest.
    "0 0,     0,    false",
    "0 0,     -3,   false",
    // They did grow.
    "1 2,     0.1,  false",
    "1 0,     0.1,  false"
  })
  void no_growth_may_be_chance(String growths, double suspected, boolean expected) {
    assertThat(suspect(growths, OptionalLong.empty()).mayComeRarely(suspected)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "grew {0}, of which {1} by the test, {2} by others: {3} {4}")
  @CsvSource({
    "3,  3, 0, OWN,   LEAKS",
    "3,  2, 1, OWN,   LEAKS",
    // Others gave back what the test left.
    "0,  2, 0, OWN,   LEAKS",
    // 1 is tolerated.
    "3,  1, 2, OTHERS, IS_OTHERS",
    "3,  0, 3, OTHERS, IS_OTHERS",
    "3,  0, 2, OTHERS, IS_OTHERS",
    "3,  0, 1, OTHERS, UNCLEAR",
    "3,  1, 1, OTHERS, UNCLEAR"
  })
  void the_only_run_is_judged_by_who_allocated(
      long grew, long test, long others, Whose origin, Scaling expected) {
    CacheFinding suspect =
        CacheFinding.ofOneRun(
            new CacheGrowth("dentry", 100, 100 + grew, 1, 1, 192),
            new Round(1, test, 0),
            new Round(1, others, 0));

    assertThat(suspect.whose()).isEqualTo(origin);
    assertThat(suspect.scaling()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "by turns {0}, and {1} while nothing ran: {2}")
  @CsvSource({
    // Ten per iteration were found.
    "20 20 20 20,  0 0 0 0, LEAKS",
    "20 10 40 20,  9 4 1 -1, LEAKS",
    // Not each time.
    "20 9 20 20,   0 0 0 0, UNCLEAR",
    "20 20 41 20,  0 0 0 0, UNCLEAR",
    "20 20 20 0,   0 0 0 0, UNCLEAR",
    // Much in between, once.
    "20 20 20 20,  10 0 0 0, UNCLEAR",
    "20 20 20 20,  -10 0 0 0, UNCLEAR",
    "20 20 20 20,  20 0 0 0, UNCLEAR",
    // In between a part of it, which leaves enough for a leak.
    "20 20 20 20,  5 5 5 5, UNCLEAR",
    "20 20 20 20,  14 15 15 15, UNCLEAR",
    "15 20 20 3,   0 3 15 3, UNCLEAR",
    // As much in between.
    "20 20 20 20,  15 15 15 15, GOES_ON_BY_ITSELF",
    "20 20 20 20,  20 20 20 20, GOES_ON_BY_ITSELF",
    "20 20 20 20,  60 0 0 0, GOES_ON_BY_ITSELF",
    // Less than was found, and none in between.
    "5 5 5 5,      0 0 0 0, UNCLEAR",
    "0 0 0 0,      0 0 0 0, GOES_ON_BY_ITSELF"
  })
  void what_the_body_brings_about_comes_when_it_runs(String active, String idle, Scaling expected) {
    CacheFinding suspect =
        CacheFinding.of("filp", Whose.UNBOOKED, rounds(1, "10 20", 0), 0, 1, OptionalLong.empty());
    String[] with = active.split(" ", -1);
    String[] without = idle.split(" ", -1);
    List<OnOff> turns = new ArrayList<>();
    for (int i = 0; i < with.length; i++) {
      turns.add(
          new OnOff(
              new Round(2, Long.parseLong(with[i]), 0),
              new Round(2, Long.parseLong(without[i]), 0)));
    }

    assertThat(suspect.needsTurns()).isTrue();
    assertThat(suspect.after(turns).scaling()).isEqualTo(expected);
    assertThat(suspect.after(turns).turns()).isEqualTo(turns);
    assertThat(suspect.after(turns).needsTurns()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "UNBOOKED, 1 2, true",
    "UNBOOKED, 0 0, false",
    "UNKNOWN, 1 2, true",
    "UNKNOWN, 3 5, true",
    "OWN,   3 5, false"
  })
  void what_others_may_have_done_needs_trials(Whose origin, String growths, boolean expected) {
    assertThat(
            CacheFinding.of("dentry", origin, rounds(1, growths, 0), 0, 1, OptionalLong.empty())
                .needsTurns())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1 1, true", "1 4, true", "1 0, false", "0 0, false", "1 2, false"})
  void another_round_may_show_what_grew_in_the_last_one(String growths, boolean expected) {
    assertThat(suspect(growths, OptionalLong.empty()).mayStillLeak()).isEqualTo(expected);
  }

  @Test
  void the_rate_is_that_of_the_rounds_that_agree() {
    assertThat(suspect("7 2 4", OptionalLong.empty()).perIteration()).isEqualTo(1);
    assertThat(suspect("7 0 0", OptionalLong.empty()).perIteration()).isEqualTo(1);
    assertThat(suspect("3 6", OptionalLong.empty()).perIteration()).isEqualTo(3);
    assertThat(suspect("7 2 4", OptionalLong.empty()).objects()).isEqualTo(13);
  }

  @ParameterizedTest
  @CsvSource({"1 2, true", "2 4, true", "2 5, false", "0 0, false", "1, false", "9 2 4, true"})
  void growth_in_exact_proportion(String growths, boolean exact) {
    assertThat(suspect(growths, OptionalLong.empty()).isExact()).isEqualTo(exact);
  }

  @Test
  void doubtful_growth_is_never_exact() {
    assertThat(
            new CacheFinding(
                    "dentry",
                    Whose.UNKNOWN,
                    rounds(1, "100 200", 1),
                    Scaling.LEAKS,
                    OptionalLong.empty())
                .isExact())
        .isFalse();
  }

  @ParameterizedTest(name = "10 + 20 in the rounds, {0} over the test, {1} since the rerun: {2}")
  @CsvSource({
    // All of it is still there.
    "30, -5, LEAKS",
    "27, -5, LEAKS",
    "500, -5, LEAKS",
    // More was left than the teardown gave back.
    "1,  15, LEAKS",
    "1,  1,  UNCLEAR",
    // The teardown gave back what the body had made.
    "0,  -30, IS_GIVEN_BACK",
    "-4, -30, IS_GIVEN_BACK",
    // Some of it.
    "26, 0,  UNCLEAR",
    "1,  -5, UNCLEAR"
  })
  void the_teardown_may_give_back(long overTest, long sinceRerun, Scaling expected) {
    assertThat(suspect("10 20", OptionalLong.empty()).afterTeardown(overTest, sinceRerun).scaling())
        .isEqualTo(expected);
  }

  @Test
  void what_came_in_turns_must_still_be_there_too() {
    CacheFinding tried =
        new CacheFinding(
            "dentry",
            Whose.UNKNOWN,
            rounds(1, "1 2", 0),
            Scaling.LEAKS,
            OptionalLong.empty(),
            List.of(new OnOff(new Round(8, 8, 0), new Round(8, 0, 0))));

    assertThat(tried.afterTeardown(11, 11).scaling()).isEqualTo(Scaling.LEAKS);
    assertThat(tried.afterTeardown(3, 2).scaling())
        .as("the teardown gave 12 back, and others left 3 meanwhile")
        .isEqualTo(Scaling.UNCLEAR);
  }

  @Test
  void what_does_not_leak_before_the_teardown_does_not_after_it() {
    assertThat(suspect("0 0", OptionalLong.empty()).afterTeardown(30, 30).scaling())
        .isEqualTo(Scaling.DOES_NOT_REPEAT);
  }
}
