package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** There is no verdict where there was no full run. */
@LiveTest
class NotJudgedTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  @NoSlabLeak(caches = "sock_inode_cache")
  static class NoVerdictTestCases {
    @Test
    void failing() {
      LEAKED.sockets(1);
      throw new IllegalArgumentException("its own");
    }

    @Test
    void aborted() {
      LEAKED.sockets(1);
      Assumptions.abort("its own");
    }

    @Test
    @Disabled("its own")
    void disabled() {
      LEAKED.sockets(1);
    }
  }

  @Test
  void a_failed_or_aborted_body_is_not_judged() {
    Results results = TestKit.run(NoVerdictTestCases.class);
    results
        .tests()
        .assertStatistics(stats -> stats.failed(1).aborted(1).skipped(1))
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test("failing"),
                finishedWithFailure(
                    instanceOf(IllegalArgumentException.class),
                    message("its own"),
                    new Condition<>(own -> own.getSuppressed().length == 0, "no suppressed"))));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FactoryTestCases {
    @TestFactory
    Stream<DynamicTest> leaking() {
      return Stream.of(
          DynamicTest.dynamicTest("one", () -> LEAKED.sockets(1)),
          DynamicTest.dynamicTest("two", () -> LEAKED.sockets(2)));
    }

    @TestFactory
    Stream<DynamicTest> clean() {
      return Stream.of(DynamicTest.dynamicTest("clean one", () -> {}));
    }
  }

  @Test
  void a_factory_is_judged_over_all_its_dynamic_tests() {
    assertThat(TestKit.run(FactoryTestCases.class)).leaks("sock_inode_cache", 3, "leaking()");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FailingFactoryTestCases {
    @TestFactory
    Stream<DynamicTest> tests() {
      return Stream.of(
          DynamicTest.dynamicTest(
              "fails",
              () -> {
                LEAKED.sockets(1);
                throw new IllegalArgumentException("its own");
              }));
    }
  }

  @Test
  void a_factory_with_a_failing_test_is_not_judged() {
    assertThat(TestKit.run(FailingFactoryTestCases.class))
        .failsWith(IllegalArgumentException.class, "its own");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class AbortingFactoryTestCases {
    @TestFactory
    Stream<DynamicTest> tests() {
      return Stream.of(
          DynamicTest.dynamicTest("aborts", () -> Assumptions.abort("its own")),
          DynamicTest.dynamicTest("leaks", () -> LEAKED.sockets(2)));
    }
  }

  @Test
  void a_factory_with_an_aborted_test_is_judged_all_the_same() {
    assertThat(TestKit.run(AbortingFactoryTestCases.class)).leaks("sock_inode_cache", 2, "tests()");
  }
}
