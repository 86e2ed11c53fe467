package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.Booked;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlubDebugEvidenceTests {

  private static final Grown LEAK =
      new Grown(Set.of("dentry"), Map.of("dentry", 6L), true, true, Optional.empty());

  private final Deque<Optional<AllocTraces>> readings = new ArrayDeque<>();
  private final SlubDebugEvidence evidence = new SlubDebugEvidence(readings::removeFirst);

  private void read(Map<String, Map<List<String>, Long>> objects) {
    readings.add(Optional.of(new AllocTraces(objects)));
  }

  private List<Booked> booked(Grown grown) {
    evidence.suspicion(Duration.ZERO);
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    return facts.booked();
  }

  @Test
  void what_made_at_least_half_of_what_the_rounds_left_is_told() {
    read(Map.of("dentry", Map.of(List.of("d_alloc", "open"), 10L), "filp", Map.of()));
    read(
        Map.of(
            "dentry",
            Map.of(List.of("d_alloc", "open"), 13L, List.of("d_alloc", "mkdir"), 2L),
            "filp",
            Map.of(List.of("alloc_file"), 90L)));

    assertThat(booked(LEAK))
        .containsExactly(new Booked.Counted("dentry", 3, List.of("d_alloc", "open")));
    assertThat(readings).isEmpty();
  }

  @Test
  void four_ways_of_allocation_are_enough() {
    Map<List<String>, Long> now = new HashMap<>();
    for (long way = 3; way < 9; way++) {
      now.put(List.of("way" + way), way);
    }
    read(Map.of("dentry", Map.of()));
    read(Map.of("dentry", now));

    assertThat(booked(LEAK)).extracting(Booked::objects).containsExactly(8L, 7L, 6L, 5L);
  }

  @Test
  void where_nothing_leaks_the_books_are_not_read_again() {
    read(Map.of("dentry", Map.of()));

    assertThat(booked(new Grown(Set.of("dentry"), Map.of(), false, true, Optional.empty())))
        .isEmpty();
  }

  @Test
  void a_kernel_without_books_is_not_asked_again() {
    readings.add(Optional.empty());

    assertThat(booked(LEAK)).isEmpty();
  }

  @Test
  void books_that_are_gone_say_nothing() {
    read(Map.of("dentry", Map.of()));
    readings.add(Optional.empty());

    assertThat(booked(LEAK)).isEmpty();
  }
}
