package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntToLongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;

/** What holds of any series. */
class VerdictPropertiesTests {

  private static final int MOST_ROUNDS = 6;

  /** Runs rounds as a confirmation does, until they are clear. */
  private static Scaling confirm(
      int iterations, long doubt, double suspected, IntToLongFunction left) {
    List<Round> rounds = new ArrayList<>();
    Scaling scaling = Scaling.UNCLEAR;
    while (rounds.size() < MOST_ROUNDS && scaling == Scaling.UNCLEAR) {
      int length = iterations << rounds.size();
      rounds.add(new Round(length, left.applyAsLong(length), doubt));
      scaling = Scaling.of(rounds, 0, suspected);
    }
    return scaling;
  }

  /** One object every so many iterations, at any phase. */
  @Property
  void a_regular_leak_of_any_rate_is_found_given_enough_iterations(
      @ForAll @Scale(4) @DoubleRange(min = 0.001, max = 50) double rate,
      @ForAll @Scale(4) @DoubleRange(min = 0, max = 1) double phase) {
    int iterations = (int) Math.ceil(3 / rate);
    long[] done = new long[1];
    assertThat(
            confirm(
                iterations,
                0,
                rate,
                length -> {
                  long before = (long) Math.floor(done[0] * rate + phase);
                  done[0] += length;
                  return (long) Math.floor(done[0] * rate + phase) - before;
                }))
        .isEqualTo(Scaling.LEAKS);
  }

  /** Each iteration leaks with the same probability. */
  @Property
  void a_random_leak_is_never_acquitted_given_enough_iterations(
      @ForAll @Scale(4) @DoubleRange(min = 0.01, max = 0.99) double probability,
      @ForAll long seed) {
    Random random = new Random(seed);
    Scaling scaling =
        confirm(
            (int) Math.ceil(20 / probability),
            0,
            probability,
            length -> random.doubles(length).filter(chance -> chance < probability).count());
    assertThat(scaling).isEqualTo(Scaling.LEAKS);
  }

  /** A leak shows through noise as soon as the rounds are long enough. */
  @Property
  void a_leak_is_not_acquitted_for_the_noise_around_it(
      @ForAll @IntRange(min = 1, max = 20) int rate,
      @ForAll @IntRange(min = 0, max = 200) int noise,
      @ForAll long seed) {
    Random random = new Random(seed);
    assertThat(
            confirm(
                1,
                noise,
                rate,
                length -> (long) rate * length + random.nextInt(2 * noise + 1) - noise))
        .isIn(Scaling.LEAKS, Scaling.UNCLEAR);
  }

  /** Whatever the counters do within their unrest, in whatever order. */
  @Property
  void permuted_noise_is_never_a_leak(
      @ForAll @Size(min = 2, max = 7) List<@IntRange(min = 0, max = 1_000) Integer> counts,
      @ForAll long seed) {
    List<Integer> permuted = new ArrayList<>(counts);
    Collections.shuffle(permuted, new Random(seed));
    long unrest = Collections.max(permuted) - (long) Collections.min(permuted);
    List<Round> rounds = new ArrayList<>();
    for (int i = 1; i < permuted.size(); i++) {
      rounds.add(new Round(1 << (i - 1), permuted.get(i) - (long) permuted.get(i - 1), unrest));
      assertThat(Scaling.of(rounds, 0, 1)).isNotIn(Scaling.LEAKS, Scaling.DOES_NOT_SCALE);
    }
  }

  @Property
  void growth_that_comes_once_is_never_a_leak(
      @ForAll @IntRange(min = 0, max = MOST_ROUNDS - 1) int when,
      @ForAll @IntRange(min = 1, max = 100_000) int growth) {
    int[] round = new int[1];
    assertThat(confirm(1, 0, growth, length -> round[0]++ == when ? growth : 0))
        .isNotEqualTo(Scaling.LEAKS);
  }

  @Property
  void growth_by_the_round_is_never_a_leak(@ForAll @IntRange(min = 1, max = 100_000) int growth) {
    assertThat(confirm(1, 0, growth, length -> growth)).isEqualTo(Scaling.DOES_NOT_SCALE);
  }

  /** The verdict and every figure of it. */
  @Property
  void the_order_of_caches_does_not_matter(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = -20, max = 20) Integer> objects,
      @ForAll @IntRange(min = 0, max = 5) int tolerance,
      @ForAll boolean confirmed,
      @ForAll long seed) {
    List<CacheGrowth> growths = new ArrayList<>();
    List<CacheFinding> findings = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      long growth = objects.get(i);
      growths.add(new CacheGrowth("cache-" + i, 100, 100 + growth, tolerance, 1, 64));
      if (confirmed && growth > tolerance) {
        findings.add(
            CacheFinding.of(
                "cache-" + i,
                Whose.OWN,
                List.of(new Round(1, growth % 3, 0), new Round(2, 2 * (growth % 3), 0)),
                0,
                (double) growth,
                OptionalLong.empty()));
      }
    }
    List<CacheGrowth> shuffledGrowths = new ArrayList<>(growths);
    Collections.shuffle(shuffledGrowths, new Random(seed));
    List<CacheFinding> shuffledSuspects = new ArrayList<>(findings);
    Collections.shuffle(shuffledSuspects, new Random(seed));
    Optional<Shortfall> shortfall =
        confirmed
            ? Optional.empty()
            : Optional.of(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD));

    Verdict one = Verdict.of(growths, new Confirmation(findings, shortfall, true));
    Verdict other =
        Verdict.of(shuffledGrowths, new Confirmation(shuffledSuspects, shortfall, true));

    assertThat(other).hasSameClassAs(one);
    assertThat(other.growths()).isEqualTo(one.growths());
    if (one instanceof Verdict.Leak leak) {
      assertThat(((Verdict.Leak) other).leaked()).isEqualTo(leak.leaked());
    }
  }

  @Property
  void no_cache_is_called_leaking_that_was_dismissed(
      @ForAll @IntRange(min = 1, max = 1_000) int growth) {
    Verdict verdict =
        Verdict.of(
            List.of(new CacheGrowth("dentry", 0, growth, 0, 1, 192)),
            new Confirmation(
                List.of(
                    CacheFinding.of(
                        "dentry",
                        Whose.OWN,
                        List.of(new Round(1, 0, 0), new Round(2, 0, 0)),
                        0,
                        growth,
                        OptionalLong.empty())),
                Optional.empty(),
                true));

    assertThat(verdict).isInstanceOf(Verdict.Dismissed.class);
  }
}
