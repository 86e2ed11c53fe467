package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Unjudged;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnjudgedTextTests {

  @Test
  void a_cache_that_was_not_there_at_both_times() {
    assertThat(UnjudgedText.clause(new Unjudged.Vanished("nfs_inode_cache")))
        .isEqualTo("vanished meanwhile");
    assertThat(UnjudgedText.clause(new Unjudged.Appeared("xfs_inode")))
        .isEqualTo("appeared meanwhile");
    assertThat(UnjudgedText.clause(new Unjudged.CameOrWent("nfs_inode_cache")))
        .isEqualTo("came or went with a kernel module meanwhile");
  }

  @Test
  void a_counter_that_wrapped_around_is_told_unsigned() {
    assertThat(UnjudgedText.clause(new Unjudged.WrappedAround("dentry", 3, -2)))
        .isEqualTo("has a counter that wrapped around: 3 before, 18446744073709551614 after");
  }

  @Test
  void a_cache_that_was_merged_midway_is_told_with_the_others() {
    assertThat(UnjudgedText.clause(new Unjudged.Merged("filp", List.of("gone", "new"))))
        .isEqualTo("was merged with other caches, or separated from them, meanwhile: gone, new");
  }

  @Test
  void a_measurement_without_a_verdict_names_them_all() {
    assertThat(
            UnjudgedText.of(
                "A test", List.of(new Unjudged.Vanished("filp"), new Unjudged.Appeared("TCP"))))
        .isEqualTo(
            "NoSlabLeak could not judge A test: filp vanished meanwhile, TCP appeared meanwhile");
  }
}
