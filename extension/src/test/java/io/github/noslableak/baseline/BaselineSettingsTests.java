package io.github.noslableak.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineSettingsTests {

  private static Optional<BaselineSettings> settings(
      Map<String, String> values, Map<String, String> environment) {
    return BaselineSettings.from(
        name -> Optional.ofNullable(values.get(name)),
        name -> Optional.ofNullable(environment.get(name)));
  }

  @Test
  void without_a_file_there_is_no_baseline() {
    assertThat(settings(Map.of(), Map.of())).isEmpty();
    assertThat(settings(Map.of("noslableak.baseline.mode", "update"), Map.of())).isEmpty();
  }

  @Test
  void a_file_is_checked_and_not_created_by_default() {
    assertThat(settings(Map.of("noslableak.baseline", " known.txt "), Map.of()))
        .contains(new BaselineSettings(Path.of("known.txt"), BaselineMode.CHECK, false));
  }

  @ParameterizedTest
  @CsvSource({"check, CHECK", "update, UPDATE", "PRUNE, PRUNE", "' Update ', UPDATE"})
  void modes_have_names(String value, BaselineMode mode) {
    assertThat(
            settings(
                Map.of("noslableak.baseline", "f", "noslableak.baseline.mode", value), Map.of()))
        .hasValueSatisfying(settings -> assertThat(settings.mode()).isEqualTo(mode));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // mode, create, CI, may create
        "update, -, -, true",
        "update, false, -, true",
        "update, true, -, true",
        "update, -, true, false",
        "update, -, 1, false",
        "update, -, '', true",
        "update, -, false, true",
        "update, -, 0, true",
        "update, false, true, false",
        "update, true, true, true",
        "check, true, -, false",
        "check, true, true, false",
        "prune, true, -, false",
      })
  void a_missing_file_is_created_in_mode_update_and_on_a_build_server_only_if_asked_for(
      String mode, String create, String ci, boolean mayCreate) {
    Map<String, String> values =
        create == null
            ? Map.of("noslableak.baseline", "f", "noslableak.baseline.mode", mode)
            : Map.of(
                "noslableak.baseline", "f",
                "noslableak.baseline.mode", mode,
                "noslableak.baseline.create", create);

    assertThat(settings(values, ci == null ? Map.of() : Map.of("CI", ci)))
        .hasValueSatisfying(settings -> assertThat(settings.mayCreate()).isEqualTo(mayCreate));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "create", "ratchet"})
  void other_modes_are_refused(String value) {
    assertThatThrownBy(() -> settings(Map.of("noslableak.baseline.mode", value), Map.of()))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "noslableak.baseline.mode should be check, update or prune, but is \"" + value + "\"");
  }

  @Test
  void other_values_are_refused() {
    assertThatThrownBy(() -> settings(Map.of("noslableak.baseline.create", "yes"), Map.of()))
        .hasMessage("noslableak.baseline.create should be true or false, but is \"yes\"");
    assertThatThrownBy(() -> settings(Map.of("noslableak.baseline", " "), Map.of()))
        .hasMessage("noslableak.baseline should name a file, but is blank");
  }
}
