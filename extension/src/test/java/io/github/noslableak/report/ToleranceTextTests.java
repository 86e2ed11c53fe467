package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.Tolerances;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a report says of the uses that {@link Tolerances} finds. */
class ToleranceTextTests {

  private static ToleranceRule objects(String cache, long objects) {
    return new ToleranceRule(cache, objects, -1, false, "of the resolver");
  }

  private static CacheGrowth growth(String cache, long objects) {
    return new CacheGrowth(cache, 100, 100 + objects, 0, 10, 192);
  }

  private static List<String> lines(
      long defaultObjects, List<List<ToleranceRule>> levels, CacheGrowth... growths) {
    return Tolerances.of(defaultObjects, levels).uses(List.of(growths)).stream()
        .map(ToleranceText::of)
        .toList();
  }

  @Test
  void what_let_growth_pass_and_what_was_not_needed_is_told() {
    assertThat(
            lines(
                0,
                List.of(
                    List.of(objects("dentry", 2), objects("filp", 5)),
                    List.of(objects("sock*", 1_000))),
                growth("dentry", 2),
                growth("filp", 0),
                growth("sock_inode_cache", 1_001)))
        .containsExactly(
            "tolerated: dentry +2 of 2, because of the resolver",
            "not used: filp 5 objects per test, because of the resolver",
            "more than tolerated: sock_inode_cache +1,001 of 1,000, because of the resolver");
  }

  @Test
  void a_glob_is_told_for_each_cache_that_needed_it() {
    assertThat(
            lines(
                0,
                List.of(List.of(objects("*", 2))),
                growth("filp", 1),
                growth("dentry", 2),
                growth("TCP", -1)))
        .containsExactly(
            "tolerated: dentry +2 of 2, because of the resolver",
            "tolerated: filp +1 of 2, because of the resolver");
  }

  /** 10 iterations. */
  @Test
  void a_tolerance_that_lets_an_object_of_each_iteration_pass_may_hide_a_leak() {
    assertThat(lines(25, List.of(), tolerated("sock_inode_cache", 10, 25), growth("filp", 0)))
        .containsExactly(
            "sock_inode_cache +10 in 10 iterations, 25 tolerated: a leak of as much in each"
                + " iteration would pass, too; iterations = 26 tells it");
    assertThat(lines(25, List.of(), tolerated("filp", 9, 25)))
        .as("fewer than one in each")
        .isEmpty();
    assertThat(lines(25, List.of(), tolerated("filp", 26, 25))).as("it fails").isEmpty();
    assertThat(
            lines(
                0,
                List.of(List.of(new ToleranceRule("filp", 2, -1, true, "of it"))),
                tolerated("filp", 15, 20)))
        .as("it is meant to grow with the iterations")
        .containsExactly("tolerated: filp +15 of 20, because of it");
    assertThat(lines(0, List.of(List.of(objects("filp", 10))), tolerated("filp", 10, 10)))
        .hasSize(2);
  }

  private static CacheGrowth tolerated(String cache, long objects, long tolerance) {
    return new CacheGrowth(cache, 100, 100 + objects, tolerance, 10, 192);
  }

  @Test
  void growth_that_the_default_allows_needs_no_rule() {
    assertThat(lines(2, List.of(List.of(objects("dentry", 3))), growth("dentry", 2)))
        .containsExactly("not used: dentry 3 objects per test, because of the resolver");
    assertThat(lines(2, List.of(List.of(objects("dentry", 3))), growth("dentry", 3)))
        .containsExactly("tolerated: dentry +3 of 3, because of the resolver");
  }

  @Test
  void a_rule_that_another_one_hides_is_not_used() {
    assertThat(
            lines(
                0,
                List.of(List.of(objects("dentry", 2)), List.of(objects("*", 9))),
                growth("dentry", 2)))
        .containsExactly(
            "tolerated: dentry +2 of 2, because of the resolver",
            "not used: * 9 objects per test, because of the resolver");
  }

  @Test
  void amounts_per_iteration_are_told_for_the_test() {
    assertThat(
            lines(
                0,
                List.of(List.of(new ToleranceRule("dentry", 2, -1, true, "of it"))),
                growth("dentry", 15)))
        .containsExactly("tolerated: dentry +15 of 20, because of it");
  }
}
