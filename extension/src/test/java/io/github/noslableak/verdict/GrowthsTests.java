package io.github.noslableak.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrowthsTests {

  private static Reading reading(String cache, long objects, String... sharedWith) {
    return new Reading(cache, OptionalLong.of(objects), 0, Set.of(sharedWith));
  }

  private static Growths between(List<Reading> before, List<Reading> after) {
    return Growths.between(before, after, cache -> 2, 10, cache -> 192);
  }

  @Test
  void growth_is_told_by_name_in_whatever_order() {
    assertThat(
            between(
                    List.of(reading("dentry", 100), reading("filp", 50)),
                    List.of(reading("filp", 47), reading("dentry", 103)))
                .judged())
        .containsExactly(
            new CacheGrowth("dentry", 100, 103, 2, 10, 192),
            new CacheGrowth("filp", 50, 47, 2, 10, 192));
  }

  @Test
  void unrest_before_the_test_is_kept() {
    Growths growths =
        between(
            List.of(new Reading("dentry", OptionalLong.of(100), 7, Set.of())),
            List.of(reading("dentry", 103)));

    assertThat(growths.judged().get(0).unrest()).isEqualTo(7);
    assertThat(growths.judged().get(0).mayHide()).isTrue();
  }

  @Test
  void a_cache_that_vanished_or_appeared_is_named() {
    Growths growths =
        between(
            List.of(reading("dentry", 100), reading("nfs_inode_cache", 3)),
            List.of(reading("dentry", 100), reading("xfs_inode", 9)));

    assertThat(growths.judged()).extracting(CacheGrowth::cache).containsExactly("dentry");
    assertThat(growths.unjudged())
        .containsExactly(
            new Unjudged.Vanished("nfs_inode_cache"), new Unjudged.Appeared("xfs_inode"));
  }

  @Test
  void a_cache_that_is_not_there_at_one_of_the_times_is_named() {
    Reading gone = new Reading("nfs_inode_cache", OptionalLong.empty(), 0, Set.of());

    assertThat(between(List.of(reading("nfs_inode_cache", 3)), List.of(gone)).unjudged())
        .isEqualTo(between(List.of(gone), List.of(reading("nfs_inode_cache", 3))).unjudged())
        .containsExactly(new Unjudged.CameOrWent("nfs_inode_cache"));
  }

  @Test
  void a_counter_that_wrapped_around_is_named() {
    assertThat(between(List.of(reading("dentry", 3)), List.of(reading("dentry", -2))).unjudged())
        .containsExactly(new Unjudged.WrappedAround("dentry", 3, -2));
    assertThat(
            between(List.of(reading("dentry", Long.MAX_VALUE)), List.of(reading("dentry", 3)))
                .unjudged())
        .hasSize(1);
    assertThat(
            between(List.of(reading("dentry", 1L << 48)), List.of(reading("dentry", 3))).unjudged())
        .isEmpty();
  }

  @Test
  void a_cache_that_was_merged_midway_is_named_with_the_others() {
    assertThat(
            between(
                    List.of(reading("filp", 3, "a", "gone")),
                    List.of(reading("filp", 9, "new", "a")))
                .unjudged())
        .containsExactly(new Unjudged.Merged("filp", List.of("gone", "new")));
  }
}
