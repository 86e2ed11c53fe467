package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerancesTests {

  private static ToleranceRule objects(String cache, long objects) {
    return new ToleranceRule(cache, objects, -1, false, "of the resolver");
  }

  @Nested
  class Rule {

    @ParameterizedTest
    @CsvSource({
      // objects, bytes, per iteration, iterations, slot, expected
      "2, -1, false, 1, 192, 2",
      "2, -1, false, 10, 192, 2",
      "2, -1, true, 10, 192, 20",
      "0, -1, true, 10, 192, 0",
      "2, -1, true, 10, 0, 20",
      "-1, 1000, false, 1, 192, 5",
      "-1, 1000, false, 10, 192, 5",
      "-1, 100, true, 10, 192, 5",
      "-1, 191, false, 1, 192, 0",
      "-1, 192, false, 1, 192, 1",
      "-1, 1000, false, 1, 0, 0",
      "9223372036854775807, -1, true, 2, 192, 9223372036854775807",
    })
    void gives_objects(
        long objects,
        long bytes,
        boolean perIteration,
        int iterations,
        long slotBytes,
        long expected) {
      assertThat(
              new ToleranceRule("dentry", objects, bytes, perIteration, "x")
                  .objectsFor(iterations, slotBytes))
          .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
      "-1, -1, no objects and no bytes",
      "0, 0, 0 objects and 0 bytes",
      "2, 512, 2 objects and 512 bytes",
      "-2, -1, -2 objects and no bytes",
      "-1, -2, no objects and -2 bytes",
      "1, -2, 1 objects and -2 bytes",
    })
    void gives_exactly_one_amount(long objects, long bytes, String given) {
      assertThatThrownBy(() -> new ToleranceRule("dentry", objects, bytes, false, "x"))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the tolerance of dentry should give either objects or bytes, 0 or more, but gives "
                  + given);
    }

    @Test
    void says_why() {
      assertThatThrownBy(() -> new ToleranceRule("dentry", 1, -1, false, " "))
          .hasMessage("the tolerance of dentry should say why: because = \"...\"");
    }

    @Test
    void names_a_cache_or_a_glob() {
      assertThatThrownBy(() -> objects(" ", 1)).hasMessage("a tolerance should name a cache");
      assertThatThrownBy(() -> objects("@io", 1))
          .hasMessage("a tolerance should name a cache or a glob, but names the group @io");
    }

    @ParameterizedTest
    @CsvSource({
      "dentry, dentry, true",
      "dentry, dentry2, false",
      "dentry, dentr, false",
      "dentry, DENTRY, false",
      "*, '', true",
      "*, :A-0000384, true",
      "?, '', false",
      "*_inode_cache, sock_inode_cache, true",
      "*_inode_cache, inode_cache, false",
      "*_cache, a_cache_cache, true",
      "kmalloc-*, kmalloc-256, true",
      "kmalloc-*, kmalloc-, true",
      "kmalloc-*, dma-kmalloc-256, false",
      "TCP??, TCPv6, true",
      "TCP?, TCPv6, false",
      "*sock*, tw_sock_TCP, true",
      "**, dentry, true",
      "?*?, ab, true",
      "?*?, a, false",
      "a*b*c, aXbYbZc, true",
      "a*b*c, aXbYbZ, false",
      "fs.cache, fs_cache, false",
      "[fd]ilp, filp, false",
    })
    void matches_as_the_names_of_caches_do(String pattern, String name, boolean matches) {
      assertThat(objects(pattern, 1).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
      "2, -1, false, 2 objects per test",
      "1, -1, true, 1 object per iteration",
      "0, -1, true, 0 objects per iteration",
      "-1, 4096, false, '4,096 bytes per test'",
      "-1, 1, false, 1 byte per test",
    })
    void reads_well(long objects, long bytes, boolean perIteration, String expected) {
      assertThat(new ToleranceRule("dentry", objects, bytes, perIteration, "x").amount())
          .isEqualTo(expected);
    }
  }

  @Nested
  class Resolution {

    private static long dentry(List<List<ToleranceRule>> levels) {
      return Tolerances.of(7, levels).objectsFor("dentry", 1, 192);
    }

    @Test
    void without_a_rule_the_default_applies() {
      assertThat(Tolerances.of(7).objectsFor("dentry", 1, 192)).isEqualTo(7);
      assertThat(dentry(List.of(List.of(objects("filp", 2))))).isEqualTo(7);
    }

    @Test
    void a_rule_replaces_the_default() {
      assertThat(dentry(List.of(List.of(objects("dentry", 2))))).isEqualTo(2);
    }

    @Test
    void a_rule_is_asked_with_iterations_and_size() {
      Tolerances tolerances =
          Tolerances.of(0, List.of(List.of(new ToleranceRule("dentry", -1, 192, true, "x"))));
      assertThat(tolerances.objectsFor("dentry", 10, 96)).isEqualTo(20);
    }

    @Test
    void the_nearest_level_with_a_match_decides() {
      assertThat(dentry(List.of(List.of(objects("*", 1)), List.of(objects("dentry", 2)))))
          .isEqualTo(1);
      assertThat(
              dentry(
                  List.of(List.of(objects("filp", 1)), List.of(), List.of(objects("dentry", 2)))))
          .isEqualTo(2);
    }

    @Test
    void in_a_level_the_most_specific_decides() {
      assertThat(
              dentry(
                  List.of(
                      List.of(
                          objects("*", 1),
                          objects("dentr?", 2),
                          objects("dentry*", 4),
                          objects("dentry", 3)))))
          .isEqualTo(3);
      assertThat(
              dentry(List.of(List.of(objects("*?*?*?*", 1), objects("*y", 3), objects("den*", 2)))))
          .isEqualTo(2);
    }

    @Test
    void of_equally_specific_globs_the_first_decides() {
      assertThat(dentry(List.of(List.of(objects("de*", 1), objects("*ry", 2))))).isEqualTo(1);
      assertThat(dentry(List.of(List.of(objects("*ry", 2), objects("de*", 1))))).isEqualTo(2);
    }

    @Test
    void two_rules_for_one_name_in_one_place_are_refused() {
      assertThatThrownBy(() -> dentry(List.of(List.of(objects("dentry", 1), objects("dentry", 2)))))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("two tolerances for dentry in one place");
    }

    @Test
    void one_more_rule_joins_the_nearest_level() {
      Tolerances none = Tolerances.of(7);
      Tolerances one = none.with(objects("sock*", 2));
      Tolerances both =
          Tolerances.of(7, List.of(List.of(), List.of(objects("dentry", 1))))
              .with(objects("dentry", 3));

      assertThat(none.objectsFor("sock_inode_cache", 1, 0)).isEqualTo(7);
      assertThat(one.objectsFor("sock_inode_cache", 1, 0)).isEqualTo(2);
      assertThat(one.objectsFor("dentry", 1, 0)).isEqualTo(7);
      assertThat(both.objectsFor("dentry", 1, 0)).isEqualTo(3);
      assertThatThrownBy(() -> both.with(objects("dentry", 4)))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("two tolerances for dentry in one place");
    }

    @Test
    void another_default_leaves_the_rules() {
      Tolerances changed = Tolerances.of(7).with(objects("dentry", 3)).withDefault(8);

      assertThat(changed.objectsFor("dentry", 1, 0)).isEqualTo(3);
      assertThat(changed.objectsFor("filp", 1, 0)).isEqualTo(8);
      assertThatThrownBy(() -> changed.withDefault(-1))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("tolerance should be 0 or more, but is -1");
    }

    @Test
    void the_default_is_not_negative() {
      assertThat(Tolerances.of(0).objectsFor("dentry", 1, 1)).isZero();
      assertThatThrownBy(() -> Tolerances.of(-1))
          .hasMessage("tolerance should be 0 or more, but is -1");
    }
  }
}
