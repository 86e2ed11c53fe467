package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A suspicion is confirmed by running the body again, as JUnit would. */
@LiveTest
class RunAgainTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class OneTimeGrowthTestCases {
    @BeforeEach
    void before() {
      CALLS.add("before");
    }

    @Test
    void opens_a_socket_at_its_first_run() {
      CALLS.add("body");
      if (LEAKED.size() == 0) {
        LEAKED.sockets(1);
      }
    }

    @AfterEach
    void after() {
      CALLS.add("after");
    }
  }

  @Test
  void growth_that_comes_once_is_reported_and_passes() {
    Results results = TestKit.run(OneTimeGrowthTestCases.class);
    assertThat(results).passes(1);
    assertThat(results.report())
        .startsWith(
            "OneTimeGrowthTestCases.opens_a_socket_at_its_first_run passes: its growth is no leak")
        .contains("sock_inode_cache: did not grow again");
    // The first run, then one and two runs more, and four, or one where time allows no more.
    assertThat(CALLS).isIn(withFixtures(1 + 1 + 2), withFixtures(4 + 1), withFixtures(4 + 4));
  }

  /** Fixtures around each run. */
  static List<String> withFixtures(int runs) {
    return Stream.generate(() -> List.of("before", "body", "after"))
        .limit(runs)
        .flatMap(List::stream)
        .toList();
  }

  @NoSlabLeak(caches = "sock_inode_cache", confirm = false)
  static class UnconfirmedTestCases {
    @Test
    void opens_a_socket_at_its_first_run() {
      CALLS.add("body");
      LEAKED.sockets(1);
    }
  }

  @Test
  void without_confirmation_the_first_run_decides() {
    Results results = TestKit.run(UnconfirmedTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "opens_a_socket_at_its_first_run()");
    assertThat(results.report()).contains("it was told not to (confirm = false)");
    assertThat(CALLS).containsExactly("body");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FailsTheSecondTimeTestCases {
    @Test
    void body() {
      CALLS.add("body");
      LEAKED.sockets(1);
      if (CALLS.size() > 1) {
        throw new IllegalArgumentException("there already");
      }
    }

    @AfterEach
    void after() {
      CALLS.add("after");
    }
  }

  @Test
  void a_body_that_fails_when_it_is_run_again_leaves_the_finding_standing() {
    Results results = TestKit.run(FailsTheSecondTimeTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "body()");
    assertThat(results.report())
        .contains(
            "Not confirmed\n",
            "it failed when it was run again: java.lang.IllegalArgumentException: there already");
    assertThat(results.report()).contains("and so did the whole test: java.lang.Illegal");
    assertThat(CALLS).containsExactly("body", "after", "body", "after", "body", "after");
  }

  @NoSlabLeak(caches = {"dentry", "shmem_inode_cache"})
  static class FreshFilesTestCases {
    @Test
    void leaves_a_new_file_each_time(@TempDir(factory = SharedMemory.class) Path dir)
        throws IOException {
      Files.createTempFile(dir, "new", null);
    }
  }

  @Test
  void files_that_a_temp_dir_on_tmpfs_holds_until_the_end_are_not_accused() {
    Results results = TestKit.run(FreshFilesTestCases.class);
    assertThat(results).passes(1);
  }

  @NoSlabLeak(caches = {"dentry", "shmem_inode_cache"})
  static class FreshFilesAndALeakTestCases {
    @Test
    void leaves_a_new_file_here_and_one_elsewhere(@TempDir(factory = SharedMemory.class) Path dir)
        throws IOException {
      Files.createTempFile(dir, "new", null);
      Path elsewhere = Files.createTempFile(Path.of("/dev/shm"), "noslableak", null);
      LEAKED.undo(() -> Files.delete(elsewhere));
    }
  }

  @Test
  void a_leak_beside_such_files_is_told_from_them() {
    Results results = TestKit.run(FreshFilesAndALeakTestCases.class);
    assertThat(results.leak().growth().perIteration("shmem_inode_cache")).isEqualTo(1);
    assertThat(results.leak().growth().perIteration("dentry")).isEqualTo(1);
  }

  /** Gives each run a number of its own, as a resolver that makes mocks or ports does. */
  static final class Numbers implements ParameterResolver {
    private static int next;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Integer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return next++;
    }
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  @ExtendWith({Numbers.class, SocketsOfAnExtension.class})
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class SurroundedTestCases {
    int runs;

    @Test
    void leaks_a_socket_each_time(Integer number) {
      CALLS.add("number " + (number - runs++));
      // What other extensions hold is still there when the body is run again.
      assertThat(SocketsOfAnExtension.OPEN.size()).isEqualTo(1);
      LEAKED.sockets(1);
    }

    @Test
    void leaks_none(Integer number) {
      assertThat(number).isNotNegative();
      assertThat(SocketsOfAnExtension.OPEN.size()).isEqualTo(1);
    }
  }

  @Test
  void other_extensions_resolve_parameters_and_keep_their_resources_when_the_body_is_run_again() {
    assertThat(TestKit.run(SurroundedTestCases.class))
        .leaks("sock_inode_cache", 1, "leaks_a_socket_each_time(Integer)");
    assertThat(CALLS).hasSizeGreaterThanOrEqualTo(4).containsOnly(CALLS.get(0));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class TimeoutTestCases {
    @Test
    @Timeout(20)
    void has_time_to_be_confirmed() {
      LEAKED.sockets(1);
    }

    @Test
    @Timeout(value = 1_500, unit = TimeUnit.MILLISECONDS)
    void has_no_time_to_run_again() throws InterruptedException {
      LEAKED.sockets(1);
      Thread.sleep(700);
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
    void is_clean_and_short() {}
  }

  @Test
  void a_confirmation_keeps_to_the_timeout_of_the_test() {
    Results results = TestKit.run(TimeoutTestCases.class);
    assertThat(results)
        .leaks("sock_inode_cache", 1, "has_time_to_be_confirmed()", "has_no_time_to_run_again()");
    assertThat(results.messages()).anyMatch(message -> message.contains("its @Timeout "));

    // Also where JUnit itself keeps to none.
    results =
        TestKit.run(TimeoutTestCases.class, "junit.jupiter.execution.timeout.mode", "disabled");
    assertThat(results)
        .leaks("sock_inode_cache", 1, "has_time_to_be_confirmed()", "has_no_time_to_run_again()");
    assertThat(results.messages()).noneMatch(message -> message.contains("its @Timeout "));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FixtureTimeoutTestCases {
    @Test
    @Timeout(value = 600, unit = TimeUnit.MILLISECONDS)
    void has_time_after_its_own_timeout() throws InterruptedException {
      LEAKED.sockets(1);
      Thread.sleep(400);
    }

    @AfterEach
    void clean() {}
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class ShortFixtureTimeoutTestCases {
    @Test
    @Timeout(60)
    void has_no_time_in_its_fixture() throws InterruptedException {
      LEAKED.sockets(1);
      Thread.sleep(400);
    }

    @AfterEach
    @Timeout(value = 1_200, unit = TimeUnit.MILLISECONDS)
    void clean() {}
  }

  /** JUnit's timeout of the method in which the body is run again is the one that counts. */
  @Test
  void a_confirmation_after_a_fixture_keeps_to_the_timeout_of_the_fixture() {
    Results results = TestKit.run(FixtureTimeoutTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "has_time_after_its_own_timeout()");
    assertThat(results.messages()).allMatch(message -> message.contains("Each allocation"));

    results = TestKit.run(ShortFixtureTimeoutTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "has_no_time_in_its_fixture()");
    assertThat(results.messages()).allMatch(message -> message.contains("its @Timeout leaves"));

    results =
        TestKit.run(
            FixtureTimeoutTestCases.class,
            "junit.jupiter.execution.timeout.aftereach.method.default",
            "1200 ms");
    assertThat(results).leaks("sock_inode_cache", 1, "has_time_after_its_own_timeout()");
    assertThat(results.messages()).allMatch(message -> message.contains("its @Timeout leaves"));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class BreaksOffTestCases {
    private static int runs;

    /** The first run leaks one socket, and what the second leaves is not the first's. */
    @Test
    void fails_when_it_is_run_again() {
      LEAKED.sockets(runs++ == 0 ? 1 : 5);
      assertThat(runs).isEqualTo(1);
    }
  }

  @Test
  void what_a_run_that_breaks_off_leaves_is_not_held_against_the_first() {
    BreaksOffTestCases.runs = 0;
    Results results = TestKit.run(BreaksOffTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "fails_when_it_is_run_again()");
    assertThat(results.messages())
        .allMatch(
            message -> message.contains("fails_when_it_is_run_again leaked 1 sock_inode_cache"));
  }
}
