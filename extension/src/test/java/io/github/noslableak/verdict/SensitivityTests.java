package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitivityTests {

  @ParameterizedTest
  @CsvSource({"0, 0, 1, 1", "0, 0, 100, 0.01", "2, 0, 1, 3", "2, 7, 10, 1"})
  void one_object_more_than_is_tolerated_or_noise(
      long tolerance, long unrest, int iterations, double expected) {
    assertThat(Sensitivity.of("dentry", tolerance, unrest, iterations))
        .isEqualTo(new Sensitivity("dentry", expected));
  }

  private static Confirmation confirmation(Scaling scaling, boolean followed) {
    return new Confirmation(
        List.of(
            new CacheFinding(
                "dentry",
                Whose.OWN,
                List.of(new Round(1, 0, 0), new Round(2, 0, 0)),
                scaling,
                OptionalLong.empty())),
        Optional.empty(),
        followed);
  }

  private static double of(CacheGrowth growth, Confirmation confirmation) {
    return Sensitivity.of(growth, confirmation).perIteration();
  }

  @Test
  void what_others_do_hides_nothing_where_each_allocation_was_followed() {
    CacheGrowth restless = new CacheGrowth("dentry", 100, 100, 1, 1, 192, 7);

    assertThat(of(restless, confirmation(Scaling.DOES_NOT_REPEAT, true))).isEqualTo(2);
    assertThat(of(restless, confirmation(Scaling.DOES_NOT_REPEAT, false))).isEqualTo(9);
    assertThat(of(restless, confirmation(Scaling.UNCLEAR, true))).isEqualTo(9);
    assertThat(of(restless, Confirmation.unneeded())).isEqualTo(9);
  }

  @Test
  void what_was_given_back_may_have_hidden_as_much() {
    assertThat(of(new CacheGrowth("dentry", 100, 97, 0, 1, 192), Confirmation.unneeded()))
        .isEqualTo(4);
    assertThat(of(new CacheGrowth("dentry", 100, 103, 0, 1, 192), Confirmation.unneeded()))
        .isEqualTo(1);
    assertThat(of(new CacheGrowth("dentry", 100, 97, 0, 1, 192, 5), Confirmation.unneeded()))
        .isEqualTo(6);
  }
}
