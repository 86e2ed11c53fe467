package io.github.noslableak.report;

import static io.github.noslableak.report.Reports.growth;
import static io.github.noslableak.report.Reports.leak;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheGrowth;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadlineTests {

  @Test
  void one_more_cache_is_singular_and_two_are_plural() {
    CacheGrowth[] four =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> growth("cache-" + i, 0, i, 1, 64))
            .toArray(CacheGrowth[]::new);

    assertThat(leak(four).text())
        .startsWith(
            "RelayTests.relays leaked 4 cache-4, 3 cache-3, 2 cache-2 and objects of 1 more cache: 640"
                + " bytes of slab\n");
  }

  @Test
  void three_leaked_caches_are_all_named() {
    assertThat(
            leak(growth("a", 0, 1, 1, 64), growth("b", 0, 1, 1, 64), growth("c", 0, 1, 1, 64))
                .text())
        .startsWith("RelayTests.relays leaked 1 a, 1 b, 1 c: 192 bytes of slab\n");
  }

  @Test
  void a_growth_within_tolerance_is_in_the_table_and_not_in_the_headline() {
    String text =
        leak(
                new CacheGrowth("dentry", 100, 105, 5, 1, 192),
                new CacheGrowth("sock_inode_cache", 100, 106, 5, 1, 832))
            .text();

    assertThat(text)
        .startsWith("RelayTests.relays leaked 6 sock_inode_cache: 4,992 bytes of slab\n")
        .contains("\n  dentry               100    105      +5          5           5.00    960\n");
  }
}
