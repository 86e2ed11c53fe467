package io.github.noslableak.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.trace.alloc.Closings;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Counts;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the counter shows beyond the ledger, by levels that a test writes. */
class ReadingTests {

  private static final String CACHE = "filp";
  private static final Reading OPENING = reading(new Reading.Level(500, 20, 5, 0));

  private static Reading reading(Reading.Level level) {
    return reading(Map.of(CACHE, level));
  }

  private static Reading reading(Map<String, Reading.Level> levels) {
    return new Reading(
        levels,
        new Snapshot(List.of(), 0, 0, 0, Set.of(), Closings.unknown()),
        new Cleanings(0, 0, 0),
        0);
  }

  @Test
  void what_the_ledger_knows_of_is_nothing_beyond_it() {
    // Seven came, and three went of those that were there before.
    Reading later = reading(new Reading.Level(504, 24, 8, 0));

    assertThat(later.discrepancySince(OPENING, CACHE)).isZero();
    assertThat(later.leastUnseenSince(OPENING, CACHE)).isEqualTo(-3);
  }

  @Test
  void what_came_unseen_and_lives_is_beyond_the_ledger() {
    Reading later = reading(new Reading.Level(504, 20, 5, 0));

    assertThat(later.discrepancySince(OPENING, CACHE)).isEqualTo(4);
    assertThat(later.leastUnseenSince(OPENING, CACHE)).isEqualTo(4);
  }

  @Test
  void what_came_unseen_and_was_seen_to_go_does_not_live() {
    Reading later = reading(new Reading.Level(500, 16, 9, 0));

    assertThat(later.discrepancySince(OPENING, CACHE)).isEqualTo(4);
    assertThat(later.leastUnseenSince(OPENING, CACHE)).isZero();
  }

  @Test
  void a_cache_that_stood_still_when_it_was_read_is_at_rest() {
    assertThat(OPENING.isAtRest(CACHE)).isTrue();
    assertThat(reading(new Reading.Level(500, 20, 5, 1)).isAtRest(CACHE)).isFalse();
  }

  @Test
  void a_cache_that_is_not_there_has_no_level_and_shows_nothing() {
    Reading none = reading(Map.of());

    assertThat(none.isThere(CACHE)).isFalse();
    assertThat(none.isAtRest(CACHE)).isFalse();
    assertThat(none.discrepancySince(OPENING, CACHE)).isZero();
    assertThat(none.leastUnseenSince(OPENING, CACHE)).isZero();
    assertThat(OPENING.discrepancySince(none, CACHE)).isZero();
    assertThat(OPENING.leastUnseenSince(none, CACHE)).isZero();
    assertThat(none.row(CACHE, 3)).isEqualTo(new Counts.Row(OptionalLong.empty(), 0));
    assertThat(OPENING.row(CACHE, 3)).isEqualTo(new Counts.Row(OptionalLong.of(500), 3));
    assertThatThrownBy(() -> none.level(CACHE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(CACHE);
  }
}
