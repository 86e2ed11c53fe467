package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Sensitivity;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensitivityTextTests {

  @Test
  void what_all_caches_have_in_common() {
    assertThat(
            SensitivityText.lines(
                List.of(new Sensitivity("dentry", 0.01), new Sensitivity("filp", 0.01)), false))
        .containsExactly("A leak of 0.01 objects per iteration of each watched cache.");
  }

  @Test
  void the_exceptions_are_named() {
    assertThat(
            SensitivityText.lines(
                List.of(
                    new Sensitivity("dentry", 0.01),
                    new Sensitivity("TCP", 1.5),
                    new Sensitivity("filp", 0.01),
                    new Sensitivity("UDP", 1.5),
                    new Sensitivity("RAW", 0.2),
                    new Sensitivity("PING", 0.01)),
                false))
        .containsExactly(
            "A leak of 0.01 objects per iteration of each watched cache, but 0.20 of RAW; 1.50 of TCP,"
                + " UDP.");
  }

  @Test
  void what_one_run_cannot_see_is_told() {
    assertThat(SensitivityText.lines(List.of(new Sensitivity("filp", 1)), true))
        .containsExactly(
            "A leak of 1.00 objects per iteration of each watched cache.",
            "The body ran once: what it takes out of a pool that an earlier test filled,"
                + " iterations = 2 shows.");
  }

  @Test
  void nothing_was_judged() {
    assertThat(SensitivityText.lines(List.of(), true)).isEmpty();
  }
}
