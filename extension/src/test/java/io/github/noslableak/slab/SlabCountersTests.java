package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.kernel.Captures;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlabCountersTests {

  @Test
  void the_overview_is_read_in_the_order_asked_for_and_what_is_not_in_it_has_vanished() {
    assertThat(
            SlabCounters.Overview.counts(
                Captures.slabInfo("vm-6.18"),
                List.of(List.of("filp"), List.of("no_such_cache"), List.of("dentry"))))
        .containsExactly(544, SlabCounters.VANISHED, 2_755);
  }

  @Test
  void a_merged_cache_is_found_under_the_name_that_the_overview_lists() {
    assertThat(
            SlabCounters.Overview.counts(
                Captures.slabInfo("vm-6.18"), List.of(List.of("not_listed", "dentry"))))
        .containsExactly(2_755);
  }

  @Test
  void the_smaller_of_two_readings_is_taken_cache_by_cache() {
    long[] a = {1, 5, 7};
    long[] b = {2, 4, 7};

    assertThat(SlabCounters.minimum(a, b)).containsExactly(1, 4, 7);
    assertThat(a).as("the first reading stays as it was").containsExactly(1, 5, 7);
  }

  @Test
  void a_removed_cache_stays_removed() {
    assertThat(SlabCounters.minimum(new long[] {SlabCounters.VANISHED}, new long[] {3}))
        .containsExactly(SlabCounters.VANISHED);
    assertThat(SlabCounters.minimum(new long[] {3}, new long[] {SlabCounters.VANISHED}))
        .containsExactly(SlabCounters.VANISHED);
  }
}
