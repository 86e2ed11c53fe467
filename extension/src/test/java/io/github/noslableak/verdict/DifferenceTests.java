package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTests {

  private static List<Round> rounds(String objects) {
    List<Round> rounds = new ArrayList<>();
    for (String one : objects.split(" ", -1)) {
      rounds.add(new Round(1 << rounds.size(), Long.parseLong(one), 0));
    }
    return rounds;
  }

  @ParameterizedTest(name = "{0} with the control, {1} with the treatment: {2}")
  @CsvSource({
    "0 0,   1 2,    LEAKS",
    "1 2,   2 4,    LEAKS",
    "1 2,   1 2,    DOES_NOT_REPEAT",
    "5 9,   0 0,    DOES_NOT_REPEAT",
    "0 0,   1 0,    UNCLEAR",
    "0,     1,      UNCLEAR"
  })
  void the_test_s_own(String control, String treatment, Scaling expected) {
    assertThat(Difference.of("dentry", Whose.OWN, rounds(control), rounds(treatment), 0).scaling())
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} with the control, {1} with the treatment: {2}")
  @CsvSource({
    // Few, but in exact proportion and again and again.
    "0 0 0, 1 2 4,    LEAKS",
    "0 0,   1 2,      UNCLEAR",
    "0 0 0, 1 2 3,    DOES_NOT_SCALE",
    "0 0,   3 5,      DOES_NOT_SCALE",
    // Many.
    "0 0,   9 20,     LEAKS",
    "2 3,   20 40,    LEAKS",
    // No more than twice as many as with the control.
    "10 20, 20 40,    UNCLEAR",
    "0 9,   9 18,     UNCLEAR",
    "10 20 40, 20 40 80, DOES_NOT_REPEAT",
    // Whatever else they do.
    "0 0,   0 0,      DOES_NOT_REPEAT",
    "0 0,   1 0,      UNCLEAR",
    "5 0,   0 7,      UNCLEAR",
    "0 0 0, 1 0 1,    DOES_NOT_REPEAT",
    "5 0 0, 0 7 1,    DOES_NOT_REPEAT"
  })
  void other_processes_have_reasons_of_their_own(
      String control, String treatment, Scaling expected) {
    assertThat(
            Difference.of("dentry", Whose.UNBOOKED, rounds(control), rounds(treatment), 0)
                .scaling())
        .isEqualTo(expected);
  }

  @Test
  void a_tolerance_goes_with_the_iterations() {
    assertThat(Difference.of("dentry", Whose.OWN, rounds("0 0"), rounds("2 4"), 2).leaks())
        .isFalse();
    assertThat(Difference.of("dentry", Whose.OWN, rounds("0 0"), rounds("3 6"), 2).leaks())
        .isTrue();
  }

  @Test
  void what_is_clear_is_not_open() {
    assertThat(Difference.of("dentry", Whose.OWN, rounds("0 0"), rounds("1 2"), 0).isUndecided())
        .isFalse();
    assertThat(Difference.of("dentry", Whose.OWN, List.of(), List.of(), 0).lastRound()).isZero();
  }

  @Test
  void doubts_add_up() {
    Difference doubtful =
        Difference.of(
            "dentry",
            Whose.UNKNOWN,
            List.of(new Round(1, 0, 3), new Round(2, 0, 3)),
            List.of(new Round(1, 5, 2), new Round(2, 10, 3)),
            0);

    assertThat(doubtful.leaks()).isFalse();
  }

  @Test
  void rates_and_the_last_round() {
    Difference difference =
        Difference.of("dentry", Whose.OWN, rounds("9 1 2"), rounds("20 3 9"), 0);

    assertThat(difference.controlPerIteration()).isEqualTo(0.5);
    assertThat(difference.treatmentPerIteration()).isEqualTo(2);
    assertThat(difference.lastRound()).isEqualTo(7);
    assertThat(difference.unclear().isUndecided()).isTrue();
    assertThat(difference.unclear().treatment()).isEqualTo(difference.treatment());
  }

  @Test
  void rounds_go_in_pairs() {
    assertThatThrownBy(() -> Difference.of("dentry", Whose.OWN, rounds("1 2"), rounds("1"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 rounds of control, 1 of treatment");
    assertThatThrownBy(
            () -> Difference.of("dentry", Whose.OWN, rounds("1"), List.of(new Round(3, 1, 0)), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 iterations of control, 3 of treatment");
  }
}
