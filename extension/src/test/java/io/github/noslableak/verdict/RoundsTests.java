package io.github.noslableak.verdict;

import static io.github.noslableak.verdict.BooksOf.CACHE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rounds of 1, 2, 4, ... iterations of one suspected cache. */
class RoundsTests {

  private static final SuspectedCache SUSPECTED = new SuspectedCache(CACHE, 0, 1, true);

  private static Course course(int rounds) {
    List<Course.Run> runs = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      runs.add(new Course.Run(i, 1 << i, 1_000_000L << i));
    }
    return new Course(runs, Optional.empty(), List.of());
  }

  private static Rounds rounds(Statement books) {
    return new Rounds(List.of(SUSPECTED), books, course(books.periods().size()), 0, new Promise(1));
  }

  private static Scaling judged(Rounds rounds, long overTest, long sinceRounds) {
    return rounds
        .confirmation(Map.of(CACHE, overTest), Map.of(CACHE, sinceRounds), Optional.empty())
        .of(CACHE)
        .orElseThrow()
        .scaling();
  }

  // Whether further rounds would say something

  @Test
  void a_leak_settles_it() {
    assertThat(rounds(BooksOf.ledger(1, 2).statement()).areSettled()).isTrue();
  }

  @Test
  void what_is_unclear_does_not() {
    assertThat(rounds(BooksOf.ledger(0, 1).statement()).areSettled()).isFalse();
  }

  @Test
  void beside_what_leaks_three_rounds_are_enough_for_what_is_unclear() {
    assertThat(besideALeak(0, 1).areSettled()).isFalse();
    assertThat(besideALeak(0, 1, 0).areSettled()).isTrue();
    assertThat(rounds(BooksOf.ledger(0, 1, 0).statement()).areSettled()).isFalse();
  }

  private static Rounds besideALeak(long... own) {
    List<Map<String, Account>> periods = new ArrayList<>();
    for (int round = 0; round < own.length; round++) {
      periods.add(Map.of(CACHE, account(CACHE, own[round]), "filp", account("filp", 1L << round)));
    }
    return new Rounds(
        List.of(SUSPECTED, new SuspectedCache("filp", 0, 1, true)),
        new Statement(List.of(Whose.OWN, Whose.UNBOOKED), periods, Map.of(), 0, List.of()),
        course(own.length),
        0,
        new Promise(1));
  }

  private static Account account(String cache, long own) {
    return new Account(
        cache, 100, 100 + own, 0, Optional.of(new Account.Booked(own, 0, 0, 0, own)));
  }

  /** A garbage collection may have closed it in the teardown. */
  @Test
  void what_was_in_proportion_until_garbage_was_collected_leaks() {
    assertThat(judged(rounds(perhapsCollected(1, 2)), 0, 0)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(perhapsCollected(1, 0)), 0, 0)).isNotEqualTo(Scaling.LEAKS);
  }

  private static Statement perhapsCollected(long... perhaps) {
    return statement(
        LongStream.of(perhaps)
            .mapToObj(objects -> new Account.Booked(0, 0, objects, 0, objects))
            .toList());
  }

  /** Of each period, what the ledger says of the cache. */
  private static Statement statement(List<Account.Booked> periods) {
    return new Statement(
        List.of(Whose.OWN, Whose.UNBOOKED),
        periods.stream()
            .map(
                booked ->
                    Map.of(
                        CACHE,
                        new Account(CACHE, 100, 100 + booked.grown(), 0, Optional.of(booked))))
            .toList(),
        Map.of(CACHE, new Register(0, 0, 0, List.of(), List.of(), 0, 0)),
        0,
        List.of());
  }

  /** A server of the same JVM closed the other ends, and more went at the same time. */
  @Test
  void what_is_in_proportion_with_the_other_ends_of_what_was_collected_leaks() {
    assertThat(judged(rounds(collected(1, 1, 2, 2)), 0, 0)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(collected(2, 0, 2, 2)), 0, 0)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(collected(1, 1, 2, 0)), 0, 0)).as("1 and 2").isEqualTo(Scaling.LEAKS);
    assertThat(
            rounds(collected(1, 1, 2, 2, 4, 4))
                .confirmation(Map.of(), Map.of(), Optional.empty())
                .of(CACHE)
                .orElseThrow()
                .perIteration())
        .as("with the other ends")
        .isEqualTo(2);
    assertThat(judged(rounds(collected(1, 1, 0, 0)), 0, 0)).isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(collected(1, 1, 1, 1)), 0, 0)).isNotEqualTo(Scaling.LEAKS);
  }

  /** Of each round, what was collected for sure and what may have been beside that. */
  private static Statement collected(long... surely) {
    List<Account.Booked> periods = new ArrayList<>();
    for (int at = 0; at < surely.length; at += 2) {
      periods.add(new Account.Booked(0, surely[at], surely[at + 1], 0, surely[at]));
    }
    return statement(periods);
  }

  /** One request leaves a connection to be used again, and the next one forgets it. */
  @Test
  void what_goes_of_the_last_round_alone_was_kept_since_before_the_rounds() {
    assertThat(judged(rounds(keeping(2, 0, 2, 2)), 0, 0)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(keeping(2, 0, 4, 0, 6, 2)), 0, 0)).isEqualTo(Scaling.LEAKS);
  }

  @Test
  void what_was_kept_since_before_the_rounds_beside_what_was_collected() {
    Statement books =
        statement(List.of(new Account.Booked(0, 0, 2, 0, 2), new Account.Booked(0, 1, 1, 2, 4)));

    assertThat(judged(rounds(books), 0, 0)).as("2 and 2, and 2 more").isEqualTo(Scaling.LEAKS);
  }

  /** As of a server for each run, to which a connection is kept each time. */
  @Test
  void what_goes_of_each_round_is_kept_and_not_left() {
    assertThat(judged(rounds(keeping(0, 2, 0, 4)), 0, 0)).isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(keeping(1, 1, 1, 3)), 0, 0)).isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(keeping(0, 0, 0, 4)), 0, 0))
        .as("nothing is left of any round")
        .isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(keeping(2, 0, 2, 1)), 0, 0))
        .as("not in proportion")
        .isNotEqualTo(Scaling.LEAKS);
  }

  /** Of each round, what it left and what it kept. */
  private static Statement keeping(long... leftAndKept) {
    List<Account.Booked> periods = new ArrayList<>();
    for (int at = 0; at < leftAndKept.length; at += 2) {
      long left = leftAndKept[at];
      periods.add(new Account.Booked(left, 0, 0, leftAndKept[at + 1], left));
    }
    return statement(periods);
  }

  @Test
  void two_empty_rounds_settle_what_would_have_shown_in_them() {
    assertThat(rounds(BooksOf.ledger(0, 0, 0).statement()).areSettled()).isTrue();
    assertThat(rounds(BooksOf.ledger(0, 0).statement()).areSettled())
        .as("three iterations of a leak of one in each may be chance")
        .isFalse();
    assertThat(
            new Rounds(
                    List.of(new SuspectedCache(CACHE, 0, 0.1, true)),
                    BooksOf.ledger(0, 0, 0).statement(),
                    course(3),
                    0,
                    new Promise(1))
                .areSettled())
        .as("a rare leak comes when it comes")
        .isFalse();
  }

  @Test
  void others_have_three_rounds_to_show_whether_they_leak() {
    SuspectedCache byUnrest = new SuspectedCache(CACHE, 0, 0, false);
    Statement two = new BooksOf().period(0, 0, 0).period(0, 0, 3).statement();
    Statement three = new BooksOf().period(0, 0, 0).period(0, 0, 0).period(0, 0, 3).statement();

    assertThat(new Rounds(List.of(byUnrest), two, course(2), 0, new Promise(1)).areSettled())
        .isFalse();
    assertThat(new Rounds(List.of(byUnrest), three, course(3), 0, new Promise(1)).areSettled())
        .isTrue();
    assertThat(
            new Rounds(
                    List.of(byUnrest),
                    BooksOf.ledger(0, 0).statement(),
                    course(2),
                    0,
                    new Promise(1))
                .areSettled())
        .isTrue();
  }

  // Whether others may have done it

  @Test
  void what_others_leave_needs_turns_and_what_the_test_leaves_does_not() {
    assertThat(rounds(new BooksOf().period(0, 0, 2).period(0, 0, 4).statement()).needPairs())
        .isTrue();
    assertThat(rounds(BooksOf.ledger(2, 4).statement()).needPairs()).isFalse();
    assertThat(rounds(BooksOf.counters(0, 2, 4)).needPairs()).as("exact").isTrue();
    assertThat(rounds(BooksOf.counters(0, 2, 5)).needPairs()).isTrue();
  }

  @Test
  void a_turn_is_long_enough_for_eight_objects_and_in_exact_proportion_four_tell() {
    assertThat(rounds(new BooksOf().period(0, 0, 1).period(0, 0, 2).statement()).turns())
        .as("one in each iteration")
        .isEqualTo(new Turns(8, 4, 1));
    assertThat(rounds(new BooksOf().period(0, 0, 9).period(0, 0, 18).statement()).turns())
        .isEqualTo(new Turns(1, 1, 1));
    assertThat(rounds(new BooksOf().period(0, 0, 3).period(0, 0, 5).statement()).turns())
        .as("8 in 3 iterations, not in exact proportion")
        .isEqualTo(new Turns(3, 3, 2));
    assertThat(rounds(BooksOf.ledger(1, 2).statement()).turns()).isEqualTo(new Turns(1, 1, 1));
  }

  @Test
  void growth_that_is_not_exactly_proportional_is_held_against_idle_time() {
    assertThat(rounds(BooksOf.ledger(2, 5).statement()).needIdle()).isTrue();
    assertThat(rounds(BooksOf.ledger(2, 4).statement()).needIdle()).isFalse();
    assertThat(rounds(BooksOf.ledger(0, 0, 0).statement()).needIdle()).isFalse();
  }

  @Test
  void what_grows_while_nothing_runs_goes_on_by_itself() {
    Statement books = BooksOf.ledger(2, 5, 3).statement();
    Course withIdle = new Course(course(2).rounds(), Optional.of(new Course.Idle(2, 1)), List.of());
    Course longer = new Course(course(2).rounds(), Optional.of(new Course.Idle(2, 0.5)), List.of());

    assertThat(judged(new Rounds(List.of(SUSPECTED), books, withIdle, 0, new Promise(1)), 10, 10))
        .isEqualTo(Scaling.GOES_ON_BY_ITSELF);
    assertThat(judged(new Rounds(List.of(SUSPECTED), books, longer, 0, new Promise(1)), 10, 10))
        .as("less than half as much in as long a time")
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void turns_tell_whether_what_no_ledger_holds_comes_with_the_body() {
    Statement books = BooksOf.beyond(2, 4, 9, 0, 8, 0, 8, 0, 8, 0).statement();
    Course all = new Course(course(2).rounds(), Optional.empty(), pairs(Turns.MOST));
    Course some = new Course(course(2).rounds(), Optional.empty(), pairs(1));

    assertThat(judged(new Rounds(List.of(SUSPECTED), books, all, 0, new Promise(1)), 38, 38))
        .isEqualTo(Scaling.LEAKS);
    assertThat(judged(new Rounds(List.of(SUSPECTED), books, some, 0, new Promise(1)), 38, 38))
        .isEqualTo(Scaling.UNTRIED);
  }

  @Test
  void one_idle_time_clears_nothing_that_others_may_have_left() {
    for (Statement books :
        List.of(
            BooksOf.counters(0, 4, 8, 8),
            BooksOf.counters(0, 4, 7, 8),
            BooksOf.counters(1, 4, 8, 2),
            BooksOf.beyond(4, 8, 8).statement(),
            BooksOf.beyond(4, 7, 8).statement())) {
      Course idle = new Course(course(2).rounds(), Optional.of(new Course.Idle(2, 1)), List.of());

      assertThat(judged(new Rounds(List.of(SUSPECTED), books, idle, 0, new Promise(1)), 12, 12))
          .isEqualTo(Scaling.UNTRIED);
    }
  }

  @Test
  void by_counters_alone_all_turns_tell_and_not_the_idle_time_of_the_last() {
    Statement leak = BooksOf.counters(1, 3, 4, 8, 0, 9, -1, 8, 0, 8, 6);
    Statement others = BooksOf.counters(1, 3, 4, 8, 8, 8, 8, 8, 8, 8, 8);
    Course turns =
        new Course(course(2).rounds(), Optional.of(new Course.Idle(9, 1)), pairs(Turns.MOST));

    assertThat(judged(new Rounds(List.of(SUSPECTED), leak, turns, 0, new Promise(1)), 40, 40))
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(new Rounds(List.of(SUSPECTED), others, turns, 0, new Promise(1)), 40, 40))
        .isEqualTo(Scaling.GOES_ON_BY_ITSELF);
  }

  @Test
  void by_counters_alone_one_turn_does_not_tell_of_what_was_in_no_exact_proportion() {
    for (long[] doubtful :
        List.of(
            new long[] {0, 3, 4, 8, 0}, new long[] {0, 3, 4, 8, 4}, new long[] {0, 3, 4, 0, 8})) {
      Rounds rounds = counted(doubtful);

      assertThat(rounds.needPairs()).isTrue();
      assertThat(judged(rounds, 40, 40)).isEqualTo(Scaling.UNTRIED);
    }
  }

  @Test
  void by_counters_alone_one_turn_tells_of_what_was_in_exact_proportion() {
    for (long[] leak :
        List.of(
            new long[] {0, 2, 4, 8, 0}, new long[] {0, 2, 4, 9, -1}, new long[] {0, 2, 4, 6, 1})) {
      assertThat(counted(leak).needPairs()).isFalse();
      assertThat(judged(counted(leak), 40, 40)).isEqualTo(Scaling.LEAKS);
    }
    for (long[] doubtful :
        List.of(
            new long[] {0, 2, 4, 8, 3},
            new long[] {0, 2, 4, 8, -3},
            new long[] {0, 2, 4, 13, 0},
            new long[] {0, 2, 4, 5, 0},
            new long[] {1, 2, 4, 8, 0},
            new long[] {0, 1, 2, 3, 0})) {
      assertThat(counted(doubtful).needPairs()).isTrue();
      assertThat(judged(counted(doubtful), 40, 40)).isEqualTo(Scaling.UNTRIED);
    }
  }

  @Test
  void two_turns_tell_where_both_keep_the_rate_of_the_rounds_and_hardly_anything_comes_between() {
    assertThat(judged(counted(0, 3, 5, 10, 0, 9, -1), 40, 40)).isEqualTo(Scaling.LEAKS);
    assertThat(counted(0, 3, 5, 10, 0, 9, -1).needPairs()).isFalse();
    assertThat(judged(counted(0, 3, 5, 10, 0, 9, 0, 9, 4), 40, 40))
        .as("a third one, for another cache's sake, does not contradict")
        .isEqualTo(Scaling.LEAKS);
    for (long[] doubtful :
        List.of(
            new long[] {0, 3, 5, 10, 0, 17, 0},
            new long[] {0, 3, 5, 10, 0, 5, 0},
            new long[] {0, 3, 5, 10, 3, 9, 0},
            new long[] {0, 3, 5, 10, 0, 9, -3},
            new long[] {0, 3, 5, 10, 0, 9, 0, 9, 5},
            new long[] {0, 3, 5, 10, 0, 9, 0, 40, 0})) {
      assertThat(counted(doubtful).needPairs()).isTrue();
      assertThat(judged(counted(doubtful), 40, 40)).isEqualTo(Scaling.UNTRIED);
    }
  }

  @Test
  void by_counters_alone_exact_proportion_is_enough_where_nothing_comes_while_nothing_runs() {
    Course idle = new Course(course(2).rounds(), Optional.of(new Course.Idle(2, 1)), List.of());

    assertThat(judgedBeside(idle, 1, 2, 0)).isEqualTo(Scaling.LEAKS);
    assertThat(judgedBeside(idle, 1, 2, 1)).isEqualTo(Scaling.UNTRIED);
    assertThat(judgedBeside(idle, 1, 2, -1)).isEqualTo(Scaling.UNTRIED);
    assertThat(judgedBeside(idle, 2, 4, 0))
        .as("not in exact proportion to the first run")
        .isEqualTo(Scaling.UNTRIED);
    assertThat(judgedBeside(course(2), 1, 2)).as("not waited").isEqualTo(Scaling.UNTRIED);
  }

  private static Scaling judgedBeside(Course course, long... growths) {
    Statement books = BooksOf.counters(0, growths);
    return judged(new Rounds(List.of(SUSPECTED), books, course, 0, new Promise(1)), 10, 10);
  }

  /** Rounds of one and two iterations, and turns of four, by counters of some unrest. */
  private static Rounds counted(long... unrestAndGrowths) {
    int turns = (unrestAndGrowths.length - 3) / 2;
    return new Rounds(
        List.of(SUSPECTED),
        BooksOf.counters(
            unrestAndGrowths[0], Arrays.copyOfRange(unrestAndGrowths, 1, unrestAndGrowths.length)),
        new Course(
            course(2).rounds(),
            Optional.of(new Course.Idle(unrestAndGrowths.length - 2, 0.5)),
            pairs(turns)),
        0,
        new Promise(1));
  }

  @Test
  void turns_tell_also_of_what_was_in_exact_proportion() {
    Statement steady = BooksOf.counters(0, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16);
    Course turns =
        new Course(course(2).rounds(), Optional.of(new Course.Idle(9, 1)), pairs(Turns.MOST));

    assertThat(judged(new Rounds(List.of(SUSPECTED), steady, turns, 0, new Promise(1)), 140, 140))
        .isEqualTo(Scaling.GOES_ON_BY_ITSELF);
  }

  /** After two rounds, of four iterations each. */
  private static List<Course.Pair> pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj(pair -> new Course.Pair(new Course.Run(2 + 2 * pair, 4, 1), 3 + 2 * pair))
        .toList();
  }

  // After the teardown

  @Test
  void counters_believe_what_is_left_in_the_end() {
    assertThat(judged(counted(0, 2, 4, 8, 0), 16, 14)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(counted(0, 2, 4, 8, 0), 8, 6)).as("8 of 14").isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(counted(0, 2, 4, 8, 0), 0, 0)).isEqualTo(Scaling.IS_GIVEN_BACK);
  }

  @Test
  void a_ledger_that_agrees_with_the_counter_stands() {
    assertThat(judged(rounds(BooksOf.ledger(2, 4).statement()), 8, 6)).isEqualTo(Scaling.LEAKS);
  }

  @Test
  void a_ledger_that_an_exact_counter_contradicts_missed_frees() {
    BooksOf books = BooksOf.ledger(2, 4).contradicted(6);

    assertThat(judged(rounds(books.statement()), 0, 0)).isEqualTo(Scaling.IS_GIVEN_BACK);
    assertThat(judged(restless(books.statement()), 0, 0))
        .as("where others moved the counter, it is not known which of the two is right")
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(2, 4).contradicted(2).statement()), 0, 0))
        .as("it missed fewer than it holds")
        .isEqualTo(Scaling.LEAKS);
  }

  /** Such as a cache whose objects are freed in bulk: the ledger takes them for alive. */
  @Test
  void a_counter_that_ended_each_round_as_it_began_it_clears_what_a_ledger_missed_frees_of() {
    BooksOf books = new BooksOf().period(2, 0, -2).period(4, 0, -4);

    assertThat(judged(restless(books.contradicted(6).statement()), 0, 0))
        .isEqualTo(Scaling.DOES_NOT_REPEAT);
    assertThat(judged(restless(books.contradicted(0).statement()), 0, 0))
        .as("of a cache that is traced in full it missed none")
        .isEqualTo(Scaling.LEAKS);
  }

  private static Rounds restless(Statement books) {
    return new Rounds(
        List.of(new SuspectedCache(CACHE, 0, 1, false)),
        books,
        course(books.periods().size()),
        0,
        new Promise(1));
  }

  /** A process closes files of its own, before the ledger's opening or after. */
  @Test
  void what_the_ledger_confirmed_of_a_traced_cache_no_counter_clears() {
    assertThat(judged(rounds(BooksOf.ledger(1, 2).statement()), -282, -245))
        .isEqualTo(Scaling.LEAKS);
    assertThat(judged(rounds(BooksOf.ledger(1, 2).freedFromBefore(76).statement()), -282, -245))
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void a_ledger_that_missed_frees_does_not_find_a_leak_by_itself() {
    assertThat(judged(rounds(BooksOf.ledger(2, 4).freesMissed(1).statement()), 0, 0))
        .isEqualTo(Scaling.IS_GIVEN_BACK);
    assertThat(judged(rounds(BooksOf.ledger(2, 4).freesMissed(1).statement()), 8, 6))
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void a_ledger_that_lost_something_never_clears_a_cache() {
    Rounds empty = rounds(BooksOf.ledger(0, 0, 0).lost(1).statement());

    assertThat(judged(empty, 1, 1)).isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(empty, 0, 0))
        .as("the counters were at rest, and nothing is left")
        .isEqualTo(Scaling.DOES_NOT_REPEAT);
    assertThat(
            judged(
                new Rounds(
                    List.of(new SuspectedCache(CACHE, 0, 1, false)),
                    BooksOf.ledger(0, 0, 0).lost(1).statement(),
                    course(3),
                    0,
                    new Promise(1)),
                0,
                0))
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(2, 4).lost(1).statement()), 8, 6))
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void what_a_counter_shows_beyond_the_ledger_in_proportion_leaks_where_turns_agree() {
    Rounds untried = rounds(BooksOf.beyond(2, 4).statement());
    Rounds tried =
        new Rounds(
            List.of(SUSPECTED),
            BooksOf.beyond(2, 4, 8, 0, 8, 0, 8, 0, 8, 0).statement(),
            new Course(course(2).rounds(), Optional.empty(), pairs(Turns.MOST)),
            0,
            new Promise(1));

    assertThat(untried.areSettled()).isTrue();
    assertThat(untried.needPairs()).isTrue();
    assertThat(untried.cleared()).isEmpty();
    assertThat(judged(tried, 38, 38)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(tried, 0, 0)).as("gone after the teardown").isEqualTo(Scaling.IS_GIVEN_BACK);
  }

  @Test
  void one_turn_is_enough_where_all_is_in_exact_proportion_and_nothing_comes_between() {
    assertThat(byTurns(2, 4, 8, 0).needPairs()).isFalse();
    assertThat(judged(byTurns(2, 4, 8, 0), 14, 14)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(byTurns(5, 10, 20, 0, 20, 1), 55, 55))
        .as("a further one, for another cache's sake")
        .isEqualTo(Scaling.LEAKS);

    for (Rounds doubtful :
        List.of(
            byTurns(2, 4, 9, 0),
            byTurns(2, 4, 8, 1),
            byTurns(2, 4, 8, -1),
            byTurns(3, 5, 8, 0),
            byTurns(1, 2, 3, 0),
            byTurns(1, 2, 5, 0),
            byTurns(2, 4, 9, 0, 8, 4),
            byTurns(2, 4, 8, 0, 0, 0),
            byTurns(2, 4))) {
      assertThat(doubtful.needPairs()).isTrue();
      assertThat(judged(doubtful, 14, 14)).isEqualTo(Scaling.UNTRIED);
    }
  }

  @Test
  void what_came_in_the_last_rest_does_not_clear_what_the_turns_confirm() {
    assertThat(judged(byTurns(3, 5, 9, 0, 10, 0, 9, 0, 10, 1), 47, 47)).isEqualTo(Scaling.LEAKS);
    assertThat(judged(byTurns(3, 5, 9, 0, 0, 0, 9, 0, 10, 1), 37, 37))
        .as("not each time, and a few are chance")
        .isEqualTo(Scaling.DOES_NOT_REPEAT);
  }

  private static Rounds byTurns(long... beyond) {
    int pairs = (beyond.length - 2) / 2;
    return new Rounds(
        List.of(SUSPECTED),
        BooksOf.beyond(beyond).statement(),
        new Course(
            course(2).rounds(),
            pairs == 0 ? Optional.empty() : Optional.of(new Course.Idle(beyond.length - 1, 0.25)),
            pairs(pairs)),
        0,
        new Promise(1));
  }

  @Test
  void what_comes_beyond_the_ledger_now_and_then_is_cleared() {
    Rounds burst = rounds(BooksOf.beyond(249, 0, 0).statement());

    assertThat(burst.areSettled()).isTrue();
    assertThat(burst.cleared()).containsExactly(CACHE);
    assertThat(judged(burst, 0, 0)).isEqualTo(Scaling.DOES_NOT_REPEAT);
  }

  @Test
  void what_comes_beyond_the_ledger_again_and_again_is_not_cleared() {
    Rounds again = rounds(BooksOf.beyond(9, 5, 40).statement());

    assertThat(again.areSettled()).isFalse();
    assertThat(again.cleared()).isEmpty();
    assertThat(judged(again, 54, 54)).isEqualTo(Scaling.UNCLEAR);
  }

  @Test
  void without_enough_rounds_what_only_took_its_time_is_no_finding() {
    Rounds one = rounds(BooksOf.ledger(1).statement());
    Optional<Shortfall> shortfall = Optional.of(new Shortfall.Failed("java.io.IOException: gone"));

    assertThat(one.confirmation(Map.of(CACHE, 0L), Map.of(CACHE, 0L), shortfall).findings())
        .isEmpty();
    assertThat(one.confirmation(Map.of(CACHE, 1L), Map.of(CACHE, 1L), shortfall).findings())
        .hasSize(1);
    assertThat(one.confirmation(Map.of(), Map.of(), Optional.empty()).findings()).hasSize(1);
    assertThat(
            new Rounds(
                    List.of(new SuspectedCache(CACHE, 0, 1, false)),
                    BooksOf.ledger(1).statement(),
                    course(1),
                    0,
                    new Promise(1))
                .confirmation(Map.of(CACHE, 0L), Map.of(CACHE, 0L), shortfall)
                .findings())
        .as("a restless counter may hide what is left")
        .hasSize(1);
  }

  @Test
  void a_confirmation_says_whether_allocations_were_followed() {
    assertThat(
            rounds(BooksOf.ledger(1, 2).statement())
                .confirmation(Map.of(), Map.of(), Optional.empty())
                .followed())
        .isTrue();
    assertThat(
            rounds(BooksOf.counters(0, 1, 2))
                .confirmation(Map.of(), Map.of(), Optional.empty())
                .followed())
        .isFalse();
  }

  // What the rounds left

  @Test
  void a_ledger_knows_all_that_was_allocated_since_the_first_round() {
    Statement books = BooksOf.ledger(5, 1, 2).statement();
    Course afterFirstRun =
        new Course(
            List.of(new Course.Run(1, 1, 1), new Course.Run(2, 2, 2)), Optional.empty(), List.of());
    Rounds rounds = new Rounds(List.of(SUSPECTED), books, afterFirstRun, 1, new Promise(1));
    Confirmation confirmation =
        rounds.confirmation(Map.of(CACHE, 8L), Map.of(CACHE, 3L), Optional.empty());

    assertThat(rounds.left(CACHE, confirmation)).isEqualTo(3);
    assertThat(rounds.left("filp", confirmation)).isZero();
    assertThat(
            new Rounds(List.of(SUSPECTED), books, afterFirstRun, 3, new Promise(1))
                .left(CACHE, confirmation))
        .as("it was not run again after all")
        .isZero();
  }

  @Test
  void of_counters_only_what_is_confirmed_is_the_rounds() {
    Rounds leak =
        new Rounds(
            List.of(SUSPECTED),
            BooksOf.counters(0, 1, 2, 0),
            new Course(course(2).rounds(), Optional.of(new Course.Idle(2, 1)), List.of()),
            0,
            new Promise(1));
    Rounds once = rounds(BooksOf.counters(0, 3, 0, 0));

    assertThat(
            leak.left(
                CACHE, leak.confirmation(Map.of(CACHE, 4L), Map.of(CACHE, 3L), Optional.empty())))
        .isEqualTo(3);
    assertThat(
            once.left(
                CACHE, once.confirmation(Map.of(CACHE, 4L), Map.of(CACHE, 3L), Optional.empty())))
        .isZero();
  }

  @Test
  void of_counters_turns_leave_something_too() {
    Statement books = BooksOf.counters(0, 1, 2, 8, 0);
    Course course =
        new Course(
            course(2).rounds(),
            Optional.empty(),
            List.of(new Course.Pair(new Course.Run(2, 8, 1), 3)));
    Rounds rounds = new Rounds(List.of(SUSPECTED), books, course, 0, new Promise(1));

    assertThat(
            rounds.left(
                CACHE,
                rounds.confirmation(Map.of(CACHE, 12L), Map.of(CACHE, 11L), Optional.empty())))
        .isEqualTo(11);
  }

  // What is left when all is over

  /** Rounds of a body whose first run is the first period. */
  private static Rounds afterFirstRun(BooksOf books) {
    Statement said = books.statement();
    int rounds = said.periods().size() - 1;
    List<Course.Run> runs = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      runs.add(new Course.Run(round + 1, 1 << round, 1_000_000));
    }
    return new Rounds(
        List.of(SUSPECTED), said, new Course(runs, Optional.empty(), List.of()), 1, new Promise(1));
  }

  /** Each run leaves one for good, and another one that is closed late. */
  @Test
  void what_only_takes_its_time_hides_no_leak() {
    BooksOf books = BooksOf.ledger(1, 1, 1);

    assertThat(judged(afterFirstRun(books), 2, 2))
        .as("as far as the periods tell")
        .isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(afterFirstRun(books.survivors(1L, 1L, 2L)), 4, 3)).isEqualTo(Scaling.LEAKS);
  }

  /** Three that are closed late came to an end in the last round only. */
  @Test
  void what_does_not_seem_to_scale_may_be_a_leak_beside_what_takes_its_time() {
    BooksOf books = BooksOf.ledger(4, 4, 2, 1);

    assertThat(judged(afterFirstRun(books), 7, 7)).isNotEqualTo(Scaling.LEAKS);
    assertThat(judged(afterFirstRun(books.survivors(1L, 1L, 2L, 4L)), 8, 7))
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void what_took_its_time_and_went_in_the_end_is_no_leak() {
    BooksOf books = BooksOf.ledger(0, 2, -4).survivors(0L, 0L, 0L);

    assertThat(judged(afterFirstRun(books), 0, 0)).isEqualTo(Scaling.DOES_NOT_REPEAT);
  }

  @Test
  void what_a_collection_took_away_was_there() {
    BooksOf books = new BooksOf().period(0, 0, 0).period(1, 1, 0).period(1, 0, 0);

    assertThat(judged(afterFirstRun(books.survivors(0L, 0L, 0L)), 2, 2))
        .isNotEqualTo(Scaling.DOES_NOT_REPEAT);
  }

  /** Each run puts one in, and takes out the one that has been in it for longest. */
  @Test
  void what_takes_the_place_of_what_the_first_run_left_is_no_leak() {
    BooksOf books = BooksOf.ledger(1, 1, 1).survivors(0L, 1L, 2L);

    assertThat(judged(afterFirstRun(books), 3, 2)).isNotEqualTo(Scaling.LEAKS);
  }

  private static Scaling judgedAs(String cache, BooksOf books) {
    Statement said = books.statement();
    Statement renamed =
        new Statement(
            said.whose(),
            said.periods().stream().map(period -> Map.of(cache, period.get(CACHE))).toList(),
            Map.of(cache, said.register(CACHE).orElseThrow()),
            said.lostEvents(),
            said.lostSince());
    Course course = afterFirstRun(books).course();
    return new Rounds(
            List.of(new SuspectedCache(cache, 0, 1, true)), renamed, course, 1, new Promise(1))
        .confirmation(Map.of(cache, 0L), Map.of(cache, 0L), Optional.empty())
        .of(cache)
        .orElseThrow()
        .scaling();
  }

  /** Inodes of deleted files that wait to be written back, while a build writes much. */
  @Test
  void what_was_in_proportion_and_went_by_itself_is_no_leak_of_inodes() {
    BooksOf books = BooksOf.ledger(1, 1, 3, 3, 8);

    assertThat(judgedAs("ext4_inode_cache", books.survivors(0L, 0L, 0L, 0L, 0L)))
        .isEqualTo(Scaling.IS_GIVEN_BACK);
    assertThat(judgedAs("ext4_inode_cache", books.survivors(0L, 0L, 0L, 0L, 1L)))
        .as("some of it stayed")
        .isEqualTo(Scaling.LEAKS);
    assertThat(judgedAs("ext4_inode_cache", books.survivors(1L, 0L, 0L, 0L, 0L)))
        .as("of the first run, too")
        .isEqualTo(Scaling.LEAKS);
    assertThat(judgedAs("ext4_inode_cache", books.survivors()))
        .as("it is not known what stayed")
        .isEqualTo(Scaling.LEAKS);
    assertThat(judgedAs("sock_inode_cache", books.survivors(0L, 0L, 0L, 0L, 0L)))
        .as("sockets are not written back, so somebody closed them")
        .isEqualTo(Scaling.LEAKS);
  }

  @Test
  void a_ledger_that_lacks_something_knows_of_no_survivors() {
    BooksOf missed = BooksOf.ledger(1, 1, 1).survivors(1L, 1L, 2L).freesMissed(1);
    BooksOf contradicted = BooksOf.ledger(1, 1, 1).survivors(1L, 1L, 2L).contradicted(1);
    BooksOf lost = BooksOf.ledger(1, 1, 1).survivors(1L, 1L, 2L).lost(1);

    assertThat(List.of(missed, contradicted, lost))
        .allSatisfy(
            books -> assertThat(judged(afterFirstRun(books), 4, 3)).isNotEqualTo(Scaling.LEAKS));
  }

  @Test
  void what_was_lost_before_the_rounds_is_nothing_of_theirs() {
    BooksOf before = BooksOf.ledger(5, 0, 0).lost(7).lostSince(7L, 0L, 0L);
    BooksOf meanwhile = BooksOf.ledger(5, 0, 0).lost(7).lostSince(7L, 1L, 0L);

    assertThat(judged(afterFirstRun(before), 5, 0)).isEqualTo(Scaling.DOES_NOT_REPEAT);
    assertThat(judged(afterFirstRun(meanwhile), 5, 0)).isEqualTo(Scaling.UNCLEAR);
  }

  // What is rarer than promised

  @Test
  void growth_below_the_promise_does_not_leave_a_test_inconclusive() {
    Statement late = BooksOf.ledger(0, 0, 0, 0, 0, 1).statement();

    assertThat(judged(rounds(late), 1, 1)).isEqualTo(Scaling.RARER_THAN_PROMISED);
    assertThat(judged(rounds(BooksOf.counters(0, 0, 0, 0, 0, 0, 4)), 4, 4))
        .isEqualTo(Scaling.RARER_THAN_PROMISED);
  }

  @Test
  void growth_as_large_as_promised_stays_unclear() {
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 0, 0, 0, 40).statement()), 40, 40))
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 4).statement()), 4, 4))
        .as("the four of the last round")
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 3).statement()), 3, 3))
        .isEqualTo(Scaling.RARER_THAN_PROMISED);
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 0, 0, 0, 32).statement()), 32, 32))
        .as("a leak that begins late")
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(1, 1).statement()), 2, 2))
        .as("two of the three")
        .isEqualTo(Scaling.RARER_THAN_PROMISED);
    assertThat(judged(rounds(BooksOf.ledger(0, 1).statement()), 1, 1))
        .as("one of the three, where there was no time for more")
        .isEqualTo(Scaling.RARER_THAN_PROMISED);
  }

  @Test
  void a_restless_counter_may_hide_what_was_promised() {
    assertThat(judged(rounds(BooksOf.counters(20, 0, 0, 0, 0, 0, 4)), 4, 4))
        .isNotEqualTo(Scaling.RARER_THAN_PROMISED);
  }

  @Test
  void a_smaller_leak_that_is_wanted_raises_the_promise() {
    Statement late = BooksOf.ledger(0, 0, 0, 0, 0, 4).statement();
    Rounds wanted =
        new Rounds(List.of(SUSPECTED), late, course(6), 0, Promise.of(1, OptionalDouble.of(0.1)));

    assertThat(judged(rounds(late), 4, 4)).isEqualTo(Scaling.RARER_THAN_PROMISED);
    assertThat(judged(wanted, 4, 4)).isEqualTo(Scaling.UNCLEAR);
    assertThat(Promise.of(100, OptionalDouble.empty()).perIteration()).isEqualTo(0.01);
    assertThat(Promise.of(100, OptionalDouble.of(0.5)).perIteration()).isEqualTo(0.01);
  }

  @Test
  void where_something_is_missing_nothing_is_below_the_promise() {
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 0, 0, 0, 1).lost(1).statement()), 1, 1))
        .as("events were lost")
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(judged(rounds(BooksOf.ledger(0, 0, 0, 0, 0, 1).statement()), 60, 60))
        .as("an exact counter shows more than the books")
        .isEqualTo(Scaling.UNCLEAR);
    assertThat(
            rounds(BooksOf.ledger(0, 0, 0, 0, 0, 1).statement())
                .confirmation(
                    Map.of(CACHE, 1L),
                    Map.of(CACHE, 1L),
                    Optional.of(
                        new Shortfall.TooLittleTime(new TimeLimit.OfTimeout(Duration.ZERO))))
                .of(CACHE)
                .orElseThrow()
                .scaling())
        .as("more rounds were wanted")
        .isEqualTo(Scaling.UNCLEAR);
  }
}
