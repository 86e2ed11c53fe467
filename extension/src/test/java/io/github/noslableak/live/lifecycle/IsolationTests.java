package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabUnmeasurableException;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.TestKit;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What runs at the same time, or inside, has no part in a measurement. */
@LiveTest
class IsolationTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  static class ParallelTestCases {
    @Nested
    class Churning {
      @RepeatedTest(4)
      void opens_and_keeps_sockets_for_a_while() throws Exception {
        try (ServerSocket one = new ServerSocket(0);
            ServerSocket two = new ServerSocket(0)) {
          Thread.sleep(700);
          assertThat(one.getLocalPort()).isNotEqualTo(two.getLocalPort());
        }
      }
    }

    @Nested
    class Measured {
      @RepeatedTest(4)
      @NoSlabLeak(caches = "sock_inode_cache")
      void is_clean() throws Exception {
        Thread.sleep(100);
      }
    }
  }

  @Test
  void an_annotated_test_runs_alone_in_its_jvm() {
    assertThat(
            TestKit.run(
                ParallelTestCases.class,
                "junit.jupiter.execution.parallel.enabled",
                "true",
                "junit.jupiter.execution.parallel.mode.default",
                "concurrent",
                "junit.jupiter.execution.parallel.config.strategy",
                "fixed",
                "junit.jupiter.execution.parallel.config.fixed.parallelism",
                "4"))
        .passes(8);
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class GuardInsideTestCases {
    @Test
    void measures_a_part_of_itself() {
      SlabGuard.watching("sock_inode_cache").tolerating(1).check(() -> LEAKED.sockets(1));
    }
  }

  @Test
  void a_guard_may_measure_inside_an_annotated_test() {
    assertThat(TestKit.run(GuardInsideTestCases.class))
        .leaks("sock_inode_cache", 1, "measures_a_part_of_itself()");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class GuardOnAnotherThreadTestCases {
    @Test
    void waits_for_a_guard() throws Exception {
      FutureTask<Void> guard =
          new FutureTask<>(
              () -> SlabGuard.watching("sock_inode_cache").check(() -> LEAKED.sockets(1)), null);
      Thread thread = new Thread(guard);
      thread.start();
      thread.join();
      guard.get();
    }
  }

  @Test
  void a_guard_on_another_thread_of_an_annotated_test_fails_at_once() {
    assertThat(TestKit.run(GuardOnAnotherThreadTestCases.class).failures())
        .singleElement()
        .satisfies(
            thrown ->
                assertThat(thrown)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SlabUnmeasurableException.class)
                    .hasMessage(
                        "NoSlabLeak could not measure, so leaks would go unseen:"
                            + " GuardOnAnotherThreadTestCases.waits_for_a_guard is measured on"
                            + " thread "
                            + Thread.currentThread().getName()
                            + ", and what it started on another thread would wait for its end for"
                            + " ever: measure on the test's own thread"));
  }
}
