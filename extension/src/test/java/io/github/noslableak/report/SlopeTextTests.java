package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Slope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlopeTextTests {

  @Test
  void what_changed_and_was_sampled_is_told() {
    Slope slope = new Slope(0.5, 0.25, 0.75);

    assertThat(
            SlopeText.lines(
                List.of(
                    growth("dentry", 10, 5, 10, 192),
                    growth("filp", 10, 0, 10, 192),
                    growth("TCP", 10, 5, 10, 192)),
                Map.of("dentry", slope, "filp", slope)))
        .containsExactly(
            "dentry grew by 0.5000 per iteration from sample to sample, with 95 % confidence between"
                + " 0.2500 and 0.7500");
  }
}
