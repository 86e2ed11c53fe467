package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnjudgedTests {

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "30, 0, 62", "62, 0, 62", "5, 2, 3"})
  void growth_within_the_unrest_is_not_judged(long growth, long tolerance, long spread) {
    assertThat(Unjudged.ifUnrest("dentry", growth, tolerance, spread)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0", "63, 0, 62", "0, 0, 62", "-3, 0, 62", "2, 2, 62", "6, 2, 3"})
  void growth_beyond_it_and_what_is_tolerated_are(long growth, long tolerance, long spread) {
    assertThat(Unjudged.ifUnrest("dentry", growth, tolerance, spread)).isEmpty();
  }

  @Test
  void the_reason_gives_both_numbers() {
    assertThat(Unjudged.ifUnrest("dentry", 1_030, 0, 2_000))
        .contains(
            new Unjudged(
                "dentry",
                "gained 1,030 objects, but moved by 2,000 before the test began: something else is"
                    + " busy on this machine"));
  }
}
