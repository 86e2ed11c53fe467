package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.engine.Outcome;
import io.github.noslableak.report.BaselineText;
import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlabGrowthTests {

  private static SlabGrowth growth(Scaling ofDentry, boolean inconclusiveFails) {
    Confirmation confirmation =
        new Confirmation(
            List.of(suspect("filp", Scaling.LEAKS), suspect("dentry", ofDentry)),
            Optional.empty(),
            true);
    return SlabGrowth.of(
        new Outcome.OfOne(
            Verdict.of(
                List.of(
                    new CacheGrowth("filp", 10, 15, 0, 1, 256),
                    new CacheGrowth("dentry", 10, 11, 0, 1, 192)),
                confirmation),
            confirmation,
            Map.of(),
            inconclusiveFails,
            "report",
            "brief"));
  }

  private static CacheFinding suspect(String cache, Scaling scaling) {
    return new CacheFinding(
        cache,
        Whose.OWN,
        List.of(new Round(1, 5, 0), new Round(2, 10, 0)),
        scaling,
        OptionalLong.empty());
  }

  @Test
  void a_known_leak_passes() {
    SlabGrowth known = growth(Scaling.DOES_NOT_REPEAT, true).withLeaksKnown();

    known.throwFinding();
    assertThat(known.isLeak()).isFalse();
    assertThat(known.report()).isEqualTo("report");
  }

  @Test
  void a_known_leak_does_not_cover_what_is_unclear_in_another_cache() {
    assertThatThrownBy(() -> growth(Scaling.UNCLEAR, true).withLeaksKnown().throwFinding())
        .isInstanceOf(SlabInconclusiveError.class)
        .hasMessageContaining("All that leaks is known, but what is unclear above may be a leak");

    growth(Scaling.UNCLEAR, false).withLeaksKnown().throwFinding();
  }

  @Test
  void a_leak_is_a_leak_whatever_else_is_unclear() {
    assertThatThrownBy(() -> growth(Scaling.UNCLEAR, true).throwFinding())
        .isInstanceOf(SlabLeakError.class);
  }

  @Test
  void an_error_says_all_where_there_is_no_file_with_it() {
    assertThatThrownBy(() -> growth(Scaling.LEAKS, true).throwFinding())
        .isInstanceOf(SlabLeakError.class)
        .hasMessage("report");
  }

  @Test
  void an_error_says_in_brief_what_a_file_says_and_names_it() {
    Optional<Path> file = Optional.of(Path.of("target/noslableak.txt"));

    assertThatThrownBy(() -> growth(Scaling.LEAKS, true).throwFinding(file))
        .isInstanceOf(SlabLeakError.class)
        .hasMessage("brief\n\nThe whole report: target/noslableak.txt");
    assertThatThrownBy(() -> SlabGrowth.unjudged("why not", true).throwFinding(file))
        .as("of which there is no more to say")
        .hasMessage("why not");
  }

  @Test
  void what_is_added_to_a_report_is_added_to_both() {
    SlabGrowth growth = growth(Scaling.LEAKS, true).with(BaselineText.unclearBesides());

    assertThat(growth.report()).startsWith("report\n\nBaseline\n");
    assertThatThrownBy(() -> growth.throwFinding(Optional.of(Path.of("f"))))
        .hasMessageStartingWith("brief\n\nBaseline\n");
  }
}
