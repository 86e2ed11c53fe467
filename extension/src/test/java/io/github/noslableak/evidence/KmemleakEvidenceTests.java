package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.report.Booked;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KmemleakEvidenceTests {

  private static final Grown LEAK =
      new Grown(
          Set.of("kmalloc-256", "dentry"),
          Map.of("kmalloc-256", 4L, "dentry", 90L),
          true,
          true,
          Optional.empty());

  private int scans;

  private List<Booked> booked(
      Optional<Kmemleak> before, Map<String, Kmemleak.Lost> found, Grown grown) {
    KmemleakEvidence evidence =
        new KmemleakEvidence(
            () -> before,
            () -> {
              scans++;
              return Optional.of(new Kmemleak(found));
            });
    evidence.suspicion(Duration.ZERO);
    evidence.lookAgain(grown);
    Facts facts = new Facts();
    evidence.facts(grown, facts);
    return facts.booked();
  }

  private static Map<String, Kmemleak.Lost> lost(int objects, int ways) {
    Map<String, Kmemleak.Lost> lost = new HashMap<>();
    for (int way = 0; way < ways; way++) {
      for (int i = 0; i < objects; i++) {
        lost.put("0x" + way + "." + i, new Kmemleak.Lost(256, List.of("kmalloc", "way" + way)));
      }
    }
    return lost;
  }

  @Test
  void at_least_half_of_the_least_that_the_rounds_left_is_told() {
    Optional<Kmemleak> none = Optional.of(new Kmemleak(Map.of()));

    assertThat(booked(none, lost(2, 1), LEAK))
        .containsExactly(new Booked.Unreferenced(256, 2, List.of("kmalloc", "way0")));
    assertThat(booked(none, lost(1, 1), LEAK)).isEmpty();
  }

  @Test
  void what_was_lost_before_is_not_told() {
    assertThat(booked(Optional.of(new Kmemleak(lost(2, 1))), lost(2, 1), LEAK)).isEmpty();
  }

  @Test
  void four_ways_of_allocation_are_enough() {
    assertThat(booked(Optional.of(new Kmemleak(Map.of())), lost(2, 6), LEAK)).hasSize(4);
  }

  @Test
  void only_a_leak_on_a_kernel_that_has_it_is_worth_the_seconds_of_a_scan() {
    Grown noLeak = new Grown(Set.of("dentry"), Map.of(), false, true, Optional.empty());

    assertThat(booked(Optional.of(new Kmemleak(Map.of())), lost(2, 1), noLeak)).isEmpty();
    assertThat(booked(Optional.empty(), lost(2, 1), LEAK)).isEmpty();
    assertThat(scans).isZero();
  }
}
