package io.github.noslableak.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.proc.Owner;
import io.github.noslableak.trace.alloc.Closings;
import io.github.noslableak.trace.alloc.Snapshot;
import io.github.noslableak.verdict.Account;
import io.github.noslableak.verdict.Range;
import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What each period left, by readings that a test writes. */
class PeriodsTests {

  private static final String CACHE = "filp";
  private static final int CLEANER = 77;
  private static final int ENDED = 78;
  private static final Owner TEST = new Owner(Whose.OWN, 100, "java");
  private static final Owner OTHER = new Owner(Whose.OTHERS, 50, "updatedb");

  private final Periods periods =
      new Periods(
          owner -> owner.whose() == Whose.OWN,
          (one, later, cache) -> 0,
          task -> task == CLEANER,
          task -> task == ENDED);
  private String cache = CACHE;
  private long cleanings;
  private long collections;
  private final Map<Integer, NavigableMap<Integer, Long>> closings = new HashMap<>();
  private long now;
  private Reading last = reading(Map.of());

  /** A reading of what the test has left, by the mark in which it was allocated. */
  private Reading reading(Map<Integer, Long> own) {
    List<Snapshot.Group> groups = new ArrayList<>();
    groups.add(new Snapshot.Group(OTHER, List.of(), new TreeMap<>(Map.of(1, 7L))));
    if (!own.isEmpty()) {
      groups.add(new Snapshot.Group(TEST, List.of(), new TreeMap<>(own)));
    }
    return new Reading(
        Map.of(cache, new Reading.Level(100, 0, 0, 0)),
        new Snapshot(
            List.of(new Snapshot.CacheLive(cache, Map.of(), 0, 0, groups)),
            0,
            0,
            0,
            Set.of(),
            new Closings(
                closings.entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey, entry -> new TreeMap<>(entry.getValue()))))),
        new Cleanings(cleanings, cleanings, collections),
        now += 1_000_000);
  }

  /** Ends a period of one mark, the number of the period from 1 on. */
  private void period(Map<Integer, Long> left) {
    int mark = periods.all().size() + 1;
    Reading closing = reading(left);
    periods.add(new Periods.Ended(mark, mark + 1, last, closing));
    last = closing;
  }

  private void later(Map<Integer, Long> left) {
    periods.add(List.of(reading(left)));
  }

  /** More files of a mark were closed by a thread that had not opened them. */
  private void closed(int thread, int mark, long files) {
    closings.computeIfAbsent(thread, first -> new TreeMap<>()).merge(mark, files, Long::sum);
  }

  private void collect() {
    cleanings++;
    collections++;
  }

  private Range left(int number) {
    return periods.account(number, cache).left(Whose.OWN);
  }

  @Test
  void what_stays_is_left_by_the_period_that_allocated_it() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(1, 1L, 2, 2L));

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(2));
  }

  @Test
  void what_is_allocated_between_periods_is_in_none_of_them() {
    periods.add(new Periods.Ended(1, 3, last, last));
    periods.add(new Periods.Ended(4, 5, last, last));

    assertThat(List.of(0, 3, 5)).noneMatch(periods::isIn);
    assertThat(List.of(1, 2, 4)).allMatch(periods::isIn);
  }

  @Test
  void what_takes_the_place_of_an_earlier_periods_is_not_left() {
    period(Map.of(1, 30L));
    period(Map.of(2, 30L));
    period(Map.of(3, 30L));

    assertThat(left(0)).isEqualTo(Range.exactly(30));
    assertThat(left(1)).isEqualTo(Range.exactly(0));
    assertThat(left(2)).isEqualTo(Range.exactly(0));
  }

  @Test
  void what_the_teardown_gives_back_is_not_left() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(2, 1L));

    assertThat(left(0)).isEqualTo(Range.exactly(0));
    assertThat(left(1)).isEqualTo(Range.exactly(1));
  }

  @Test
  void where_a_collection_closed_something_in_the_teardown_it_is_not_known() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    collect();
    later(Map.of());

    assertThat(left(0)).isEqualTo(new Range(0, 1));
    assertThat(left(1)).isEqualTo(new Range(0, 2));
  }

  /** The kernel tells who closed a file, so it need not be guessed. */
  @Test
  void what_another_thread_closes_was_not_collected_whatever_the_cleaners_did() {
    closed(1, 1, 5);
    period(Map.of(1, 4L));
    period(Map.of(1, 4L, 2, 8L));
    collect();
    closed(1, 2, 12);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(0));
    assertThat(left(1)).isEqualTo(Range.exactly(0));
  }

  @Test
  void no_more_was_collected_than_the_cleaners_closed() {
    closed(1, 1, 5);
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(1, 1L, 2, 2L));
    collect();
    closed(CLEANER, 2, 1);
    closed(1, 1, 2);
    later(Map.of());

    assertThat(left(0)).as("by another thread").isEqualTo(Range.exactly(0));
    assertThat(left(1)).as("one of the two").isEqualTo(Range.exactly(1));
    assertThat(periods.wasCollected(periods.all().get(0), CACHE)).isFalse();
    assertThat(periods.wasCollected(periods.all().get(1), CACHE)).isTrue();
  }

  @Test
  void of_each_period_no_more_was_collected_than_the_cleaners_closed_of_its_own() {
    closed(1, 1, 5);
    period(Map.of(1, 3L));
    period(Map.of(1, 3L, 2, 6L));
    later(Map.of(1, 3L, 2, 6L));
    closed(CLEANER, 1, 1);
    closed(CLEANER, 2, 2);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(2));
  }

  /** The server closes its ends by the thread that accepted them. */
  @Test
  void the_other_ends_of_connections_that_a_collection_closed_were_left_too() {
    cache = "sock_inode_cache";
    last = reading(Map.of());
    closed(1, 1, 5);
    period(Map.of(1, 2L));
    period(Map.of(1, 2L, 2, 4L));
    period(Map.of(1, 2L, 2, 4L, 3, 10L));
    later(Map.of(1, 2L, 2, 4L, 3, 10L));
    closed(CLEANER, 1, 1);
    closed(CLEANER, 2, 2);
    closed(CLEANER, 3, 4);
    closed(1, 3, 1); // One that was kept, whose other end goes with it.
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(2));
    assertThat(left(1)).isEqualTo(Range.exactly(4));
    assertThat(left(2)).as("but for the one that was kept").isEqualTo(new Range(4, 8));
  }

  @Test
  void other_ends_that_another_thread_closes_than_accepted_them_were_left_too() {
    cache = "sock_inode_cache";
    last = reading(Map.of());
    closed(1, 1, 5);
    period(Map.of(1, 8L));
    later(Map.of(1, 8L));
    closed(CLEANER, 1, 4);
    closed(1, 1, 4);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(8));
  }

  @Test
  void other_ends_that_go_in_a_later_period_were_left_too() {
    cache = "sock_inode_cache";
    last = reading(Map.of());
    closed(1, 1, 5);
    period(Map.of(1, 2L));
    closed(CLEANER, 1, 1);
    period(Map.of(2, 4L));

    assertThat(left(1)).as("in place of the two that were collected").isEqualTo(Range.exactly(4));
  }

  /** The other end of a file is none. */
  @Test
  void where_sockets_are_not_followed_there_are_no_other_ends() {
    closed(1, 1, 5);
    period(Map.of(1, 2L));
    later(Map.of(1, 2L));
    closed(CLEANER, 1, 1);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(1));
  }

  @Test
  void what_took_the_place_of_an_earlier_period_s_was_not_kept_since_before_it() {
    period(Map.of(1, 2L));
    period(Map.of(2, 4L));
    later(Map.of(2, 4L));
    periods.lingered(true);
    later(Map.of(2, 1L));

    assertThat(kept(1)).isZero();
    assertThat(left(1)).isEqualTo(Range.exactly(-1));
  }

  @Test
  void what_a_collection_closes_in_a_period_was_left_by_the_one_that_opened_it() {
    closed(1, 1, 5);
    period(Map.of(1, 2L));
    period(Map.of(1, 2L, 2, 4L));
    closed(CLEANER, 2, 3);
    period(Map.of(3, 8L));

    assertThat(periods.account(2, CACHE).booked().orElseThrow().collected()).isEqualTo(3);
    assertThat(periods.wasCollected(periods.all().get(0), CACHE)).isFalse();
    assertThat(periods.wasCollected(periods.all().get(1), CACHE)).isTrue();
  }

  /** Before 6.13. */
  @Test
  void where_it_is_not_known_when_a_file_was_opened_that_may_have_been_in_any_period() {
    closed(1, Closings.UNKNOWN, 5);
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(1, 1L, 2, 2L));
    closed(CLEANER, Closings.UNKNOWN, 1);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(1));
  }

  @Test
  void a_period_is_disturbed_by_what_cleaners_close_and_not_by_their_waking() {
    closed(1, 1, 5);
    Reading opening = reading(Map.of());
    collect();
    Reading woken = reading(Map.of());
    closed(CLEANER, 1, 1);
    Reading closed = reading(Map.of());

    assertThat(periods.mayHaveCollected(opening, woken)).isFalse();
    assertThat(periods.mayHaveCollected(woken, closed)).isTrue();
  }

  /** As the selector's thread of a forgotten java.net.http client, which ends without a trace. */
  @Test
  void a_period_is_disturbed_by_what_a_thread_closes_that_ends_after_a_collection() {
    closed(ENDED, 1, 5);
    Reading opening = reading(Map.of());
    closed(ENDED, 1, 2);
    Reading ended = reading(Map.of());
    collect();
    Reading collected = reading(Map.of());

    assertThat(periods.mayHaveCollected(opening, ended)).as("no collection").isFalse();
    assertThat(periods.mayHaveCollected(ended, collected)).as("it closed nothing").isFalse();
    assertThat(periods.mayHaveCollected(opening, collected)).isTrue();
  }

  /** In the kernel's time for a connection, which any process of this machine may have made. */
  @Test
  void what_an_interrupt_of_others_allocated_is_beyond_the_ledger_and_not_the_test_s() {
    Reading opening = last;
    Reading closing =
        new Reading(
            Map.of(CACHE, new Reading.Level(103, 0, 0, 0)),
            new Snapshot(
                List.of(
                    new Snapshot.CacheLive(
                        CACHE,
                        Map.of(),
                        0,
                        0,
                        List.of(
                            new Snapshot.Group(
                                Owner.INTERRUPT_OF_OTHERS,
                                List.of(),
                                new TreeMap<>(Map.of(1, 3L)))))),
                0,
                0,
                0,
                Set.of(),
                Closings.unknown()),
            new Cleanings(0, 0, 0),
            1);
    periods.add(new Periods.Ended(1, 2, opening, closing));

    assertThat(periods.account(0, CACHE).left(Whose.OWN)).isEqualTo(Range.exactly(0));
    assertThat(periods.account(0, CACHE).left(Whose.UNBOOKED)).isEqualTo(Range.exactly(3));
  }

  @Test
  void what_a_thread_closed_that_ended_is_not_counted_as_collected() {
    closed(ENDED, 1, 5);
    period(Map.of(1, 1L));
    collect();
    closed(ENDED, 1, 1);
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(0));
  }

  @Test
  void where_it_is_not_known_who_closed_a_file_their_waking_disturbs() {
    Reading opening = reading(Map.of());
    collect();

    assertThat(periods.mayHaveCollected(opening, reading(Map.of()))).isTrue();
  }

  /** As they do once a minute. */
  @Test
  void threads_that_wake_without_a_collection_closed_nothing() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    cleanings++;
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(0));
  }

  @Test
  void what_a_collection_found_may_be_cleaned_up_some_time_after_it() {
    period(Map.of(1, 1L));
    collections++;
    period(Map.of(1, 1L, 2, 2L));
    now += 1_000_000_000;
    cleanings++;
    later(Map.of());

    assertThat(left(0)).isEqualTo(new Range(0, 1));
  }

  @Test
  void what_is_cleaned_up_while_the_books_are_read_is_no_secret() {
    period(Map.of(1, 1L));
    Reading during =
        new Reading(
            last.levels(),
            last.ledger(),
            new Cleanings(cleanings, ++cleanings, ++collections),
            now);
    periods.add(new Periods.Ended(2, 3, last, during));
    later(Map.of());

    assertThat(left(0)).isEqualTo(new Range(0, 1));
  }

  /** Such as files on a private mount. */
  @Test
  void a_collection_closes_sockets_and_deletes_no_files() {
    cache = "sock_inode_cache";
    last = reading(Map.of());
    period(Map.of(1, 1L));
    collect();
    later(Map.of());
    assertThat(left(0)).isEqualTo(new Range(0, 1));

    PeriodsTests other = new PeriodsTests();
    other.cache = "shmem_inode_cache";
    other.last = other.reading(Map.of());
    other.period(Map.of(1, 50L));
    other.collect();
    other.later(Map.of());
    assertThat(other.left(0)).isEqualTo(Range.exactly(0));
  }

  /** Such as epoll's, which go with their descriptors. */
  @Test
  void a_collection_closes_what_is_no_inode() {
    cache = "eventpoll_epi";
    last = reading(Map.of());
    period(Map.of(1, 1L));
    collect();
    later(Map.of());

    assertThat(left(0)).isEqualTo(new Range(0, 1));
  }

  @Test
  void a_collection_that_closed_no_file_took_nothing_away() {
    period(Map.of(1, 1L));
    collect();
    later(Map.of(1, 1L));

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(periods.wasCollected(periods.all().get(0), CACHE)).isFalse();
  }

  @Test
  void only_what_a_collection_took_something_of_is_named() {
    period(Map.of(1, 1L));
    period(Map.of(2, 2L));
    collect();
    later(Map.of());
    List<Reading> named = new ArrayList<>();
    Reading name = reading(Map.of(9, 9L));

    periods.nameCollected(
        List.of(CACHE),
        reading -> {
          named.add(reading);
          return name;
        });

    assertThat(named).as("the first went before the collection").containsExactly(last);
    assertThat(periods.all().get(1).closing()).isSameAs(name);
    assertThat(periods.all().get(0).closing()).isNotSameAs(name);
  }

  @Test
  void what_a_collection_closes_in_a_later_period_was_left_by_all_the_same() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    collect();
    period(Map.of(3, 4L));
    later(Map.of(3, 4L));

    Account third = periods.account(2, CACHE);

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(2));
    assertThat(third.left(Whose.OWN)).isEqualTo(Range.exactly(4));
    assertThat(third.booked().orElseThrow().collected()).isEqualTo(3);
    assertThat(periods.wasCollected(periods.all().get(0), CACHE)).isTrue();
    assertThat(periods.wasCollected(periods.all().get(2), CACHE)).isFalse();
  }

  @Test
  void what_goes_in_a_later_period_without_a_collection_took_its_time() {
    period(Map.of(1, 1L));
    period(Map.of(2, 2L));

    assertThat(left(1)).isEqualTo(Range.exactly(1));
    assertThat(periods.wasCollected(periods.all().get(0), CACHE)).isFalse();
  }

  @Test
  void what_a_collection_closes_when_the_teardown_is_over_was_left() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(1, 1L, 2, 2L));
    collect();
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(2));
  }

  @Test
  void what_goes_long_after_a_collection_took_its_time() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    collect();
    later(Map.of(1, 1L, 2, 2L));
    now += 1_000_000_000;
    later(Map.of(1, 1L, 2, 2L));
    now += 1_000_000_000;
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(0));
    assertThat(left(1)).isEqualTo(Range.exactly(0));
  }

  @Test
  void what_was_kept_to_be_used_again_is_given_back_also_where_a_collection_comes() {
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 2L));
    later(Map.of(1, 1L, 2, 2L));
    periods.lingered(false);
    collect();
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(0));
    assertThat(left(1)).isEqualTo(Range.exactly(0));
    assertThat(kept(0)).isEqualTo(1);
    assertThat(kept(1)).isEqualTo(2);
  }

  private long kept(int number) {
    return periods.account(number, cache).booked().orElseThrow().kept();
  }

  @Test
  void what_a_collection_closes_beside_what_was_kept_is_told_from_that_where_the_kernel_does() {
    closed(1, 1, 5);
    period(Map.of(1, 1L));
    period(Map.of(1, 1L, 2, 3L));
    later(Map.of(1, 1L, 2, 3L));
    periods.lingered(true);
    closed(CLEANER, 1, 1);
    closed(CLEANER, 2, 2);
    later(Map.of(2, 1L));
    now += 1_000_000_000;
    later(Map.of());

    assertThat(left(0)).isEqualTo(Range.exactly(1));
    assertThat(left(1)).isEqualTo(Range.exactly(2));
    assertThat(kept(0)).isZero();
    assertThat(kept(1)).isEqualTo(1);
  }

  @Test
  void what_goes_before_that_was_not_kept() {
    period(Map.of(1, 1L));
    later(Map.of(1, 1L));
    later(Map.of());
    periods.lingered(true);
    later(Map.of());

    assertThat(kept(0)).isZero();
  }

  @Test
  void a_ledger_that_missed_nothing_explains_the_counter() {
    Reading opening = reading(Map.of());
    Reading closing =
        new Reading(
            Map.of(CACHE, new Reading.Level(108, 0, 0, 0)),
            reading(Map.of(1, 1L)).ledger(),
            new Cleanings(0, 0, 0),
            0);
    Periods one =
        new Periods(owner -> true, (from, until, cache) -> 3, task -> false, task -> false);
    one.add(new Periods.Ended(1, 2, opening, closing));

    assertThat(one.account(0, CACHE).discrepancy()).isEqualTo(3);
    assertThat(periods.last()).isEmpty();
    assertThat(one.last()).contains(closing);
  }
}
