package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Turns;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTests {

  private static Schedule schedule(int iterations, long first) {
    return new Schedule(iterations, Duration.ofMillis(first), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "1, 1, 2",
    "1, 5, 32",
    "100, 2, 400",
    "2147483647, 0, 1073741823",
    "1000000000, 5, 1073741823",
  })
  void each_round_is_twice_as_long_as_the_one_before(int iterations, int round, int expected) {
    assertThat(new Schedule(iterations).ofRound(round)).isEqualTo(expected);
  }

  /** Of a first run of 10 iterations. */
  @ParameterizedTest
  @CsvSource({
    "1000, 0, 100,     0, 10",
    "1000, 1, 100,  9000, 20",
    "1000, 2, 100,  2900, 40",
    "1000, 2, 100,  3050, 10",
    "9000, 2, 900, 27200, 10",
    "1000, 2, 100,  6500,",
    "1000, 3, 100,  3050,",
    " 100, 2,  10,   320, 40",
    " 100, 3,  10,   740, 80",
    " 100, 5,  10,  3200,",
    "   0, 5,   0,  2900, 320",
  })
  void all_rounds_take_four_times_the_first_run_and_three_seconds(
      long first, int round, long each, long spent, Integer expected) {
    OptionalInt next =
        schedule(10, first)
            .next(
                round,
                Duration.ofMillis(each),
                Duration.ofMillis(30),
                Duration.ofMillis(spent),
                false);

    assertThat(next).isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
  }

  @Test
  void two_rounds_are_three_times_the_first_run() {
    assertThat(new Schedule(10).untilTwoRounds(0)).isEqualTo(30);
    assertThat(new Schedule(10).untilTwoRounds(1)).as("the second alone").isEqualTo(20);
  }

  /** A first run of 10 iterations of 100 ms, and 3 s that both rounds took. */
  @ParameterizedTest
  @CsvSource({"2900, false, 40", "2900, true, 10", "1900, true, 40"})
  void a_longer_round_leaves_time_for_a_quarter_as_long_a_pause(
      long spent, boolean pausing, int expected) {
    assertThat(
            schedule(10, 1000)
                .next(
                    2,
                    Duration.ofMillis(100),
                    Duration.ofMillis(30),
                    Duration.ofMillis(spent),
                    pausing))
        .hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // Four turns of as many iterations as the last round had, or as are needed.
    "8, 8, 2, 16, 10, 2000, 16",
    "8, 8, 2,  4, 10, 2000, 8",
    // As many as fit four times, or twice.
    "8, 8, 2, 16, 10, 1200, 13",
    "8, 8, 2, 16, 10,  700, 15",
    "8, 8, 2, 16, 10,  300,",
    "8, 4, 1, 16, 10, 1200, 13",
    // In exact proportion, one turn where there is no time for two.
    "8, 4, 1,  2, 10,  390, 8",
    "8, 4, 1, 16, 10,  390, 8",
    "8, 4, 1,  2, 10,  150, 5",
    "8, 4, 1,  2, 10,  110,",
    "8, 4, 1,  2, 10,  -50,",
    "8, 4, 1,  2,  0,  100, 8",
  })
  void a_turn_has_as_many_iterations_as_it_should_where_there_is_time(
      int wanted, int least, int enough, int last, long each, long time, Integer expected) {
    OptionalInt turn =
        Schedule.turn(
            new Turns(wanted, least, enough),
            last,
            Duration.ofMillis(each),
            Duration.ofMillis(20),
            Duration.ofMillis(time));

    assertThat(turn).isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
  }

  @Test
  void turns_take_what_is_left_or_what_they_are_allowed() {
    Duration spent = Duration.ofMillis(3100);
    Duration onTurns = Duration.ofMillis(100);

    assertThat(schedule(1, 1000).forTurns(spent, onTurns)).hasMillis(3900);
    assertThat(
            new Schedule(1, Duration.ofSeconds(1), Optional.of(Duration.ofMinutes(1)))
                .forTurns(spent, onTurns))
        .hasMillis(59_900);
  }

  @Test
  void counting_that_takes_long_is_no_part_of_the_time() {
    assertThat(Schedule.counting(Duration.ofMillis(30))).hasMillis(30);
    assertThat(Schedule.counting(Duration.ofMillis(1400))).hasMillis(250);
  }

  /** After a first run of a second. */
  @ParameterizedTest
  @CsvSource({
    "7, 0, 7",
    "6000, 1000, 5970",
    "4000, 4000, 2970",
    "4000, 6000, 1000",
    "40, 9000, 10"
  })
  void nothing_runs_for_as_long_as_a_round_or_what_is_left_or_a_quarter_as_long(
      long round, long spent, long expected) {
    assertThat(
            schedule(1, 1000)
                .idle(Duration.ofMillis(round), Duration.ofMillis(30), Duration.ofMillis(spent)))
        .hasMillis(expected);
  }

  @Test
  void a_round_takes_the_body_and_counting_twice() {
    assertThat(Schedule.estimate(Duration.ofSeconds(1), Duration.ofMillis(100)))
        .isEqualTo(Duration.ofMillis(1200));
  }

  @ParameterizedTest
  @CsvSource({"1000, 5000, true", "1000, 5900, true", "1000, 5910, false", "2000, 5000, false"})
  void a_round_is_repeated_where_there_is_time(long round, long spent, boolean expected) {
    Schedule schedule = schedule(1, 1000);

    assertThat(
            schedule.mayRepeat(
                Duration.ofMillis(round), Duration.ofMillis(100), Duration.ofMillis(spent)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2000, 60",
    "5, 2000, 60",
    "120, 2000, 120",
    "9000, 2000, 250",
    "120, 80, 80",
    "9, 30, 30"
  })
  void what_goes_away_late_is_waited_for_as_long_as_the_body_ran(
      long first, long linger, long expected) {
    assertThat(Schedule.patience(Duration.ofMillis(first), Duration.ofMillis(linger)))
        .isEqualTo(Duration.ofMillis(expected));
  }
}
