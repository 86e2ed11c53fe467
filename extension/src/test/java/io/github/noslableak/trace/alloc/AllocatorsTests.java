package io.github.noslableak.trace.alloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.slab.SlabCache;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocatorsTests {

  private static final String SYMBOLS =
      """
      ffffffff81300000 T d_alloc
      ffffffff81200100 t __d_alloc.isra.0
      ffffffff81200100 t another_name_of_it
      ffffffff81200300 T d_alloc_anon
      ffffffff81200200 d d_no_function
      ffffffff81400000 T alloc_empty_file
      ffffffff81400100 t sock_alloc_inode
      ffffffffc0100000 t ext4_alloc_inode\t[ext4]
      """;

  static Allocators read(String symbols) {
    FunctionRanges.Search search = new FunctionRanges.Search(Allocators::isAllocator);
    search.read(StandardCharsets.UTF_8.encode(symbols));
    return new Allocators(search.result());
  }

  private static SlabCache cache(String name, String... aliases) {
    return new SlabCache(name, List.of(name), List.of(aliases));
  }

  @ParameterizedTest
  @CsvSource({
    "dentry,           ffffffff81200100, true",
    "dentry,           ffffffff812002ff, true",
    "dentry,           ffffffff81200300, false",
    "dentry,           ffffffff812000ff, false",
    "filp,             ffffffff81400010, true",
    "filp,             ffffffff81200100, false",
    "sock_inode_cache, ffffffff81400110, true",
    "sock_inode_cache, ffffffff81400010, false",
    "ext4_inode_cache, ffffffffc0100010, true",
    "ext4_inode_cache, ffffffff81400110, false",
    // Its function is not there, or nothing is known of it.
    "eventpoll_pwq,    ffffffff81200300, true",
    "jbd2_inode_cache, ffffffff81200300, true",
    "TCP,              ffffffff81200300, true"
  })
  void a_cache_is_allocated_from_by_its_function_alone(String name, String site, boolean expected) {
    Allocators allocators = read(SYMBOLS);

    assertThat(allocators.mayAllocate(cache(name), Long.parseUnsignedLong(site, 16)))
        .isEqualTo(expected);
    assertThat(allocators.mayAllocate(cache(name, "cred_jar"), 1))
        .as("one that is shared")
        .isTrue();
    assertThat(Allocators.unknown().mayAllocate(cache(name), 1)).isTrue();
  }
}
