package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that run several times: parameters, repetitions, iterations and warm-up. */
@LiveTest
class IterationsTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class SeveralTestCases {
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void parameterized(int sockets) {
      LEAKED.sockets(sockets);
    }

    @RepeatedTest(2)
    void repeated(RepetitionInfo repetition) {
      LEAKED.sockets(repetition.getCurrentRepetition() == 2 ? 3 : 0);
    }
  }

  @Test
  void each_invocation_is_judged_alone() {
    assertThat(TestKit.run(SeveralTestCases.class))
        .leaks("sock_inode_cache", 3, "[2] 3", "repetition 2 of 2");
  }

  static class IteratedTestCases {
    @BeforeEach
    void outerBefore() {
      CALLS.add("before");
    }

    @AfterEach
    void outerAfter() {
      CALLS.add("after");
    }

    @Test
    @NoSlabLeak(caches = "sock_inode_cache", iterations = 3, confirm = false)
    void iterated() {
      CALLS.add("body");
      LEAKED.sockets(2);
    }

    @Nested
    class InnerTestCases {
      @BeforeEach
      void innerBefore() {
        CALLS.add("inner before");
      }

      @AfterEach
      void innerAfter() {
        CALLS.add("inner after");
      }

      @Test
      @NoSlabLeak(caches = "sock_inode_cache", iterations = 2)
      void nested(@TempDir Path parameter) {
        assertThat(parameter).isDirectory();
        CALLS.add("body");
      }
    }
  }

  @Test
  void iterations_repeat_body_and_fixtures_in_order() {
    assertThat(TestKit.run(IteratedTestCases.class)).leaks("sock_inode_cache", 2, "iterated()");
    assertThat(CALLS)
        .containsExactly(
            "before",
            "body",
            "after",
            "before",
            "body",
            "after",
            "before",
            "body",
            "after",
            "before",
            "inner before",
            "body",
            "inner after",
            "after",
            "before",
            "inner before",
            "body",
            "inner after",
            "after");
  }

  @NoSlabLeak(caches = "sock_inode_cache", iterations = 3)
  static class IteratedParametersTestCases {
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void parameterized(String parameter) {
      CALLS.add(parameter);
    }
  }

  @Test
  void iterations_keep_the_parameters() {
    assertThat(TestKit.run(IteratedParametersTestCases.class)).passes(2);
    assertThat(CALLS).containsExactly("a", "a", "a", "b", "b", "b");
  }

  @NoSlabLeak(caches = "sock_inode_cache", warmup = 2, iterations = 2)
  static class WarmupTestCases {
    int run;

    @Test
    void leaks_once_while_warming_up() {
      LEAKED.sockets(run++ == 0 ? 5 : 0);
    }

    @Test
    void leaks_in_every_iteration() {
      LEAKED.sockets(1);
    }

    @Test
    void leaks_on_a_later_run_only() {
      LEAKED.sockets(run++ == 3 ? 2 : 0);
    }
  }

  @Test
  void a_warmup_is_not_counted() {
    assertThat(TestKit.run(WarmupTestCases.class))
        .leaks("sock_inode_cache", 1, "leaks_in_every_iteration()");
  }

  @NoSlabLeak(
      caches = {"dentry", "shmem_inode_cache"},
      warmup = 1,
      iterations = 3)
  static class WarmupBesidePinnedFilesTestCases {
    int run;

    @Test
    void fills_a_temp_dir(@TempDir(factory = SharedMemory.class) Path dir) {
      SharedMemory.fill(dir, 10 + 10 * run++);
    }
  }

  @Test
  void a_warmup_beside_a_temp_dir_on_tmpfs_is_not_accused() {
    assertThat(TestKit.run(WarmupBesidePinnedFilesTestCases.class)).passes(1);
  }

  static class IteratedFactoryTestCases {
    @TestFactory
    @NoSlabLeak(caches = "sock_inode_cache", iterations = 2)
    Stream<DynamicTest> tests() {
      return Stream.of(DynamicTest.dynamicTest("one", () -> {}));
    }
  }

  @Test
  void a_factory_cannot_be_iterated() {
    assertThat(TestKit.run(IteratedFactoryTestCases.class))
        .failsWith(
            ExtensionConfigurationException.class,
            "@NoSlabLeak: a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
  }

  @NoSlabLeak(caches = "sock_inode_cache", iterations = 3, warmup = 2)
  static class FactoryAmongTestsTestCases {
    @TestFactory
    Stream<DynamicTest> tests() {
      CALLS.add("factory");
      return Stream.of(DynamicTest.dynamicTest("one", () -> LEAKED.sockets(2)));
    }
  }

  @Test
  void iterations_of_a_class_leave_its_factories_alone_and_that_is_told() {
    Results results = TestKit.run(FactoryAmongTestsTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 2, "tests()");
    assertThat(results.leak())
        .hasMessageContaining(
            "Not repeated\n"
                + "  A @TestFactory runs once: iterations = 3 and warmup = 2 of its class are for"
                + " other tests.");
    assertThat(CALLS).as("the first run, then one and two whole tests").hasSize(4);
  }
}
