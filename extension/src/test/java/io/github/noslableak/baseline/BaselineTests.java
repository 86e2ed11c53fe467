package io.github.noslableak.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTests {

  private static final String TEST = "io.example.RelayTests#copies(java.nio.file.Path)";
  private static final String LINE =
      TEST + " | sock_inode_cache | 1.00 | 2026-11-24 | ABC-123 relay forgets its socket";

  private static Baseline parse(String... lines) {
    return Baseline.parse(List.of(lines));
  }

  private static Baseline known(double perIteration) {
    return Baseline.parse(
        List.of(
            BaselineLine.render(
                new KnownLeak(TEST, "dentry", perIteration, "2026-11-24", "ABC-123"))));
  }

  private static List<String> rates(Baseline baseline) {
    return baseline.leaks().stream().map(leak -> Rate.of(leak.perIteration()).toString()).toList();
  }

  @Nested
  class Lines {

    @Test
    void a_line_is_read() {
      assertThat(parse(LINE).leaks())
          .containsExactly(
              new KnownLeak(
                  TEST, "sock_inode_cache", 1, "2026-11-24", "ABC-123 relay forgets its socket"));
    }

    @Test
    void a_line_is_written_as_it_is_read() {
      assertThat(parse(LINE).render()).containsExactly(LINE);
    }

    @Test
    void a_note_may_be_missing_or_empty() {
      String line = "a.B#c() | dentry | 0.25 | 2026-11-24";
      assertThat(parse(line).render()).containsExactly(line);
      assertThat(parse(line + " | ").render()).containsExactly(line);
    }

    @Test
    void a_note_is_the_rest_of_the_line_as_it_stands() {
      String line = "a.B#c() | dentry | 0.25 | 2026-11-24 | a | b \\ c \\n # d";
      assertThat(parse(line).leaks().get(0).note()).isEqualTo("a | b \\ c \\n # d");
      assertThat(parse(line).render()).containsExactly(line);
    }

    @Test
    void what_a_hand_aligned_is_read() {
      assertThat(parse("  a.B#c()|dentry   |  1|2026-11-24  ").render())
          .containsExactly("a.B#c() | dentry | 1.00 | 2026-11-24");
    }

    @Test
    void what_would_break_a_line_is_escaped() {
      KnownLeak leak =
          new KnownLeak("#a.B#c(|)[\\]\n\t\u2028 ", " dentry|", 1, "2026-11-24", "note");
      String line = BaselineLine.render(leak);

      assertThat(line)
          .isEqualTo(
              "\\#a.B#c(\\|)[\\\\]\\n\\u0009\\u2028\\u0020 | \\u0020dentry\\| | 1.00 | 2026-11-24"
                  + " | note");
      assertThat(BaselineLine.parse(line)).isEqualTo(leak);
    }

    @Test
    void letters_of_all_scripts_stay_readable() {
      String line = "a.B#größer(\u6e2c\u8a66)[\ud83d\ude00] | dentry | 1.00 | 2026-11-24";
      assertThat(parse(line).render()).containsExactly(line);
    }

    @Test
    void half_a_character_survives() {
      KnownLeak leak = new KnownLeak("a\ud83d", "b", 1, "2026-11-24", "");
      assertThat(BaselineLine.render(leak)).startsWith("a\\ud83d | b");
      assertThat(BaselineLine.parse(BaselineLine.render(leak))).isEqualTo(leak);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "nonsense; should be: test | cache | objects per iteration | since | note",
          "a | b | 1.00; should be: test | cache | objects per iteration | since | note",
          "<<<<<<< HEAD; an unresolved merge conflict: leave each test and cache once",
          "=======; an unresolved merge conflict: leave each test and cache once",
          ">>>>>>> topic; an unresolved merge conflict: leave each test and cache once",
          "| b | 1.00 | 2026-11-24; the test is missing",
          "a | | 1.00 | 2026-11-24; the cache is missing",
          "a | b | 0 | 2026-11-24; the rate should be more than 0",
          "a | b | 0.0000 | 2026-11-24; the rate should be more than 0",
          "a | b | 1.00 | 24.11.2026;"
              + " the day should be of the form 2026-11-24, but is \"24.11.2026\"",
          "a | b | 1.00 | 2026-13-24;"
              + " the day should be of the form 2026-11-24, but is \"2026-13-24\"",
          "a\\x | b | 1.00 | 2026-11-24; a backslash should stand before \\, |, #, n or u and four"
              + " hexadecimal digits: \"a\\x\"",
          "a\\u00g0 | b | 1.00 | 2026-11-24; a backslash should stand before \\, |, #, n or u and"
              + " four hexadecimal digits: \"a\\u00g0\"",
        })
    void other_lines_are_refused_with_the_reason(String line, String reason) {
      BaselineSyntaxException refused =
          catchThrowableOfType(BaselineSyntaxException.class, () -> parse("# header", "", line));

      assertThat(refused).hasMessage(reason);
      assertThat(refused.line()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "-1",
          "+1",
          "1.",
          ".5",
          "1,5",
          "1e3",
          "1.00000",
          "100000000",
          "NaN",
          "\u0661"
        })
    void other_rates_are_refused(String rate) {
      assertThatThrownBy(() -> parse("a | b | " + rate + " | 2026-11-24"))
          .isExactlyInstanceOf(BaselineSyntaxException.class)
          .hasMessage(
              "the rate should be a number of objects per iteration with at most four decimals,"
                  + " such as 1.00, but is \""
                  + rate
                  + "\"");
    }

    @Test
    void a_control_character_in_a_note_is_refused() {
      for (String note : List.of("a\tb", "a\nb", "a\rb", "a\u2028b", "a\u0000b")) {
        assertThatThrownBy(() -> new KnownLeak("a", "b", 1, "2026-11-24", note))
            .hasMessage("the note contains a line break, tab or control character");
      }
    }

    @Test
    void a_leak_that_is_named_twice_is_refused() {
      BaselineSyntaxException refused =
          catchThrowableOfType(
              BaselineSyntaxException.class,
              () -> parse("# header", LINE, "", LINE.replace("1.00", "2.00")));

      assertThat(refused).hasMessage("names the test and cache of line 2 again: leave one of them");
      assertThat(refused.line()).isEqualTo(4);
    }
  }

  @Nested
  class Files {

    @Test
    void an_empty_baseline_explains_itself() {
      assertThat(Baseline.empty().render())
          .first()
          .asString()
          .startsWith("# Known slab leaks: each passes up to its recorded rate");
      assertThat(Baseline.empty().render()).last().isEqualTo("");
      assertThat(Baseline.parse(Baseline.empty().render())).isEqualTo(Baseline.empty());
    }

    @Test
    void a_file_without_a_line_is_an_empty_baseline() {
      assertThat(parse().leaks()).isEmpty();
      assertThat(parse().render()).isEmpty();
    }

    @Test
    void lines_are_sorted_by_test_and_cache() {
      assertThat(
              parse(
                      "b | dentry | 1.00 | 2026-11-24",
                      "a | filp | 1.00 | 2026-11-24",
                      "a | dentry | 1.00 | 2026-11-24")
                  .render())
          .containsExactly(
              "a | dentry | 1.00 | 2026-11-24",
              "a | filp | 1.00 | 2026-11-24",
              "b | dentry | 1.00 | 2026-11-24");
    }

    @Test
    void comments_stay_with_the_line_below_and_the_header_on_top() {
      assertThat(
              parse(
                      "# header",
                      "",
                      "  # of b ",
                      "b | dentry | 1.00 | 2026-11-24",
                      "",
                      "# of a",
                      "a | dentry | 1.00 | 2026-11-24",
                      "# end")
                  .render())
          .containsExactly(
              "# header",
              "",
              "",
              "# of a",
              "a | dentry | 1.00 | 2026-11-24",
              "  # of b ",
              "b | dentry | 1.00 | 2026-11-24",
              "# end");
    }

    @Test
    void comments_without_a_blank_line_are_the_header() {
      assertThat(
              parse("# 1", "# 2", "b | dentry | 1.00 | 2026-11-24")
                  .with(List.of(ObservedRate.exactly("a", "dentry", 1)), "2026-11-25")
                  .render())
          .containsExactly(
              "# 1", "# 2", "a | dentry | 1.00 | 2026-11-25", "b | dentry | 1.00 | 2026-11-24");
    }

    @Test
    void the_header_outlives_the_last_leak() {
      Baseline none = parse("# header", "", LINE, "# end").prune(test -> false);

      assertThat(none.render()).containsExactly("# header", "", "# end");
      assertThat(none.leaks()).isEmpty();
    }

    @Test
    void baselines_of_the_same_text_are_equal() {
      assertThat(parse(LINE)).isEqualTo(parse(LINE)).hasSameHashCodeAs(parse(LINE));
      assertThat(parse(LINE)).isNotEqualTo(parse("# header", LINE)).isNotEqualTo(LINE);
      assertThat(parse(LINE)).hasToString("Baseline" + parse(LINE).leaks());
    }
  }

  @Nested
  class Rates {

    @ParameterizedTest
    @CsvSource({
      "1, 1.00",
      "0.5, 0.50",
      "0.25, 0.25",
      "0.125, 0.125",
      "0.3333333333333333, 0.3334",
      "0.01, 0.01",
      "0.0001, 0.0001",
      "0.00001, 0.0001",
      "1e-300, 0.0001",
      "1.1, 1.10",
      "0.29, 0.29",
      "1234567.0002, 1234567.0002",
      "99999999.9999, 99999999.9999",
    })
    void are_rounded_up_to_four_decimals_and_never_to_0(double rate, String written) {
      assertThat(Rate.of(rate)).hasToString(written);
      assertThat(Rate.parse(written)).isEqualTo(Rate.of(rate));
      assertThat(Rate.of(Rate.parse(written).value())).isEqualTo(Rate.parse(written));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-9, 1e8, Double.NaN, Double.POSITIVE_INFINITY})
    void outside_of_what_can_be_are_refused(double rate) {
      assertThatThrownBy(() -> Rate.of(rate))
          .hasMessage("a rate should be 0 or more and less than a hundred million, but is " + rate);
    }

    @Test
    void a_quotient_of_counts_is_written_exactly() {
      for (int iterations : new int[] {1, 10, 100, 1_000, 10_000}) {
        for (int objects = 0; objects <= 20_000; objects++) {
          assertThat(Rate.of((double) objects / iterations).tenThousandths())
              .isEqualTo(objects * (10_000L / iterations));
        }
      }
    }

    @Test
    void a_known_leak_passes_up_to_its_rate() {
      Baseline baseline = known(1.5);

      assertThat(baseline.covers(TEST, "dentry", 0)).isTrue();
      assertThat(baseline.covers(TEST, "dentry", 1.5)).isTrue();
      assertThat(baseline.covers(TEST, "dentry", 1.50001)).isFalse();
      assertThat(baseline.covers(TEST, "filp", 1)).isFalse();
      assertThat(baseline.covers("other", "dentry", 1)).isFalse();
    }

    @Test
    void what_was_recorded_is_covered_though_it_was_rounded() {
      assertThat(known(1.0 / 3).covers(TEST, "dentry", 1.0 / 3)).isTrue();
      assertThat(known(1.0 / 3).covers(TEST, "dentry", 0.33341)).isFalse();
    }

    @Test
    void a_doubtful_rate_is_covered_where_it_is_not_surely_above() {
      assertThat(known(1).covers(new ObservedRate(TEST, "dentry", 0.98, 1.02))).isTrue();
      assertThat(known(1).covers(new ObservedRate(TEST, "dentry", 1.01, 1.02))).isFalse();
    }

    @Test
    void an_observation_is_not_less_at_most_than_at_least() {
      assertThatThrownBy(() -> new ObservedRate(TEST, "dentry", 2, 1))
          .hasMessage("dentry: at least 2.0 and at most 1.0 objects per iteration");
      assertThat(ObservedRate.exactly(TEST, "dentry", -3).isClean()).isTrue();
      assertThat(ObservedRate.exactly(TEST, "dentry", 1e-9).isClean()).isFalse();
      assertThat(ObservedRate.clean(TEST, "dentry", 0.1).isClean()).isTrue();
    }
  }

  @Nested
  class Ratchet {

    private static Baseline ratchet(double known, ObservedRate observed) {
      return known(known).ratchet(List.of(observed));
    }

    @Test
    void lowers_a_rate_and_keeps_day_and_note() {
      assertThat(ratchet(2, ObservedRate.exactly(TEST, "dentry", 0.5)).leaks())
          .containsExactly(new KnownLeak(TEST, "dentry", 0.5, "2026-11-24", "ABC-123"));
    }

    @Test
    void removes_what_is_gone_with_its_comments() {
      Baseline baseline = parse("# header", "", "# about it", LINE);

      assertThat(baseline.ratchet(List.of(ObservedRate.exactly(TEST, "sock_inode_cache", 0))))
          .isEqualTo(parse("# header", ""));
    }

    @Test
    void never_raises_a_rate() {
      assertThat(ratchet(2, ObservedRate.exactly(TEST, "dentry", 2.1))).isEqualTo(known(2));
    }

    @Test
    void lowers_only_as_far_as_the_measurement_is_sure() {
      assertThat(rates(ratchet(2, new ObservedRate(TEST, "dentry", 0.9, 1.1))))
          .containsExactly("1.10");
      assertThat(rates(ratchet(2, new ObservedRate(TEST, "dentry", 1.9, 2.1))))
          .containsExactly("2.00");
    }

    @Test
    void keeps_what_the_measurement_could_not_have_seen() {
      // One iteration shows no leak of one object in a hundred.
      assertThat(ratchet(0.01, ObservedRate.clean(TEST, "dentry", 1))).isEqualTo(known(0.01));
      assertThat(ratchet(0.01, ObservedRate.clean(TEST, "dentry", 0.01)).leaks()).isEmpty();
      assertThat(ratchet(1, ObservedRate.clean(TEST, "dentry", 0.5)).leaks()).isEmpty();
    }

    @Test
    void of_two_observations_the_faster_counts() {
      List<ObservedRate> twice =
          List.of(
              ObservedRate.exactly(TEST, "dentry", 0),
              ObservedRate.exactly(TEST, "dentry", 0.5),
              ObservedRate.exactly(TEST, "dentry", 0));

      assertThat(rates(known(1).ratchet(twice))).containsExactly("0.50");
    }

    @Test
    void leaves_alone_what_was_not_observed_and_adds_nothing() {
      assertThat(ratchet(1, ObservedRate.exactly(TEST, "filp", 3))).isEqualTo(known(1));
      assertThat(ratchet(1, ObservedRate.exactly("other", "dentry", 0))).isEqualTo(known(1));
      assertThat(known(1).ratchet(List.of())).isEqualTo(known(1));
    }
  }

  @Nested
  class Update {

    @Test
    void adds_what_is_new_with_the_day() {
      assertThat(
              known(1).with(List.of(ObservedRate.exactly("a", "filp", 0.5)), "2026-12-01").leaks())
          .containsExactly(
              new KnownLeak("a", "filp", 0.5, "2026-12-01", ""),
              new KnownLeak(TEST, "dentry", 1, "2026-11-24", "ABC-123"));
    }

    @Test
    void raises_what_grew_and_keeps_day_and_note() {
      assertThat(
              known(1).with(List.of(ObservedRate.exactly(TEST, "dentry", 3)), "2026-12-01").leaks())
          .containsExactly(new KnownLeak(TEST, "dentry", 3, "2026-11-24", "ABC-123"));
    }

    @Test
    void records_what_a_doubtful_rate_is_at_most() {
      List<ObservedRate> doubtful = List.of(new ObservedRate(TEST, "dentry", 0.9, 1.1));

      assertThat(rates(known(0.5).with(doubtful, "2026-12-01"))).containsExactly("1.10");
    }

    @Test
    void leaves_alone_what_is_covered_or_clean() {
      assertThat(
              known(1)
                  .with(
                      List.of(
                          new ObservedRate(TEST, "dentry", 0.9, 1.1),
                          ObservedRate.exactly(TEST, "filp", 0),
                          ObservedRate.exactly(TEST, "dentry", 0.5)),
                      "2026-12-01"))
          .isEqualTo(known(1));
    }

    @Test
    void of_two_rates_of_one_leak_the_higher_is_recorded() {
      List<ObservedRate> rates =
          List.of(
              ObservedRate.exactly("a", "filp", 1),
              ObservedRate.exactly("a", "filp", 3),
              ObservedRate.exactly("a", "filp", 2));

      assertThat(rates(Baseline.empty().with(rates, "2026-12-01"))).containsExactly("3.00");
    }
  }

  @Nested
  class Vanished {

    private static Baseline tests(String... tests) {
      List<ObservedRate> rates = new ArrayList<>();
      for (String test : tests) {
        rates.add(ObservedRate.exactly(test, "dentry", 1));
        rates.add(ObservedRate.exactly(test, "filp", 1));
      }
      return Baseline.empty().with(rates, "2026-11-24");
    }

    @Test
    void prune_removes_the_leaks_of_tests_that_do_not_exist() {
      assertThat(tests("a.B#c()", "a.B#d()").prune(Set.of("a.B#d()")::contains))
          .isEqualTo(tests("a.B#d()"));
    }

    @Test
    void tests_that_did_not_run_are_named_once() {
      assertThat(tests("a.B#c()", "a.B#d()").unseen(Set.of("a.B#d()")))
          .containsExactly(new UnseenTest("a.B#c()", Optional.empty()));
      assertThat(tests("a.B#c()").unseen(Set.of("a.B#c()", "a.B#d()"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          // The same method elsewhere, in the class with the most similar name.
          "b.RelayTests#copies(); a.X#copies(), b.TcpRelayTests#copies(); b.TcpRelayTests#copies()",
          "a.RelayTests#copies(int)[2]; b.X#copies(int)[1], b.X#copies(int)[2]; b.X#copies(int)[2]",
          // A method of the same class with a similar name.
          "a.RelayTests#copies(); a.RelayTests#copiesAFile(), a.RelayTests#closes();"
              + " a.RelayTests#copiesAFile()",
          "a.RelayTests#copies(); a.RelayTests#copies(int), b.RelayTests#copiesX();"
              + " a.RelayTests#copies(int)",
          "a.RelayTests#copies(); a.RelayTests#aFileCopies(), a.RelayTests#copiesAFile(int);"
              + " a.RelayTests#aFileCopies()",
          "a.RelayTests#copied(); a.RelayTests#copXXX(); a.RelayTests#copXXX()",
          // Nothing alike.
          "a.RelayTests#copied(); a.RelayTests#coXXXX();",
          "a.RelayTests#copies(); a.RelayTests#listens();",
          "a.RelayTests#copies(); b.OtherTests#copiesX();",
          // A key of another form.
          "custom engine test; another engine test;",
        })
    void a_test_that_may_be_the_renamed_one_is_named(String gone, String seen, String renamed) {
      assertThat(tests(gone).unseen(new TreeSet<>(List.of(seen.split(", ")))))
          .containsExactly(new UnseenTest(gone, Optional.ofNullable(renamed)));
    }

    @Test
    void a_known_test_is_not_a_renamed_one() {
      assertThat(tests("a.B#c()", "b.B#c()").unseen(Set.of("b.B#c()")))
          .containsExactly(new UnseenTest("a.B#c()", Optional.empty()));
    }
  }
}
