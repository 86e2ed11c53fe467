package io.github.noslableak.engine;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.kernel.Pause;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Difference;
import io.github.noslableak.verdict.Reason;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine on scripted books: when it counts, when it runs again, and what comes of it. */
class MeasuringTests {

  private final ScriptedMachine machine = new ScriptedMachine("dentry", "filp");
  private final AtomicInteger runs = new AtomicInteger();

  /** The first run leaves the machine's counters and the ledger alike. */
  private Outcome.OfOne measure(Plan plan, Runnable body) {
    return measure(plan, settings(Map.of()), body, () -> {}, HOUR);
  }

  private static final Duration HOUR = Duration.ofHours(1);

  private Outcome.OfOne measure(
      Plan plan, Settings settings, Runnable body, Runnable teardown, Duration time) {
    Body<RuntimeException> counted =
        () -> {
          runs.incrementAndGet();
          body.run();
        };
    try (Measuring measuring = Measuring.begin(plan, settings, machine.workplace())) {
      for (int i = 0; i < plan.warmup(); i++) {
        counted.run();
      }
      if (plan.warmup() > 0) {
        measuring.warmedUp();
      }
      measuring.iterate();
      for (int i = 1; i <= plan.iterations(); i++) {
        counted.run();
        measuring.iterated(i);
      }
      if (plan.confirm()) {
        measuring.examine(counted, within(time));
      } else {
        measuring.cannotConfirm(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD));
      }
      teardown.run();
      return (Outcome.OfOne) measuring.end(true);
    }
  }

  private static Deadline within(Duration time) {
    return Deadline.of(new TimeLimit.OfSetting("the test", time));
  }

  private static Plan.Builder plan() {
    return Plan.builder("A test", List.of("dentry", "filp"));
  }

  private static Settings settings(Map<String, String> values) {
    return Settings.from(name -> Optional.ofNullable(values.get(name)));
  }

  private static Scaling scaling(Outcome.OfOne outcome, String cache) {
    return outcome.confirmation().of(cache).orElseThrow().scaling();
  }

  @Nested
  class Opening {

    @Test
    void a_clean_body_runs_once_and_no_books_are_opened() {
      Outcome.OfOne outcome = measure(plan().build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValue(1);
      assertThat(machine.calls())
          .containsExactly(
              "look before",
              "count",
              "look after the count",
              "count briefly",
              "count after linger");
    }

    @Test
    void where_the_first_run_is_to_be_followed_books_are_opened_before_the_count() {
      Outcome.OfOne outcome = measure(plan().following(Following.ALWAYS).build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(machine.calls())
          .as("what the ledger holds open is no finding")
          .startsWith(
              "open with stacks",
              "look before",
              "count",
              "look after the count",
              "begin",
              "iteration",
              "count briefly",
              "end");
    }

    @Test
    void a_kernel_that_refuses_is_told_and_all_is_given_back() {
      machine.refuse("count", 1);

      assertThatExceptionOfType(Unmeasurable.class)
          .isThrownBy(() -> measure(plan().build(), () -> {}))
          .withMessage(
              "NoSlabLeak could not measure, so leaks would go unseen: java.io.IOException: the"
                  + " kernel refuses to count");
      assertThat(runs).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"count,1", "count briefly,1", "end,2", "finish,1"})
    void a_full_heap_is_told_and_all_is_given_back(String call, int occurrence) {
      machine.fillHeap(call, occurrence);
      List<String> closed = new ArrayList<>();
      Workplace.Held held = new Workplace.Held();
      held.add(() -> closed.add("lock"));
      Plan plan = plan().build();

      assertThatExceptionOfType(OutOfMemoryError.class)
          .isThrownBy(
              () -> {
                try (Measuring measuring =
                    Measuring.begin(plan, settings(Map.of()), machine.workplace(held))) {
                  measuring.iterate();
                  machine.allocate("dentry", 1);
                  measuring.iterated(1);
                  measuring.examine(() -> machine.allocate("dentry", 1), within(HOUR));
                  measuring.end(true);
                }
              })
          .withMessage(
              "NoSlabLeak could not measure, so leaks would go unseen: no memory is left in this JVM"
                  + " (Java heap space); give it more, for what the test keeps is kept meanwhile")
          .withCauseInstanceOf(OutOfMemoryError.class);
      assertThat(closed).containsExactly("lock");
    }

    @Test
    void what_happened_before_a_restart_is_no_growth() {
      Plan plan = plan().build();
      try (Measuring measuring = Measuring.begin(plan, settings(Map.of()), machine.workplace())) {
        machine.allocate("dentry", 7);
        measuring.restart();
        measuring.iterate();
        measuring.iterated(1);
        measuring.examine(() -> {}, within(HOUR));

        assertThat(((Outcome.OfOne) measuring.end(false)).verdict())
            .isInstanceOf(Verdict.Clean.class);
      }
    }

    @Test
    void what_was_opened_is_closed_in_reverse_also_where_closing_fails() {
      Workplace.Held held = new Workplace.Held();
      List<String> closed = new java.util.ArrayList<>();
      held.add(() -> closed.add("lock"));
      held.add(
          () -> {
            closed.add("counters");
            throw new IllegalStateException("no");
          });
      held.add(() -> closed.add("evidence"));

      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(held::close);
      held.close();

      assertThat(closed).containsExactly("evidence", "counters", "lock");
    }
  }

  @Nested
  class FirstRun {

    @Test
    void the_last_count_is_that_of_the_first_run_where_no_teardown_came() {
      Plan plan = plan().build();
      try (Measuring measuring = Measuring.begin(plan, settings(Map.of()), machine.workplace())) {
        measuring.iterate();
        measuring.examine(() -> {}, within(HOUR));
        Outcome ignored = measuring.end(false);
      }

      assertThat(machine.calls()).doesNotContain("count after linger");
    }

    @Test
    void what_is_set_aside_is_no_growth_while_it_is_there() {
      Plan plan = plan().build();
      try (Measuring measuring = Measuring.begin(plan, settings(Map.of()), machine.workplace())) {
        String mounted =
            measuring.setAside(
                () -> {
                  machine.allocate("dentry", 3);
                  return "mounted";
                });
        measuring.iterate();
        measuring.examine(
            () -> {
              throw new AssertionError("nothing is suspicious");
            },
            within(HOUR));
        machine.free("dentry", 3);

        assertThat(mounted).isEqualTo("mounted");
        assertThat(((Outcome.OfOne) measuring.end(true)).verdict())
            .isInstanceOf(Verdict.Clean.class);
      }
    }

    @Test
    void what_is_set_aside_and_stays_is_growth_in_the_end() {
      Plan plan = plan().build();
      try (Measuring measuring = Measuring.begin(plan, settings(Map.of()), machine.workplace())) {
        Integer ignored =
            measuring.setAside(
                () -> {
                  machine.allocate("dentry", 3);
                  return 3;
                });
        measuring.iterate();
        measuring.examine(() -> {}, within(HOUR));

        assertThat(((Outcome.OfOne) measuring.end(true)).verdict())
            .isInstanceOfSatisfying(
                Verdict.Inconclusive.class,
                verdict ->
                    assertThat(verdict.reason()).isEqualTo(new Reason.GrewInTeardown("dentry")));
      }
    }

    @Test
    void many_iterations_are_sampled_and_marked() {
      Outcome.OfOne outcome =
          measure(plan().iterations(5).following(Following.ALWAYS).build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValue(5);
      assertThat(machine.calls().stream().filter("iteration"::equals)).hasSize(5);
    }

    @Test
    void a_body_that_was_never_run_is_judged_by_the_last_count() {
      try (Measuring measuring =
          Measuring.begin(plan().build(), settings(Map.of()), machine.workplace())) {
        machine.allocate("dentry", 1);

        assertThat(((Outcome.OfOne) measuring.end(true)).verdict())
            .isInstanceOf(Verdict.Inconclusive.class);
      }
    }
  }

  @Nested
  class Rounds {

    @Test
    void a_leak_repeats_and_scales() {
      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class,
              leak -> {
                CacheGrowth growth = leak.leaked().get(0);
                assertThat(growth.cache()).isEqualTo("dentry");
                assertThat(growth.objects()).as("of the first run alone").isEqualTo(2);
                assertThat(leak.perIteration(growth)).isEqualTo(2);
                assertThat(leak.leaked()).hasSize(1);
              });
      assertThat(runs).as("1 + 1 + 2").hasValue(4);
      assertThat(machine.calls())
          .containsSubsequence(
              "count briefly",
              "look under suspicion",
              "count once",
              "record",
              "open with stacks",
              "record stacks",
              "begin",
              "iteration",
              "end",
              "begin",
              "iteration",
              "iteration",
              "end",
              "count after linger",
              "finish",
              "stop recording",
              "close books",
              "count briefly",
              "facts");
    }

    @Test
    void the_same_by_counters_alone() {
      machine.withoutTracing();
      Outcome.OfOne outcome =
          measure(plan().iterations(3).build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class,
              leak -> {
                assertThat(leak.leaked().get(0).objects()).isEqualTo(3);
                assertThat(leak.perIteration(leak.leaked().get(0))).isEqualTo(1);
              });
      assertThat(runs).as("3 + 3 + 6, and a turn of 8").hasValue(20);
      assertThat(outcome.confirmation().followed()).isFalse();
    }

    @Test
    void growth_that_comes_once_is_no_leak() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                if (runs.get() == 1) {
                  machine.allocate("dentry", 30);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Dismissed.class);
      assertThat(scaling(outcome, "dentry")).isEqualTo(Scaling.DOES_NOT_REPEAT);
    }

    @Test
    void a_leak_in_one_of_some_iterations_takes_more_rounds() {
      Outcome.OfOne outcome =
          measure(
              plan().iterations(4).build(),
              () -> {
                if (runs.get() % 4 == 0) {
                  machine.allocate("filp", 1);
                }
              });

      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class,
              leak -> assertThat(leak.perIteration(leak.leaked().get(0))).isEqualTo(0.25));
    }

    @Test
    void connections_that_come_now_and_then_are_a_note_and_no_finding() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                if (Set.of(1, 4, 16, 40).contains(runs.get())) {
                  machine.allocate("filp", 1); // In every other round, so that none settles it.
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Dismissed.class);
      assertThat(scaling(outcome, "filp")).isEqualTo(Scaling.RARER_THAN_PROMISED);
      assertThat(runs).as("1 + 63").hasValue(64);
    }

    @Test
    void what_others_leave_in_about_the_same_proportion_is_tried_by_turns() {
      Outcome.OfOne outcome =
          measure(
              plan().build(), () -> machine.allocate("dentry", 2 + runs.get() % 2, Whose.OTHERS));

      assertThat(outcome.confirmation().of("dentry").orElseThrow().turns()).hasSize(2);
      assertThat(outcome.verdict())
          .as("it comes with the body at the same rate and never in between")
          .isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void what_others_leave_at_another_rate_in_the_turns_is_tried_by_four() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () ->
                  machine.allocate(
                      "dentry", runs.get() <= 4 ? 2 + runs.get() % 2 : 4, Whose.OTHERS));

      assertThat(outcome.confirmation().of("dentry").orElseThrow().turns()).hasSize(4);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    /** Of the one it takes 80 iterations to see 4 objects in proportion, and of the other 2. */
    @Test
    void where_turns_for_all_take_too_long_the_one_that_needs_the_least_is_tried() {
      Outcome.OfOne outcome =
          measure(
              plan().iterations(20).build(),
              settings(Map.of("noslableak.confirm.turns", "200ms")),
              () -> {
                Pause.of(ofMillis(5).toNanos());
                machine.allocate("dentry", 2, Whose.OTHERS);
                machine.allocate("filp", runs.get() % 20 == 0 ? 1 : 0, Whose.OTHERS);
              },
              () -> {},
              HOUR);

      assertThat(outcome.confirmation().of("dentry").orElseThrow().turns()).hasSize(1);
      assertThat(scaling(outcome, "filp")).isEqualTo(Scaling.UNTRIED);
      assertThat(outcome.confirmation().missing()).isPresent();
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_rest_comes_before_the_turns_that_another_cache_needs() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                machine.allocate("dentry", 2 + runs.get() % 2);
                machine.allocate("filp", 2, Whose.OTHERS);
              });

      assertThat(outcome.confirmation().of("dentry").orElseThrow().idle()).hasValue(0);
      assertThat(machine.calls().stream().filter("begin"::equals))
          .as("two rounds, the rest, and a turn with its own")
          .hasSize(2 + 1 + 2);
    }

    /** The last round takes 1 s, and about 0.7 s are left. */
    @Test
    void a_rest_is_shorter_than_a_round_where_there_is_less_time() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {
                Pause.of(ofMillis(500).toNanos());
                machine.allocate("dentry", 2 + runs.get() % 2);
              },
              () -> {},
              ofMillis(2200));

      assertThat(outcome.confirmation().of("dentry").orElseThrow().idle()).hasValue(0);
    }

    /** Rounds, turn and rest end with 3.6 s of counting, of which 1 s is part of the time. */
    @Test
    void counting_that_takes_long_leaves_time_for_a_turn() {
      machine.countingTakes(Duration.ofMillis(900));
      Outcome.OfOne outcome =
          measure(plan().build(), () -> machine.allocate("dentry", 2, Whose.OTHERS));

      assertThat(outcome.confirmation().of("dentry").orElseThrow().turns()).hasSize(1);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void turns_for_which_there_is_no_time_are_not_begun_and_what_they_take_is_said() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of("noslableak.confirm.turns", "0")),
              () -> machine.allocate("dentry", 2, Whose.OTHERS),
              () -> {},
              HOUR);

      assertThat(runs).as("1 + 2 + 1").hasValue(4);
      assertThat(scaling(outcome, "dentry")).isEqualTo(Scaling.UNTRIED);
      assertThat(outcome.confirmation().missing()).isPresent();
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void what_others_leave_in_exact_proportion_needs_one_turn() {
      Outcome.OfOne outcome =
          measure(plan().build(), () -> machine.allocate("dentry", 2, Whose.OTHERS));

      assertThat(outcome.confirmation().of("dentry").orElseThrow().turns()).hasSize(1);
      assertThat(runs).as("1 + 2 + 1, and 4 of 2 each").hasValue(8);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_cache_that_moves_by_itself_raises_a_suspicion_and_is_cleared() {
      machine.unrest("dentry", 5);
      Outcome.OfOne outcome = measure(plan().build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValueGreaterThan(1);
    }

    @Test
    void a_count_that_fell_is_a_suspicion() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                machine.allocate("dentry", 1);
                if (runs.get() == 1) {
                  machine.free("filp", 9);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_round_that_a_collection_disturbed_is_run_again_but_not_for_ever() {
      machine.disturb(100);
      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(runs).as("1 + 3 * 1 + 3 * 2").hasValue(10);
      assertThat(outcome.confirmation().iterations()).isEqualTo(3);
    }

    /** The second round. */
    @Test
    void rounds_of_which_the_ledger_lacks_events_are_begun_anew() {
      machine.loseIn(1);
      Outcome.OfOne clean =
          measure(
              plan().build(),
              () -> {
                if (runs.get() == 1) {
                  machine.allocate("dentry", 1);
                }
              });

      assertThat(clean.verdict()).isNotInstanceOf(Verdict.Inconclusive.class);
      assertThat(clean.verdict()).isNotInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_leak_is_one_where_the_ledger_lacked_events_in_between() {
      machine.loseIn(1);
      Outcome.OfOne leak = measure(plan().build(), () -> machine.allocate("dentry", 1));

      assertThat(leak.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(leak.confirmation().iterations()).as("1 + 2, and not those before").isEqualTo(3);
      assertThat(runs).as("1, then 1 + 2, then 1 + 2").hasValue(7);
    }

    @Test
    void they_are_not_begun_anew_for_ever() {
      machine.loseIn(0, 1, 2, 3, 4, 5, 6, 7, 8);
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                if (runs.get() == 1) {
                  machine.allocate("dentry", 1);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Inconclusive.class);
      assertThat(runs).hasValueLessThan(100);
    }

    /** As a test does whose body finds what it left before. */
    private Outcome.OfOne measureAfresh(Runnable body, Runnable life) {
      return measureAfresh(1, body, life);
    }

    private Outcome.OfOne measureAfresh(int iterations, Runnable body, Runnable life) {
      Plan plan = plan().iterations(iterations).build();
      try (Measuring measuring = Measuring.begin(plan, settings(Map.of()), machine.workplace())) {
        measuring.iterate();
        for (int i = 1; i <= iterations; i++) {
          body.run();
          measuring.iterated(i);
        }
        measuring.examine(
            () -> {
              body.run();
              throw new IllegalStateException("duplicate key");
            },
            within(HOUR));
        assertThat(measuring.failedAgain()).isTrue();
        measuring.examineAfresh(
            () -> {
              runs.incrementAndGet();
              life.run();
            },
            within(HOUR));
        return (Outcome.OfOne) measuring.end(true);
      }
    }

    @Test
    void a_body_that_failed_is_judged_by_its_further_lives() {
      Runnable leak = () -> machine.allocate("dentry", 2);

      assertThat(measureAfresh(leak, leak).verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class,
              verdict -> {
                assertThat(verdict.confirmation().shortfall()).isEmpty();
                assertThat(verdict.perIteration(verdict.leaked().get(0))).isEqualTo(2);
              });
      assertThat(runs).hasValue(3);
      assertThat(measureAfresh(leak, () -> {}).verdict()).isInstanceOf(Verdict.Dismissed.class);
    }

    /** A life runs the body once, and one in so many is what is promised to be seen. */
    @Test
    void as_many_lives_are_a_round_as_there_were_iterations() {
      AtomicInteger lives = new AtomicInteger();
      Outcome.OfOne outcome =
          measureAfresh(
              4,
              () -> machine.allocate("dentry", 1),
              () -> machine.allocate("dentry", lives.incrementAndGet() % 4 == 0 ? 1 : 0));

      assertThat(lives).as("4 and 8").hasValue(12);
      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class,
              leak -> assertThat(leak.perIteration(leak.leaked().get(0))).isEqualTo(0.25));
    }

    @Test
    void what_the_first_life_gave_back_is_counted_before_the_next() {
      Outcome.OfOne ignored = measureAfresh(() -> machine.allocate("dentry", 2), () -> {});

      List<String> calls = machine.calls();
      assertThat(calls.subList(calls.indexOf("resume"), calls.size())).contains("begin");
      assertThat(calls.subList(0, calls.indexOf("resume"))).contains("begin", "end");
    }

    @Test
    void a_further_life_that_fails_too_leaves_the_first_finding_standing() {
      Outcome.OfOne outcome =
          measureAfresh(
              () -> machine.allocate("dentry", 2),
              () -> {
                throw new IllegalStateException("no such port");
              });

      assertThat(outcome.isLeak()).isTrue();
      assertThat(outcome.confirmation().shortfall())
          .hasValue(
              new Shortfall.FailedAfresh(
                  "java.lang.IllegalStateException: duplicate key",
                  "java.lang.IllegalStateException: no such port"));
    }

    @Test
    void only_a_body_that_failed_has_further_lives() {
      try (Measuring measuring =
          Measuring.begin(plan().build(), settings(Map.of()), machine.workplace())) {
        measuring.iterate();
        measuring.examine(() -> {}, within(HOUR));

        assertThat(measuring.failedAgain()).isFalse();
        assertThatThrownBy(() -> measuring.examineAfresh(() -> {}, within(HOUR)))
            .isInstanceOf(IllegalStateException.class);
      }
    }

    @Test
    void a_body_that_fails_when_it_is_run_again_leaves_the_first_finding_standing() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                machine.allocate("dentry", 1);
                if (runs.get() > 1) {
                  throw new IllegalStateException("duplicate key");
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().shortfall())
          .hasValue(new Shortfall.Failed("java.lang.IllegalStateException: duplicate key"));
      assertThat(((Verdict.Leak) outcome.verdict()).leaked().get(0).objects())
          .as("what the run that broke off left is not the first run's")
          .isEqualTo(1);
    }

    @Test
    void an_interrupted_body_leaves_the_thread_interrupted() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                machine.allocate("dentry", 1);
                if (runs.get() > 1) {
                  sneak(new InterruptedException("stop"));
                }
              });

      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome.confirmation().shortfall()).isPresent();
    }

    @Test
    @Timeout(20)
    void a_body_that_blocks_when_it_is_run_again_is_interrupted() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {
                machine.allocate("dentry", 1);
                if (runs.get() > 1) {
                  sneakyAwait(new CountDownLatch(1));
                }
              },
              () -> {},
              Duration.ofMillis(900));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().shortfall().orElseThrow())
          .isInstanceOfSatisfying(
              Shortfall.Overran.class,
              overran -> assertThat(overran.took()).isBetween(ofMillis(400), ofMillis(4_000)));
      assertThat(Thread.interrupted()).isFalse();
    }

    private void sneakyAwait(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        sneak(e);
      }
    }

    @SuppressWarnings("unchecked")
    private <T extends Throwable> void sneak(Throwable t) throws T {
      throw (T) t;
    }

    @Test
    void without_time_the_body_is_not_run_again() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> machine.allocate("dentry", 1),
              () -> {},
              Duration.ofMillis(500));

      assertThat(runs).hasValue(1);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().shortfall())
          .hasValue(
              new Shortfall.TooLittleTime(
                  new TimeLimit.OfSetting("the test", Duration.ofMillis(500))));
    }

    @Test
    void a_body_that_takes_too_long_is_not_run_as_often_and_it_is_told_what_that_would_take() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {
                machine.allocate("dentry", 1);
                Pause.of(Duration.ofSeconds(1).toNanos());
              },
              () -> {},
              Duration.ofMillis(1_900));

      assertThat(runs).as("1 + 1").hasValue(2);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().shortfall())
          .hasValueSatisfying(
              why -> {
                Shortfall.TakesTooLong takes = (Shortfall.TakesTooLong) why;
                assertThat(takes.estimate())
                    .as("the two of the second round")
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
                assertThat(takes.limit().time()).isEqualTo(Duration.ofMillis(1_900));
              });
    }

    @Test
    void one_round_that_left_nothing_is_enough_where_there_is_no_time_for_two() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {
                if (runs.get() == 1) {
                  machine.allocate("dentry", 1); // Such as a pool that is filled once.
                }
                Pause.of(Duration.ofSeconds(1).toNanos());
              },
              () -> {},
              Duration.ofMillis(1_900));

      assertThat(runs).as("1 + 1").hasValue(2);
      assertThat(outcome.verdict()).isInstanceOf(Verdict.Dismissed.class);
      assertThat(scaling(outcome, "dentry")).isEqualTo(Scaling.DOES_NOT_REPEAT);
    }

    @Test
    void a_ledger_that_breaks_leaves_the_suspicion_standing() {
      machine.refuse("end", 2);
      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().shortfall())
          .hasValue(new Shortfall.LedgerBroke("java.io.IOException: the kernel refuses to end"));
      assertThat(machine.calls()).containsSubsequence("break off", "close books");
    }

    @Test
    void a_ledger_that_breaks_in_the_end_leaves_the_suspicion_standing() {
      machine.refuse("finish", 1);
      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(((Verdict.Leak) outcome.verdict()).leaked().get(0).objects()).isEqualTo(1);
      assertThat(machine.calls()).containsSubsequence("finish", "break off", "close books");
    }

    @Test
    void a_ledger_that_lost_events_clears_nothing() {
      machine.lose(3);
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                if (runs.get() == 1) {
                  machine.allocate("dentry", 1);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Inconclusive.class);
      assertThat(scaling(outcome, "dentry")).isEqualTo(Scaling.UNCLEAR);
    }
  }

  @Nested
  class WithoutAnotherRun {

    @Test
    void what_the_first_run_shows_stands() {
      Outcome.OfOne outcome =
          measure(plan().confirm(false).build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(runs).hasValue(1);
      assertThat(machine.calls()).doesNotContain("count briefly");
    }

    @Test
    void a_followed_run_is_judged_by_who_allocated() {
      Plan plan = plan().confirm(false).following(Following.ALWAYS).build();

      Outcome.OfOne others = measure(plan, () -> machine.allocate("dentry", 1, Whose.OTHERS));
      assertThat(others.verdict()).isInstanceOf(Verdict.Dismissed.class);
      assertThat(scaling(others, "dentry")).isEqualTo(Scaling.IS_OTHERS);
      assertThat(machine.calls()).startsWith("open with stacks");
    }

    @Test
    void a_followed_run_shows_a_leak_that_others_hide() {
      Outcome.OfOne outcome =
          measure(
              plan().confirm(false).following(Following.ALWAYS).build(),
              () -> {
                machine.free("dentry", 5);
                machine.allocate("dentry", 1);
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_ledger_that_breaks_says_nothing_of_it() {
      machine.refuse("finish", 1);
      Outcome.OfOne outcome =
          measure(
              plan().confirm(false).following(Following.ALWAYS).build(),
              () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
      assertThat(outcome.confirmation().findings()).isEmpty();
      assertThat(outcome.confirmation().shortfall().orElseThrow())
          .isInstanceOf(Shortfall.LedgerBroke.class);
    }
  }

  @Nested
  class WarmUp {

    @Test
    void what_the_warm_up_leaves_is_no_growth() {
      Outcome.OfOne outcome =
          measure(
              plan().warmup(2).build(),
              () -> {
                if (runs.get() <= 2) {
                  machine.allocate("dentry", 10);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValue(3);
    }

    @Test
    void a_leak_after_the_warm_up_is_found() {
      Outcome.OfOne outcome =
          measure(plan().warmup(1).build(), () -> machine.allocate("dentry", 1));

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void growth_that_the_teardown_gives_back_is_clean() {
      long[] made = new long[1];
      Outcome.OfOne outcome =
          measure(
              plan().warmup(1).build(),
              settings(Map.of()),
              () -> {
                machine.allocate("dentry", 1);
                made[0]++;
              },
              () -> machine.free("dentry", made[0]),
              HOUR);

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
    }
  }

  @Nested
  class Closing {

    @Test
    void what_the_teardown_gives_back_is_no_leak() {
      long[] made = new long[1];
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {
                machine.allocate("dentry", 4);
                made[0] += 4;
              },
              () -> machine.free("dentry", made[0]),
              HOUR);

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
    }

    @Test
    void evidence_is_looked_for_where_there_is_something_to_explain() {
      Outcome.OfOne leak = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(machine.asked()).hasSize(1);
      assertThat(machine.asked().get(0).caches()).containsExactly("dentry");
      assertThat(machine.asked().get(0).hasRounds()).isTrue();
      assertThat(leak.report())
          .contains("6 dentry by this JVM, first in iteration 1:\n    alloc_dentry\n");
    }

    @Test
    void of_a_clean_test_nobody_asks_who_allocated() {
      machine.followedFromTheStart();
      Outcome.OfOne ignored = measure(plan().build(), () -> {});

      assertThat(machine.asked()).isEmpty();
      assertThat(machine.calls()).doesNotContain("who allocated");
    }

    @Test
    void of_an_only_run_it_is_told_who_allocated_in_it() {
      machine.followedFromTheStart();
      Outcome.OfOne outcome =
          measure(plan().confirm(false).build(), () -> machine.allocate("dentry", 2));

      assertThat(machine.asked()).hasSize(1);
      assertThat(machine.asked().get(0).hasRounds()).isFalse();
      assertThat(outcome.report()).contains("2 dentry by this JVM, first in iteration 1:");
    }

    @Test
    void that_allocations_could_not_be_followed_is_told() {
      machine.withoutTracing();
      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(outcome.report()).contains("there is no tracing").doesNotContain("alloc_dentry");
    }

    @Test
    void that_a_collection_may_have_closed_it_is_told() {
      Outcome.OfOne kept = measure(plan().build(), () -> machine.allocate("dentry", 2));
      machine.perhaps("dentry", 1);
      Outcome.OfOne collected = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(collected.isLeak()).isTrue();
      assertThat(collected.report()).contains("a garbage collection closed them");
      assertThat(kept.report()).doesNotContain("a garbage collection closed them");
    }

    @Test
    void functions_are_named_while_what_is_left_is_waited_for() {
      machine.namingTakes(Duration.ofMillis(30));
      Outcome.OfOne ignored = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(machine.calls())
          .containsSubsequence("name functions", "count after linger", "finish");
      assertThat(machine.lingers())
          .as("of 2 s")
          .singleElement()
          .satisfies(
              linger ->
                  assertThat(linger).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_970)));
    }

    @Test
    void half_of_the_linger_is_left_however_long_it_takes_to_name_functions() {
      machine.namingTakes(Duration.ofMillis(30));
      Outcome.OfOne ignored =
          measure(
              plan().build(),
              settings(Map.of("noslableak.linger", "40 ms")),
              () -> machine.allocate("dentry", 2),
              () -> {},
              HOUR);

      assertThat(machine.lingers()).containsExactly(Duration.ofMillis(20));
    }

    @Test
    void functions_that_cannot_be_named_keep_nothing_from_being_judged() {
      machine.refuse("name functions", 1);

      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(outcome.isLeak()).isTrue();
    }

    @Test
    void what_lingers_is_told_from_what_is_kept() {
      Outcome.OfOne ignored = measure(plan().build(), () -> machine.allocate("dentry", 2));

      assertThat(machine.calls()).containsSubsequence("count after linger", "lingered", "finish");
    }

    @Test
    void what_was_not_at_rest_after_the_only_run_is_counted_again_without_a_teardown_too() {
      try (Measuring measuring =
          Measuring.begin(plan().build(), settings(Map.of()), machine.workplace())) {
        measuring.iterate();
        machine.allocate("dentry", 1);
        measuring.examine(() -> {}, within(Duration.ofMillis(10)));
        machine.free("dentry", 1);

        assertThat(((Outcome.OfOne) measuring.end(false)).verdict())
            .isInstanceOf(Verdict.Clean.class);
      }
      assertThat(machine.calls()).contains("count after linger");
    }

    @Test
    void of_a_cache_that_grew_it_is_asked_who_shares_its_slabs_by_then() {
      Runnable leak = () -> machine.allocate("dentry", 1);
      Runnable merge = () -> machine.share("dentry");

      assertThatExceptionOfType(Unmeasurable.class)
          .isThrownBy(() -> measure(plan().build(), settings(Map.of()), leak, merge, HOUR))
          .withMessageContaining("dentry");
    }

    @Test
    void without_growth_no_other_caches_objects_were_counted() {
      Runnable merge = () -> machine.share("dentry");

      assertThat(measure(plan().build(), settings(Map.of()), () -> {}, merge, HOUR).verdict())
          .isInstanceOf(Verdict.Clean.class);
    }

    @Test
    void a_cache_that_the_catalogue_does_not_know_any_more_cannot_be_judged() {
      Runnable unload =
          () -> {
            machine.allocate("dentry", 1);
            machine.unload("filp");
          };

      assertThatExceptionOfType(Unmeasurable.class)
          .isThrownBy(() -> measure(plan().build(), settings(Map.of()), () -> {}, unload, HOUR))
          .withMessage("NoSlabLeak could not judge A test: dentry, filp vanished meanwhile");
    }

    @Test
    void a_count_that_falls_when_the_body_is_over_may_hide_as_much() {
      Outcome.OfOne outcome =
          measure(
              plan().build(), settings(Map.of()), () -> {}, () -> machine.free("dentry", 1), HOUR);

      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Inconclusive.class,
              verdict ->
                  assertThat(verdict.reason()).isEqualTo(new Reason.ShrankInTeardown("dentry", 1)));
    }

    @Test
    void nor_does_it_hide_less_where_they_should_be_followed_and_cannot() {
      machine.withoutTracing();
      Plan plan = plan().following(Following.ALWAYS).build();
      Runnable fall = () -> machine.free("dentry", 1);

      assertThat(measure(plan, settings(Map.of()), () -> {}, fall, HOUR).verdict())
          .isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void where_allocations_are_followed_it_hides_nothing() {
      machine.followedFromTheStart();
      Outcome.OfOne outcome =
          measure(
              plan().build(), settings(Map.of()), () -> {}, () -> machine.free("dentry", 1), HOUR);

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
    }

    @Test
    void growth_of_the_teardown_alone_is_inconclusive() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> {},
              () -> machine.allocate("dentry", 1),
              HOUR);

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Inconclusive.class);
    }

    @Test
    void a_cache_that_is_gone_cannot_be_judged() {
      assertThatExceptionOfType(Unmeasurable.class)
          .isThrownBy(
              () ->
                  measure(
                      plan().build(),
                      settings(Map.of()),
                      () -> {},
                      () -> machine.remove("filp"),
                      HOUR))
          .withMessage(
              "NoSlabLeak could not judge A test: filp came or went with a kernel module"
                  + " meanwhile");
    }

    @Test
    void a_leak_of_another_cache_is_told_all_the_same() {
      Outcome.OfOne outcome =
          measure(
              plan().build(),
              settings(Map.of()),
              () -> machine.allocate("dentry", 1),
              () -> machine.remove("filp"),
              HOUR);

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Leak.class);
    }

    @Test
    void a_clean_verdict_must_have_been_able_to_see_what_is_wanted() {
      Map<String, String> wanted = Map.of(Settings.SENSITIVITY, "0.5");

      Outcome.OfOne once = measure(plan().build(), settings(wanted), () -> {}, () -> {}, HOUR);
      Outcome.OfOne twice =
          measure(plan().iterations(2).build(), settings(wanted), () -> {}, () -> {}, HOUR);

      assertThat(once.verdict()).isInstanceOf(Verdict.Inconclusive.class);
      assertThat(twice.verdict()).isInstanceOf(Verdict.Clean.class);
    }

    @Test
    void numbers_that_decide_nothing_fail_unless_told_otherwise() {
      assertThat(measure(plan().build(), () -> {}).inconclusiveFails()).isTrue();
      assertThat(
              measure(
                      plan().build(),
                      settings(Map.of(Settings.INCONCLUSIVE, "pass")),
                      () -> {},
                      () -> {},
                      HOUR)
                  .inconclusiveFails())
          .isFalse();
    }
  }

  @Nested
  class Comparing {

    private List<Difference> compare(Runnable control, Runnable treatment) {
      try (Measuring measuring =
          Measuring.begin(plan().build(), settings(Map.of()), machine.workplace())) {
        return ((Outcome.OfTwo) measuring.compare(control::run, treatment::run)).differences();
      }
    }

    @Test
    void a_treatment_that_leaves_more_is_found() {
      assertThat(compare(() -> machine.allocate("dentry", 1), () -> machine.allocate("dentry", 3)))
          .filteredOn(Difference::leaks)
          .extracting(Difference::cache)
          .containsExactly("dentry");
    }

    @Test
    void what_leaks_without_the_treatment_too_is_none_of_its() {
      assertThat(compare(() -> machine.allocate("dentry", 1), () -> machine.allocate("dentry", 1)))
          .noneMatch(Difference::leaks)
          .noneMatch(Difference::isUndecided);
    }

    @Test
    void what_counting_throws_is_told_apart_from_what_a_body_throws() {
      machine.refuse("begin", 1);

      assertThatExceptionOfType(Unmeasurable.class).isThrownBy(() -> compare(() -> {}, () -> {}));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () -> {
                machine.refuse("", 0);
                compare(
                    () -> {
                      throw new IllegalStateException("the body's");
                    },
                    () -> {});
              });
    }
  }

  @Nested
  class FollowedFromTheStart {

    /** Perhaps somebody's whom the kernel does not trace: the rounds tell. */
    @Test
    void what_the_ledger_should_have_seen_has_the_body_run_again() {
      machine.followedFromTheStart();
      machine.unseen("dentry", 15);

      Outcome.OfOne outcome = measure(plan().build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValueGreaterThan(1);
      assertThat(machine.judgements()).containsExactly(Set.of("dentry"), Set.of());
    }

    @Test
    void what_the_ledger_should_have_seen_is_nobody_s_where_the_body_cannot_be_run_again() {
      machine.followedFromTheStart();
      machine.unseen("dentry", 15);

      Outcome.OfOne outcome =
          measure(
              plan().build(),
              () -> {
                if (runs.get() > 1) {
                  throw new IllegalStateException("the row is there");
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(machine.judgements()).endsWith(Set.of());
    }

    @Test
    void books_are_opened_first_and_without_stacks() {
      machine.followedFromTheStart();

      Outcome.OfOne outcome = measure(plan().build(), () -> {});

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValue(1);
      assertThat(machine.calls())
          .startsWith("open", "look before", "count")
          .doesNotContain("record stacks");
      assertThat(machine.cleared()).isEmpty();
    }

    @Test
    void a_leak_is_confirmed_in_the_same_books_with_stacks() {
      machine.followedFromTheStart();

      Outcome.OfOne outcome = measure(plan().build(), () -> machine.allocate("filp", 2));

      assertThat(outcome.verdict())
          .isInstanceOfSatisfying(
              Verdict.Leak.class, leak -> assertThat(leak.leaked().get(0).objects()).isEqualTo(2));
      assertThat(machine.calls())
          .containsOnlyOnce("open")
          .containsOnlyOnce("record stacks")
          .doesNotContain("open with stacks");
      assertThat(machine.cleared())
          .as("what counters gained until then is not held against what comes")
          .hasSize(1);
    }

    @Test
    void a_leak_that_others_hide_from_the_counter_is_under_suspicion() {
      machine.followedFromTheStart();

      Outcome.OfOne ignored =
          measure(
              plan().build(),
              () -> {
                machine.free("filp", 1);
                machine.allocate("filp", 1);
              });

      assertThat(runs).hasValueGreaterThan(1);
    }

    @Test
    void what_a_body_that_failed_again_left_clears_no_cache() {
      machine.followedFromTheStart();

      Outcome.OfOne ignored =
          measure(
              plan().build(),
              () -> {
                machine.allocate("filp", 1);
                if (runs.get() > 1) {
                  throw new IllegalStateException("duplicate key");
                }
              });

      assertThat(machine.cleared()).isEmpty();
    }

    @Test
    void what_the_warm_up_left_is_none_of_the_iterations_also_where_it_stays() {
      machine.followedFromTheStart();
      int[] calls = new int[1];

      Outcome.OfOne outcome =
          measure(
              plan().warmup(2).build(),
              () -> {
                if (calls[0]++ < 2) {
                  machine.allocate("filp", 5);
                }
              });

      assertThat(outcome.verdict()).isInstanceOf(Verdict.Clean.class);
      assertThat(runs).hasValue(3);
      assertThat(outcome.verdict().growths())
          .allSatisfy(growth -> assertThat(growth.objects()).isZero());
    }

    @Test
    void a_body_that_may_not_run_again_has_stacks_from_the_start() {
      machine.followedFromTheStart();

      measure(plan().confirm(false).following(Following.ALWAYS).build(), () -> {});

      assertThat(machine.calls()).startsWith("open with stacks");
    }
  }
}
