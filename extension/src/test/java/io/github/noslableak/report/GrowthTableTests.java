package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthTableTests {

  @Test
  void one_unchanged_cache_is_singular_and_none_is_not_spoken_of() {
    assertThat(leak(growth("dentry", 0, 1, 1, 192), growth("filp", 5, 0, 1, 192)).text())
        .contains("\n  1 other watched cache did not change\n");
    assertThat(leak(growth("dentry", 0, 1, 1, 192)).text()).doesNotContain("did not change");
  }

  @Test
  void a_rate_that_rounds_to_nothing_is_not_written_as_nothing() {
    assertThat(leak(growth("dentry", 100, 3, 1_000, 192)).text())
        .contains("< 0.01")
        .doesNotContain("0.00");
  }
}
