package io.github.noslableak.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any leaks. */
class BaselinePropertyTests {

  @Provide
  Arbitrary<List<ObservedRate>> observations() {
    Arbitrary<Double> rates =
        Arbitraries.oneOf(
            Arbitraries.just(0.0),
            Arbitraries.doubles().between(0, 5).ofScale(6),
            Arbitraries.doubles().between(0, 99_999_999).ofScale(6));
    // Few tests and caches, so that they meet.
    return Combinators.combine(
            Arbitraries.integers().between(0, 4), Arbitraries.of("dentry", "filp"), rates, rates)
        .as(
            (test, cache, a, b) ->
                new ObservedRate("a.B#c()[" + test + "]", cache, Math.min(a, b), Math.max(a, b)))
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<KnownLeak> leaks() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
                Arbitraries.strings().ofMinLength(1),
                Arbitraries.strings().withChars("ab|\\#\n\r\t n u0020\ud83d\ude00").ofMinLength(1))
            .filter(name -> !name.isBlank());
    return Combinators.combine(
            names,
            names,
            Arbitraries.doubles().between(1e-6, 99_999_999).ofScale(6),
            Arbitraries.strings().withChars("ab|\\# n").ofMaxLength(20))
        .as((test, cache, rate, note) -> new KnownLeak(test, cache, rate, "2026-11-24", note));
  }

  @Property
  void a_leak_survives_being_written(@ForAll("leaks") KnownLeak leak) {
    String line = BaselineLine.render(leak);

    assertThat(line.codePoints()).allMatch(KnownLeak::isPlain);
    assertThat(Baseline.parse(List.of(line)).leaks()).containsExactly(leak);
  }

  @Property
  void a_baseline_survives_being_written(@ForAll("observations") List<ObservedRate> found) {
    Baseline baseline = Baseline.empty().with(found, "2026-11-24");

    assertThat(Baseline.parse(baseline.render())).isEqualTo(baseline);
  }

  @Property
  void what_is_recorded_is_covered(@ForAll("observations") List<ObservedRate> found) {
    Baseline baseline = Baseline.empty().with(found, "2026-11-24");

    assertThat(found).allMatch(rate -> rate.isClean() || baseline.covers(rate));
    assertThat(baseline.with(found, "2026-11-25")).isEqualTo(baseline);
  }

  @Property
  void a_ratchet_only_goes_down(
      @ForAll("observations") List<ObservedRate> known,
      @ForAll("observations") List<ObservedRate> observed) {
    Baseline before = Baseline.empty().with(known, "2026-11-24");
    Baseline after = before.ratchet(observed);

    assertThat(after.leaks())
        .allMatch(
            leak ->
                leak.perIteration()
                    <= before.find(leak.test(), leak.cache()).orElseThrow().perIteration());
    assertThat(after.ratchet(observed)).isEqualTo(after);
  }

  @Property
  void a_ratchet_does_not_depend_on_the_order_of_the_caches(
      @ForAll("observations") List<ObservedRate> known,
      @ForAll("observations") List<ObservedRate> observed) {
    Baseline before = Baseline.empty().with(known, "2026-11-24");
    List<ObservedRate> reversed = new ArrayList<>(observed);
    Collections.reverse(reversed);

    assertThat(before.ratchet(reversed)).isEqualTo(before.ratchet(observed));
  }
}
