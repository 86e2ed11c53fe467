package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be run again where it stands is run again as a whole. */
@LiveTest
class FreshLifeTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  private static void growOnce() {
    if (LEAKED.size() == 0) {
      LEAKED.sockets(1);
    }
  }

  /** Inserts a row with a fixed key into a database of its own. */
  @NoSlabLeak(caches = "sock_inode_cache")
  static class FixedKeyTestCases {
    @TempDir Path database;

    @BeforeEach
    void before() {
      CALLS.add("before");
    }

    @Test
    void inserts() throws IOException {
      CALLS.add("body");
      growOnce();
      Files.createFile(database.resolve("key"));
    }

    @AfterEach
    void after() {
      CALLS.add("after");
    }
  }

  @Test
  void a_body_that_finds_what_it_left_is_run_in_a_directory_of_its_own() {
    Results results = TestKit.run(FixedKeyTestCases.class);

    assertThat(results).passes(1);
    assertThat(results.report())
        .startsWith("FixedKeyTestCases.inserts passes: its growth is no leak")
        .contains("sock_inode_cache: did not grow again");
    // The first run, the one that failed, then one and two whole tests, and four, or one.
    assertThat(CALLS)
        .isIn(
            RunAgainTests.withFixtures(2 + 1 + 2),
            RunAgainTests.withFixtures(5 + 1),
            RunAgainTests.withFixtures(5 + 4));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class LeakingFixedKeyTestCases {
    @TempDir Path database;

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void inserts(String key) throws IOException {
      CALLS.add(key);
      Files.createFile(database.resolve(key));
      if (key.equals("two")) {
        LEAKED.sockets(2);
      }
    }
  }

  @Test
  void its_leak_is_confirmed_by_whole_tests() {
    Results results = TestKit.run(LeakingFixedKeyTestCases.class);

    assertThat(results.leak().growth().perIteration("sock_inode_cache")).isEqualTo(2);
    assertThat(results.report()).contains("\nConfirmed\n", "sock_inode_cache +2, +4");
    assertThat(CALLS).as("of this invocation").filteredOn("one"::equals).hasSize(1);
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FactoryTestCases {
    @TestFactory
    Stream<DynamicTest> grows_once() {
      return Stream.of(dynamicTest("first", () -> growOnce()), dynamicTest("second", () -> {}));
    }
  }

  @Test
  void a_factory_whose_growth_comes_once_passes() {
    Results results = TestKit.run(FactoryTestCases.class);

    assertThat(results).passes(2);
    assertThat(results.report())
        .startsWith("FactoryTestCases.grows_once passes: its growth is no leak")
        .contains("sock_inode_cache: did not grow again");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class LeakingFactoryTestCases {
    @Nested
    class Inner {
      @TestFactory
      Stream<DynamicTest> leaks() {
        return Stream.of(
            dynamicTest("first", () -> LEAKED.sockets(1)),
            dynamicTest("second", () -> LEAKED.sockets(2)));
      }
    }
  }

  @Test
  void a_factory_that_leaks_is_confirmed() {
    Results results = TestKit.run(LeakingFactoryTestCases.class);

    assertThat(results.report())
        .startsWith("LeakingFactoryTestCases.Inner.leaks leaked 3 sock_inode_cache")
        .contains("\nConfirmed\n", "sock_inode_cache +3, +6: 3.00 per iteration, it leaks");
  }

  /** Its port is taken from the first run on. */
  @NoSlabLeak(caches = "sock_inode_cache")
  static class AbortedAgainTestCases {
    @Test
    void leaks() {
      CALLS.add("body");
      assumeTrue(CALLS.size() == 1);
      LEAKED.sockets(1);
    }
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class AbortedAgainFactoryTestCases {
    @TestFactory
    Stream<DynamicTest> leaks() {
      return Stream.of(
          dynamicTest("first", () -> {}),
          dynamicTest(
              "second",
              () -> {
                CALLS.add("second");
                assumeTrue(CALLS.size() == 1);
                LEAKED.sockets(1);
              }));
    }
  }

  @Test
  void a_further_life_that_is_aborted_acquits_nobody() {
    Results results = TestKit.run(AbortedAgainTestCases.class);

    assertThat(results.leak().growth().of("sock_inode_cache")).isEqualTo(1);
    assertThat(results.report())
        .contains("\nNot confirmed\n", "and so did the whole test: org.opentest4j.TestAborted");

    CALLS.clear();
    assertThat(TestKit.run(AbortedAgainFactoryTestCases.class).report())
        .contains(
            "\nNot confirmed\n", "it failed when it was run again: org.opentest4j.TestAborted");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class SharedFactoryTestCases {
    @BeforeAll
    static void server() {
      CALLS.add("server");
    }

    @BeforeEach
    void prepare() {
      CALLS.add("prepare");
    }

    @AfterEach
    void tidy() {
      CALLS.add("tidy");
    }

    @TestFactory
    Stream<DynamicNode> leaks() {
      return Stream.of(
          dynamicTest("first", () -> LEAKED.sockets(1)),
          dynamicContainer("more", List.of(dynamicTest("second", () -> LEAKED.sockets(1)))));
    }

    @TestFactory
    List<DynamicTest> grows_once() {
      return List.of(
          dynamicTest(
              "only",
              () -> {
                if (!CALLS.contains("grown")) {
                  CALLS.add("grown");
                  LEAKED.sockets(1);
                }
              }));
    }

    @TestFactory
    DynamicTest leaks_and_fails_again() {
      return dynamicTest(
          "only",
          () -> {
            LEAKED.sockets(1);
            CALLS.add("run");
            assertThat(CALLS.stream().filter("run"::equals)).hasSize(1);
          });
    }
  }

  /** What its class shares is not set up beside itself: such a factory is run where it stands. */
  @Test
  void a_factory_of_a_class_with_shared_fixtures_is_run_again_in_their_midst() {
    Results results = TestKit.runMethod(SharedFactoryTestCases.class, "leaks");

    assertThat(results.report())
        .startsWith("SharedFactoryTestCases.leaks leaked 2 sock_inode_cache")
        .contains("\nConfirmed\n", "sock_inode_cache +2, +4: 2.00 per iteration, it leaks");
    assertThat(CALLS.stream().filter("server"::equals)).hasSize(1);
    assertThat(CALLS.subList(1, CALLS.size()))
        .as("4 runs")
        .containsExactly(
            "prepare", "tidy", "prepare", "tidy", "prepare", "tidy", "prepare", "tidy");
  }

  @Test
  void the_growth_of_such_a_factory_that_comes_once_is_no_leak() {
    Results results = TestKit.runMethod(SharedFactoryTestCases.class, "grows_once");

    assertThat(results).passes(1);
    assertThat(results.report()).contains("sock_inode_cache: did not grow again");
  }

  @Test
  void where_such_a_factory_fails_again_it_is_told_why_that_was_all() {
    Results results = TestKit.runMethod(SharedFactoryTestCases.class, "leaks_and_fails_again");

    assertThat(results.report())
        .startsWith("SharedFactoryTestCases.leaks_and_fails_again leaked 1 sock_inode_cache")
        .contains(
            "\nNot confirmed\n",
            "and the whole test is not run again, for its class has fixtures or extensions that its"
                + " other tests use as well");
  }
}
