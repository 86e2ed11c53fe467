package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Reason;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrownTests {

  private static final CacheGrowth DENTRY = new CacheGrowth("dentry", 100, 110, 0, 1, 192);
  private static final CacheGrowth FILP = new CacheGrowth("filp", 50, 53, 0, 1, 256);
  private static final CacheGrowth TOLERATED = new CacheGrowth("mnt_cache", 5, 7, 2, 1, 320);

  private static CacheFinding suspect(String cache, Scaling scaling, long... objects) {
    List<Round> rounds = Arrays.stream(objects).mapToObj(left -> new Round(1, left, 0)).toList();
    return new CacheFinding(cache, Whose.OWN, rounds, scaling, OptionalLong.empty());
  }

  private static Verdict leak(CacheFinding... findings) {
    return new Verdict.Leak(
        List.of(DENTRY, FILP, TOLERATED),
        new Confirmation(List.of(findings), Optional.empty(), true));
  }

  private static Grown of(Verdict verdict, SlabCache... watched) {
    return Grown.of(verdict, List.of(watched), true, Followed.none());
  }

  @Test
  void of_a_leak_it_is_what_leaks_and_not_all_that_grew() {
    Grown grown =
        of(
            leak(
                suspect("dentry", Scaling.LEAKS, 1, 2),
                suspect("filp", Scaling.DOES_NOT_REPEAT, 7, 0)));

    assertThat(grown.isLeak()).isTrue();
    assertThat(grown.caches()).containsExactly("dentry");
    assertThat(grown.leftByRounds()).isEqualTo(Map.of("dentry", 3L));
  }

  @Test
  void without_a_leak_it_is_what_grew_beyond_its_tolerance() {
    Confirmation confirmation =
        new Confirmation(List.of(suspect("dentry", Scaling.UNCLEAR, 4, 0)), Optional.empty(), true);
    for (Verdict verdict :
        List.of(
            new Verdict.Inconclusive(
                List.of(DENTRY, FILP, TOLERATED),
                confirmation,
                new Reason.GrewInTeardown("dentry")),
            new Verdict.Dismissed(List.of(DENTRY, FILP, TOLERATED), confirmation))) {
      Grown grown = of(verdict);

      assertThat(grown.isLeak()).isFalse();
      assertThat(grown.caches()).containsExactlyInAnyOrder("dentry", "filp");
      assertThat(grown.leftByRounds()).isEmpty();
      assertThat(grown.fewestLeft()).isOne();
    }
  }

  @Test
  void whoever_holds_fewer_than_the_least_of_what_the_rounds_left_explains_nothing() {
    assertThat(
            of(leak(suspect("dentry", Scaling.LEAKS, 8, 16), suspect("filp", Scaling.LEAKS, 2, 4)))
                .fewestLeft())
        .isEqualTo(6);
  }

  @Test
  void a_leak_that_no_round_confirmed_may_be_held_by_anybody() {
    Grown grown =
        of(
            new Verdict.Leak(
                List.of(DENTRY),
                Confirmation.impossible(
                    new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.ANNOTATION))));

    assertThat(grown.caches()).containsExactly("dentry");
    assertThat(grown.fewestLeft()).isOne();
    assertThat(grown.isMostOf("dentry", 10)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"6, 3, true", "6, 2, false", "7, 4, true", "7, 3, false", "1, 1, true"})
  void most_is_at_least_half_of_what_the_rounds_left(long left, long objects, boolean expected) {
    Grown grown = new Grown(Set.of("dentry"), Map.of("dentry", left), true, true, Optional.empty());

    assertThat(grown.isMostOf("dentry", objects)).isEqualTo(expected);
    assertThat(grown.isMostOf("filp", objects)).isFalse();
  }

  @Test
  void filp_counts_open_files_where_it_shares_its_slabs_with_nobody() {
    Verdict verdict = new Verdict.Dismissed(List.of(DENTRY, FILP), Confirmation.unneeded());
    SlabCache alone = new SlabCache("filp", List.of("filp"), List.of());
    SlabCache merged = new SlabCache("filp", List.of(":0000256"), List.of("kmalloc-256"));
    SlabCache other = new SlabCache("dentry", List.of("dentry"), List.of());

    assertThat(of(verdict, other, alone).openFiles()).contains(FILP);
    assertThat(of(verdict, other, merged).openFiles()).isEmpty();
    assertThat(of(verdict, other).openFiles()).isEmpty();
    assertThat(
            of(new Verdict.Dismissed(List.of(DENTRY), Confirmation.unneeded()), other, alone)
                .openFiles())
        .isEmpty();
  }
}
