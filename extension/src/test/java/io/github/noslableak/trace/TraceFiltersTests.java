package io.github.noslableak.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.alloc.WatchedCaches;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceFiltersTests {

  private static WatchedCaches watched(Map<String, Long> sizes, SlabCache... caches) {
    return new WatchedCaches(List.of(caches), name -> sizes.getOrDefault(name, 0L), name -> true);
  }

  @Test
  void an_allocation_is_told_by_size_and_name() {
    WatchedCaches watched =
        watched(
            Map.of("dentry", 192L, ":A-0000384", 384L, "filp", 256L),
            new SlabCache("dentry", List.of("dentry"), List.of()),
            new SlabCache("cred", List.of(":A-0000384"), List.of("mnt_cache")));

    assertThat(EventFilter.anyOf(watched.wanted()))
        .contains(
            "((bytes_alloc == 192) && (name == \"dentry\"))"
                + " || ((bytes_alloc == 384) && (name == \"cred\" || name == \"mnt_cache\"))"
                + " || ((bytes_alloc == 256) && (name == \"filp\"))");
  }

  @Test
  void open_files_are_followed_once_where_they_are_watched() {
    assertThat(
            EventFilter.anyOf(
                watched(Map.of("filp", 256L), new SlabCache("filp", List.of("filp"), List.of()))
                    .wanted()))
        .contains("((bytes_alloc == 256) && (name == \"filp\"))");
  }

  @Test
  void without_a_size_there_is_no_such_filter() {
    SlabCache cache = new SlabCache("dentry", List.of("dentry"), List.of());

    assertThat(EventFilter.anyOf(watched(Map.of(), cache).wanted())).isEmpty();
    assertThat(
            EventFilter.anyOf(
                watched(Map.of(), new SlabCache("dentry", List.of(), List.of())).wanted()))
        .isEmpty();
    assertThat(EventFilter.anyOf(List.of())).isEmpty();
  }

  @Test
  void a_name_that_cannot_stand_between_quotation_marks_makes_no_filter() {
    assertThat(
            EventFilter.anyOf(List.of(new EventFilter.Wanted(Set.of("a\" || \"b"), Set.of(192L)))))
        .isEmpty();
  }

  @Test
  void a_filter_that_is_longer_than_the_kernel_takes_is_none() {
    List<EventFilter.Wanted> many =
        Collections.nCopies(
            100,
            new EventFilter.Wanted(
                Set.copyOf(IntStream.range(0, 3).mapToObj(i -> "cache_" + i).toList()),
                Set.of(192L)));

    assertThat(EventFilter.anyOf(many)).isEmpty();
  }
}
