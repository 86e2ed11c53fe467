package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTests {

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "dentry, dentry, 0",
    "dentri, dentry, 1",
    "dentr, dentry, 1",
    "dentryy, dentry, 1",
    "dnetry, dentry, 2",
    "kitten, sitting, 3",
    "filp, TCP, 4"
  })
  void letters_added_dropped_and_changed_are_counted(String a, String b, int distance) {
    assertThat(EditDistance.of(a, b)).isEqualTo(distance);
    assertThat(EditDistance.of(b, a)).isEqualTo(distance);
  }
}
