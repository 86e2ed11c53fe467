package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTests {

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
        new Schedule(10, Duration.ofMillis(first))
            .next(round, Duration.ofMillis(each), Duration.ofMillis(30), Duration.ofMillis(spent));

    assertThat(next).isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
  }

  @Test
  void two_rounds_are_three_times_the_first_run() {
    assertThat(new Schedule(10).untilTwoRounds(0)).isEqualTo(30);
    assertThat(new Schedule(10).untilTwoRounds(1)).as("the second alone").isEqualTo(20);
  }

  @Test
  void a_turn_is_at_least_as_long_as_the_last_round() {
    assertThat(Schedule.times(32, 3)).isEqualTo(96);
    assertThat(Schedule.times(32, 0)).isEqualTo(32);
    assertThat(Schedule.times(1 << 30, 8)).isEqualTo(1073741823);
  }

  @Test
  void nothing_runs_for_as_long_as_the_body_but_no_more_than_some_seconds() {
    assertThat(Schedule.idle(Duration.ofMillis(7))).isEqualTo(Duration.ofMillis(7));
    assertThat(Schedule.idle(Duration.ofMinutes(7))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_round_takes_the_body_and_counting_twice() {
    assertThat(Schedule.estimate(Duration.ofSeconds(1), Duration.ofMillis(100)))
        .isEqualTo(Duration.ofMillis(1200));
  }

  @ParameterizedTest
  @CsvSource({"1000, 5000, true", "1000, 5900, true", "1000, 5910, false", "2000, 5000, false"})
  void a_round_is_repeated_where_there_is_time(long round, long spent, boolean expected) {
    Schedule schedule = new Schedule(1, Duration.ofSeconds(1));

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
