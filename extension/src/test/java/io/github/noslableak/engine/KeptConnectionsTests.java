package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.Counts;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeptConnectionsTests {

  private int open = 3;
  private int counts;
  private int lastCounts;
  private boolean kept = true;

  private Counts count() {
    counts++;
    return new Counts(
        Map.of("sock_inode_cache", new Counts.Row(OptionalLong.of(open), 0)),
        open == 0,
        1,
        Duration.ZERO);
  }

  private Counts countLast() {
    lastCounts++;
    return count();
  }

  private Counts countWithin(Duration longest, Runnable afterFirst) {
    return new KeptConnections(
            () -> kept, counted -> !counted.settled(), Duration.ofMillis(1), longest)
        .count(
            () -> {
              Counts counted = count();
              afterFirst.run();
              return counted;
            },
            this::count,
            this::count);
  }

  private void close() {
    open = 0;
    kept = false;
  }

  /** It closes all and ends between a count and the next question. */
  @Test
  void what_the_keeper_closed_before_it_ended_is_counted_once_more() {
    assertThat(countWithin(Duration.ofHours(1), this::close).settled()).isTrue();
    assertThat(counts).isEqualTo(2);
  }

  @Test
  void without_a_keeper_one_count_is_enough() {
    kept = false;

    assertThat(countWithin(Duration.ofHours(1), () -> {}).settled()).isFalse();
    assertThat(counts).isEqualTo(1);
  }

  @Test
  void what_a_keeper_that_ended_did_not_close_stays() {
    assertThat(countWithin(Duration.ofHours(1), () -> kept = false).settled()).isFalse();
    assertThat(counts).isEqualTo(2);
  }

  @Test
  void nobody_is_waited_for_when_all_is_gone() {
    open = 0;

    assertThat(countWithin(Duration.ofHours(1), () -> {}).settled()).isTrue();
    assertThat(counts).isEqualTo(1);
  }

  @Test
  void a_keeper_s_end_is_not_waited_for_any_longer() {
    KeptConnections waiting =
        new KeptConnections(
            () -> open-- > 0, counted -> true, Duration.ofHours(1), Duration.ofHours(1));

    assertThat(waiting.count(this::count, this::count, this::countLast)).isNotNull();
    assertThat(counts).isEqualTo(2);
    assertThat(open).as("asked until it was gone").isEqualTo(-1);
    assertThat(lastCounts).isEqualTo(1);
  }

  /** Such as for connections of other tests. */
  @Test
  void what_goes_before_its_keeper_ends_is_counted_now_and_then() {
    KeptConnections waiting =
        new KeptConnections(
            () -> true, counted -> !counted.settled(), Duration.ofMillis(1), Duration.ofHours(1));

    Counts last =
        waiting.count(
            this::count,
            () -> {
              open--;
              return count();
            },
            this::countLast);

    assertThat(last.settled()).isTrue();
    assertThat(counts).as("three of them, and the first").isEqualTo(4);
    assertThat(lastCounts).isZero();
  }

  @Test
  void a_keeper_that_keeps_for_ever_is_not_waited_for_for_ever() {
    assertThat(countWithin(Duration.ofMillis(20), () -> {}).settled()).isFalse();
    assertThat(counts).isGreaterThan(1);
  }
}
