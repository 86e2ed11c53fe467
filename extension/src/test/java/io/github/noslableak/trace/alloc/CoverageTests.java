package io.github.noslableak.trace.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.slab.SlabCache;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoverageTests {

  @ParameterizedTest
  @CsvSource({
    "dentry, LOOKED_UP",
    "filp, FULL",
    "bfilp, FULL",
    "inode_cache, LOOKED_UP",
    "ext4_inode_cache, LOOKED_UP",
    "sock_inode_cache, FULL",
    "xfs_inode, LOOKED_UP",
    "TCPv6, FULL",
    "mnt_cache, FULL",
    "myproduct_cache, LIKELY",
    "mydentry, LIKELY",
    "task_struct, LIKELY",
    "kmalloc-64, PARTIAL",
    "kmalloc-cg-1k, PARTIAL",
    "dma-kmalloc-64, PARTIAL",
    "msg_msg-96, PARTIAL",
    "memdup_user-8, PARTIAL",
    "eventpoll_epi, PARTIAL",
    "skbuff_head_cache, PARTIAL",
    "maple_node, PARTIAL"
  })
  void of_one_name(String name, Coverage expected) {
    assertThat(Coverage.of(new SlabCache(name, List.of(name), List.of()))).isEqualTo(expected);
  }

  @Test
  void a_cache_is_traced_as_far_as_each_that_shares_its_slabs() {
    assertThat(shared("filp", "mnt_cache")).isEqualTo(Coverage.FULL);
    assertThat(shared("dentry", "filp")).isEqualTo(Coverage.LOOKED_UP);
    assertThat(shared("filp", "dentry")).isEqualTo(Coverage.LOOKED_UP);
    assertThat(shared("dentry", "posix_timers_cache")).isEqualTo(Coverage.LIKELY);
    assertThat(shared("filp", "kmalloc-192")).isEqualTo(Coverage.PARTIAL);
  }

  private static Coverage shared(String name, String alias) {
    return Coverage.of(new SlabCache(name, List.of(":0000192"), List.of(alias)));
  }
}
