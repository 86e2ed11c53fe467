package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTextTests {

  @Test
  void why_a_leak_fails_although_there_is_a_baseline() {
    assertThat(
            BaselineText.notKnown(
                    List.of("dentry", "filp"),
                    List.of(new BaselineText.Known("sock_inode_cache", "1.00", "2026-03-01")),
                    "noslableak.baseline.mode=update")
                .addedTo("The report"))
        .isEqualTo(
            """
            The report

            Baseline
              dentry: not known, or more than the baseline knows
              filp: not known, or more than the baseline knows
              sock_inode_cache: known, up to 1.00 per iteration since 2026-03-01
              To record what leaks today, run once with noslableak.baseline.mode=update""");
  }

  @Test
  void why_a_test_whose_leaks_are_known_does_not_pass() {
    assertThat(BaselineText.unclearBesides().addedTo("The report"))
        .isEqualTo(
            """
            The report

            Baseline
              All that leaks is known, but what is unclear above may be a leak that is not.""");
  }

  @Test
  void a_section_without_lines_is_not_seen() {
    assertThat(new Section("Baseline", List.of()).addedTo("The report")).isEqualTo("The report");
  }
}
