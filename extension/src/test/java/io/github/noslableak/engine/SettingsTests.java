package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.engine.Settings.Inconclusive;
import io.github.noslableak.engine.Settings.Message;
import io.github.noslableak.engine.Settings.Unmeasurable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTests {

  private static Settings settings(Map<String, String> values) {
    return Settings.from(name -> Optional.ofNullable(values.get(name)));
  }

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new Settings(
                Unmeasurable.ABORT,
                Duration.ofSeconds(2),
                Duration.ofMinutes(10),
                Inconclusive.FAIL,
                OptionalDouble.empty(),
                Duration.ofMinutes(2),
                Optional.empty(),
                Following.CONFIRM,
                8 * 1024,
                false,
                Message.BRIEF));
  }

  @Test
  void each_setting_has_its_name() {
    assertThat(
            settings(
                Map.ofEntries(
                    Map.entry("noslableak.unmeasurable", "fail"),
                    Map.entry("noslableak.linger", "500 ms"),
                    Map.entry("noslableak.lock.timeout", "1 min"),
                    Map.entry("noslableak.inconclusive", "pass"),
                    Map.entry("noslableak.sensitivity", "0.25"),
                    Map.entry("noslableak.attribution", "never"),
                    Map.entry("noslableak.attribution.java", "true"),
                    Map.entry("noslableak.trace.buffer", "1024"),
                    Map.entry("noslableak.confirm.limit", "20 s"),
                    Map.entry("noslableak.confirm.turns", "9 s"),
                    Map.entry("noslableak.message", "full"))))
        .isEqualTo(
            new Settings(
                Unmeasurable.FAIL,
                Duration.ofMillis(500),
                Duration.ofMinutes(1),
                Inconclusive.PASS,
                OptionalDouble.of(0.25),
                Duration.ofSeconds(20),
                Optional.of(Duration.ofSeconds(9)),
                Following.NEVER,
                1024,
                true,
                Message.FULL));
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0ms, PT0S",
    "7, PT7S",
    "7s, PT7S",
    "7 s, PT7S",
    "' 7 s ', PT7S",
    "1500ms, PT1.5S",
    "1500 ms, PT1.5S",
    "2m, PT2M",
    "2min, PT2M",
    "2 min, PT2M",
    "007 s, PT7S",
    "99999999, PT99999999S"
  })
  void times_that_are_read(String value, Duration expected) {
    assertThat(settings(Map.of("noslableak.linger", value)).linger()).isEqualTo(expected);
    assertThat(settings(Map.of("noslableak.lock.timeout", value)).lockTimeout())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "-1",
        "-1 s",
        "+1 s",
        "1.5 s",
        "1,5 s",
        "2  s",
        "2 S",
        "2 h",
        "2 sec",
        "PT2S",
        "two",
        "1 s 2 ms",
        "10000000000",
        "\u0662"
      })
  void times_that_are_refused(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.linger", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noslableak.linger should be a time such as 500 ms, 2 s or 1 min, but is \""
                + value
                + "\"");
    assertThatThrownBy(() -> settings(Map.of("noslableak.lock.timeout", value)))
        .hasMessageStartingWith("noslableak.lock.timeout should be a time");
  }

  /** A linger of more nanoseconds than a long holds would break the measurement at its end. */
  @ParameterizedTest
  @ValueSource(strings = {"99999999 min", "99999999 s", "99999999 ms"})
  void the_longest_time_that_is_read_can_be_waited_for(String value) {
    assertThat(settings(Map.of("noslableak.linger", value)).linger().toNanos()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999 min", "999999999"})
  void longer_times_are_refused(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.linger", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"abort, ABORT", "fail, FAIL", "FAIL, FAIL", "' Abort ', ABORT"})
  void what_becomes_of_a_test_that_cannot_be_measured(String value, Unmeasurable expected) {
    assertThat(settings(Map.of("noslableak.unmeasurable", value)).unmeasurable())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "skip", "true", "failed"})
  void anything_else_is_refused(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.unmeasurable", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("noslableak.unmeasurable should be abort or fail, but is \"" + value + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0.0", "-1", "1e3", "NaN", "many", "1,5"})
  void a_sensitivity_is_a_positive_number(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.sensitivity", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noslableak.sensitivity should be a number of objects per iteration above 0, such as 0.1,"
                + " but is \""
                + value
                + "\"");
  }

  @ParameterizedTest
  @CsvSource({"default, CONFIRM", "confirm, CONFIRM", "Always, ALWAYS", "' never ', NEVER"})
  void when_allocations_are_followed(String value, Following expected) {
    assertThat(settings(Map.of("noslableak.attribution", value)).following()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no", "true"})
  void other_words_for_when_allocations_are_followed_are_refused(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.attribution", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noslableak.attribution should be default or confirm or always or never, but is \""
                + value
                + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "63", "1048577", "-64", "64 KiB", "99999999"})
  void a_trace_buffer_has_its_bounds(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.trace.buffer", value)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noslableak.trace.buffer should be a number of KiB per processor from 64 to 1048576,"
                + " but is \""
                + value
                + "\"");
  }

  @Test
  void without_JUnit_settings_are_system_properties() {
    String before = System.setProperty("noslableak.linger", "3 s");
    try {
      assertThat(Settings.fromSystemProperties().linger()).isEqualTo(Duration.ofSeconds(3));
    } finally {
      if (before == null) {
        System.clearProperty("noslableak.linger");
      } else {
        System.setProperty("noslableak.linger", before);
      }
    }
  }
}
