package io.github.noslableak.slab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.noslableak.kernel.Captures;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SlabCountersTests {

  private static SlabCache cache(String name, String... aliases) {
    return new SlabCache(name, List.of(name), List.of(aliases));
  }

  @Test
  void the_overview_is_read_in_the_order_asked_for_and_what_is_not_in_it_has_gone() {
    assertThat(
            SlabinfoCounters.counts(
                Captures.slabInfo("vm-6.18"),
                List.of(cache("filp"), cache("no_such_cache"), cache("dentry"))))
        .containsExactly(
            entry("filp", OptionalLong.of(544)),
            entry("no_such_cache", OptionalLong.empty()),
            entry("dentry", OptionalLong.of(2_755)));
  }

  @Test
  void a_merged_cache_is_found_under_the_name_that_the_overview_lists() {
    assertThat(
            SlabinfoCounters.counts(
                Captures.slabInfo("vm-6.18"), List.of(cache("not_listed", "dentry"))))
        .containsExactly(entry("not_listed", OptionalLong.of(2_755)));
  }
}
