package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabInconclusiveError;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that are named but not there excuse nobody without a word. */
@LiveTest
class NamedProcessesTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  private static final String UNJUDGED =
      "NoSlabLeak could not judge MisspeltTestCases.is_clean: the allocations of no-such-service"
          + " count as its own, and no process was called that, neither before nor after";

  @NoSlabLeak(caches = "sock_inode_cache", processes = "no-such-service")
  static class MisspeltTestCases {
    @Test
    void is_clean() {}

    @Test
    void leaks_itself() {
      LEAKED.sockets(1);
    }
  }

  @Test
  void a_name_that_no_process_bears_leaves_a_test_without_a_verdict() {
    assertThat(TestKit.runMethod(MisspeltTestCases.class, "is_clean"))
        .failsWith(SlabInconclusiveError.class, UNJUDGED);
  }

  @Test
  void JUnit_cannot_abort_it_any_more_so_it_fails_with_that_alone() {
    assertThat(
            TestKit.runMethod(
                MisspeltTestCases.class, "is_clean", "noslableak.unmeasurable", "abort"))
        .failsWith(SlabInconclusiveError.class, UNJUDGED);
  }

  @Test
  void where_neither_fails_it_passes_and_says_so() {
    Results results =
        TestKit.runMethod(
            MisspeltTestCases.class,
            "is_clean",
            "noslableak.unmeasurable",
            "abort",
            "noslableak.inconclusive",
            "pass");
    assertThat(results).passes(1);
    assertThat(results.report()).isEqualTo(UNJUDGED);
  }

  @Test
  void a_leak_of_the_test_itself_is_told_all_the_same() {
    assertThat(TestKit.runMethod(MisspeltTestCases.class, "leaks_itself"))
        .leaks("sock_inode_cache", 1, "leaks_itself()");
  }

  @NoSlabLeak(caches = "sock_inode_cache", processes = "java")
  static class NamedTestCases {
    @Test
    void is_clean() {}
  }

  @Test
  void a_name_that_is_there_is_judged() {
    assertThat(TestKit.run(NamedTestCases.class)).passes(1);
  }
}
