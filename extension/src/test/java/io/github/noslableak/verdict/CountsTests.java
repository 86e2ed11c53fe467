package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CountsTests {

  private static final List<String> WATCHED = List.of("sock_inode_cache", "dentry", "filp");

  private static Counts counts(Map<String, Counts.Row> rows) {
    return new Counts(rows, true, 3, Duration.ofMillis(30));
  }

  private static Counts.Row row(long objects, long unrest) {
    return new Counts.Row(OptionalLong.of(objects), unrest);
  }

  private static Counts.Row gone() {
    return new Counts.Row(OptionalLong.empty(), 0);
  }

  @Test
  void a_number_is_asked_for_by_the_caches_name() {
    Counts counts = counts(Map.of("dentry", row(3_108, 2), "filp", gone()));

    assertThat(counts.of("dentry")).hasValue(3_108);
    assertThat(counts.unrest("dentry")).isEqualTo(2);
    assertThat(counts.isThere("dentry")).isTrue();
    assertThat(counts.of("filp")).isEmpty();
    assertThat(counts.isThere("filp")).isFalse();
  }

  @Test
  void a_cache_that_is_not_watched_has_no_number() {
    Counts counts = Counts.atRest(Map.of("dentry", 1L));

    assertThatThrownBy(() -> counts.of("filp"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("filp is not watched");
    assertThatThrownBy(() -> counts.unrest("filp")).hasMessage("filp is not watched");
    assertThatThrownBy(() -> counts.isThere("filp")).hasMessage("filp is not watched");
  }

  @Test
  void the_order_is_that_of_watching() {
    Map<String, Counts.Row> rows = new LinkedHashMap<>();
    WATCHED.forEach(cache -> rows.put(cache, row(1, 0)));

    Counts counts = counts(rows);

    assertThat(counts.rows().keySet()).containsExactlyElementsOf(WATCHED);
    assertThat(counts.minus(Map.of()).rows().keySet()).containsExactlyElementsOf(WATCHED);
    assertThat(counts.lower(counts).rows().keySet()).containsExactlyElementsOf(WATCHED);
  }

  @Test
  void what_is_counted_does_not_change_with_the_map_it_came_in() {
    Map<String, Counts.Row> rows = new LinkedHashMap<>(Map.of("dentry", row(1, 0)));
    Counts counts = counts(rows);
    rows.put("filp", gone());

    assertThat(counts.rows()).containsOnlyKeys("dentry");
    assertThatThrownBy(() -> counts.rows().put("filp", gone()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void known_objects_are_left_out() {
    Counts counts = counts(Map.of("dentry", row(10, 4), "filp", row(2, 0)));

    assertThat(counts.minus(Map.of("dentry", 3L)))
        .isEqualTo(counts(Map.of("dentry", row(7, 4), "filp", row(2, 0))));
    assertThat(counts.minus(Map.of("filp", 5L)).of("filp")).hasValue(0);
  }

  @Test
  void the_lower_number_of_two_counts_holds_and_the_first_says_how_it_went() {
    Counts first =
        new Counts(
            Map.of("dentry", row(10, 4), "filp", row(2, 1)), false, 12, Duration.ofMillis(120));
    Counts later =
        new Counts(Map.of("dentry", row(8, 0), "filp", row(3, 0)), true, 1, Duration.ofMillis(9));

    assertThat(first.lower(later))
        .isEqualTo(
            new Counts(
                Map.of("dentry", row(8, 4), "filp", row(2, 1)), false, 13, Duration.ofMillis(129)));
  }

  @Test
  void a_ceiling_is_the_count_and_the_tolerance() {
    Counts counts = counts(Map.of("dentry", row(10, 0), "filp", gone()));

    assertThat(counts.ceilings(cache -> cache.equals("dentry") ? 5 : 1))
        .isEqualTo(Map.of("dentry", 15L));
    assertThat(counts.ceilings(cache -> Long.MAX_VALUE))
        .isEqualTo(Map.of("dentry", Long.MAX_VALUE));
  }

  @Test
  void a_cache_exceeds_its_ceiling_by_one_object() {
    Counts counts = counts(Map.of("dentry", row(10, 0), "filp", gone()));

    assertThat(counts.exceeds(Map.of("dentry", 9L))).isTrue();
    assertThat(counts.exceeds(Map.of("dentry", 10L))).isFalse();
    assertThat(counts.exceeds(Map.of("filp", 0L))).isFalse();
    assertThat(counts.exceeds(Map.of())).isFalse();
  }

  // Laws

  @Provide
  Arbitrary<Counts> anyCounts() {
    Arbitrary<Counts.Row> row =
        Combinators.combine(
                Arbitraries.longs().greaterOrEqual(0).injectNull(0.2),
                Arbitraries.longs().between(0, 1_000))
            .as(
                (objects, unrest) ->
                    new Counts.Row(
                        objects == null ? OptionalLong.empty() : OptionalLong.of(objects), unrest));
    return row.list().ofSize(WATCHED.size()).map(CountsTests::inOrder);
  }

  private static Counts inOrder(List<Counts.Row> rows) {
    Map<String, Counts.Row> named = new LinkedHashMap<>();
    WATCHED.forEach(cache -> named.put(cache, rows.get(named.size())));
    return counts(named);
  }

  @Provide
  Arbitrary<Map<String, Long>> known() {
    return Arbitraries.maps(
        Arbitraries.of(WATCHED), Arbitraries.longs().between(0, Long.MAX_VALUE));
  }

  private static Map<String, OptionalLong> objects(Counts counts) {
    Map<String, OptionalLong> objects = new LinkedHashMap<>();
    counts.rows().keySet().forEach(cache -> objects.put(cache, counts.of(cache)));
    return objects;
  }

  @Property
  void lower_is_commutative(@ForAll("anyCounts") Counts a, @ForAll("anyCounts") Counts b) {
    assertThat(objects(a.lower(b))).isEqualTo(objects(b.lower(a)));
  }

  @Property
  void lower_is_associative(
      @ForAll("anyCounts") Counts a, @ForAll("anyCounts") Counts b, @ForAll("anyCounts") Counts c) {
    assertThat(objects(a.lower(b).lower(c))).isEqualTo(objects(a.lower(b.lower(c))));
  }

  @Property
  void lower_than_itself_is_itself(@ForAll("anyCounts") Counts a) {
    assertThat(objects(a.lower(a))).isEqualTo(objects(a));
  }

  @Property
  void nothing_known_is_no_difference(@ForAll("anyCounts") Counts a) {
    assertThat(a.minus(Map.of())).isEqualTo(a);
  }

  @Property
  void known_objects_are_never_more_than_all(
      @ForAll("anyCounts") Counts a, @ForAll("known") Map<String, Long> known) {
    Counts others = a.minus(known);

    for (String cache : WATCHED) {
      if (a.isThere(cache)) {
        assertThat(others.of(cache).orElseThrow()).isBetween(0L, a.of(cache).orElseThrow());
      }
      assertThat(others.unrest(cache)).isEqualTo(a.unrest(cache));
    }
  }

  @Property
  void what_is_gone_stays_gone(
      @ForAll("anyCounts") Counts a,
      @ForAll("anyCounts") Counts b,
      @ForAll("known") Map<String, Long> known) {
    for (String cache : WATCHED) {
      assertThat(a.minus(known).isThere(cache)).isEqualTo(a.isThere(cache));
      assertThat(a.lower(b).isThere(cache)).isEqualTo(a.isThere(cache) && b.isThere(cache));
    }
  }

  @Property
  void no_count_exceeds_its_own_ceilings(
      @ForAll("anyCounts") Counts a, @ForAll("anyCounts") Counts b) {
    Map<String, Long> ceilings = a.ceilings(cache -> 0);

    assertThat(a.exceeds(ceilings)).isFalse();
    assertThat(a.lower(b).exceeds(ceilings)).isFalse();
  }
}
