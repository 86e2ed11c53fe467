package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.noslableak.CacheTolerance;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Where in a test's life the bracket lies, and what JUnit makes of its outcome. */
@LiveTest
class LifecycleTests {

  private static final List<Closeable> LEAKED = new ArrayList<>();
  private static final List<String> CALLS = new ArrayList<>();

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  @AfterEach
  void undo() throws IOException {
    for (Closeable leaked : LEAKED) {
      leaked.close();
    }
    LEAKED.clear();
  }

  private static void leak(int sockets) {
    for (int i = 0; i < sockets; i++) {
      try {
        LEAKED.add(new ServerSocket(0));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static EngineExecutionResults run(Class<?> testCases, String... parameters) {
    EngineTestKit.Builder builder =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(testCases))
            .configurationParameter("noslableak.linger", "300 ms")
            .configurationParameter("noslableak.unmeasurable", "fail");
    for (int i = 0; i < parameters.length; i += 2) {
      builder.configurationParameter(parameters[i], parameters[i + 1]);
    }
    return builder.execute();
  }

  /**
   * Asserts that each of these tests failed with a leak of so many sockets per iteration, and no
   * other failed.
   */
  private static void assertLeaks(
      EngineExecutionResults results, double perIteration, String... tests) {
    List<Event> failed = results.allEvents().failed().list();
    assertThat(failed)
        .allSatisfy(
            event ->
                assertThat(
                        event
                            .getRequiredPayload(TestExecutionResult.class)
                            .getThrowable()
                            .orElseThrow())
                    .isInstanceOfSatisfying(
                        SlabLeakError.class,
                        error ->
                            assertThat(error.growth().perIteration("sock_inode_cache"))
                                .isEqualTo(perIteration)));
    assertThat(failed.stream().map(event -> event.getTestDescriptor().getDisplayName()))
        .containsExactlyInAnyOrder(tests);
  }

  /** Asserts that so many tests passed and none failed, and shows what one failed with. */
  private static void assertPasses(EngineExecutionResults results, int tests) {
    assertThat(
            results.allEvents().failed().stream()
                .map(
                    event ->
                        event
                            .getRequiredPayload(TestExecutionResult.class)
                            .getThrowable()
                            .map(Throwables::getStackTrace)))
        .isEmpty();
    results.testEvents().assertStatistics(stats -> stats.succeeded(tests));
  }

  // --- everything that belongs to the test lies inside -----------------------------------------

  @NoSlabLeak(caches = "sock_inode_cache")
  static class LeaksEverywhereTestCases {
    LeaksEverywhereTestCases() {
      leak(1);
    }

    @BeforeEach
    void before() {
      leak(2);
    }

    @Test
    void body() {
      leak(4);
    }

    @AfterEach
    void after() {
      leak(8);
    }
  }

  @Test
  void constructor_fixtures_and_body_count() {
    EngineExecutionResults results = run(LeaksEverywhereTestCases.class);
    // The constructor is not run again.
    assertLeaks(results, 14, "body()");
    assertThat(results.allEvents().failed().list())
        .extracting(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
        .first(InstanceOfAssertFactories.optional(Throwable.class))
        .get(InstanceOfAssertFactories.type(SlabLeakError.class))
        .satisfies(error -> assertThat(error.growth().of("sock_inode_cache")).isEqualTo(15));
  }

  static class MethodLevelTestCases {
    MethodLevelTestCases() {
      leak(1);
    }

    @Test
    @NoSlabLeak(caches = "sock_inode_cache")
    void annotated() {
      leak(2);
    }

    @Test
    void not_annotated() {
      leak(2);
    }
  }

  @Test
  void an_annotated_method_counts_from_its_constructor_and_others_are_left_alone() {
    assertLeaks(run(MethodLevelTestCases.class), 2, "annotated()");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCases {
    @BeforeEach
    void before() {
      leak(1);
    }

    @Test
    void body() {
      leak(2);
    }

    @AfterEach
    void after() {
      leak(4);
    }
  }

  @Test
  void a_shared_instance_is_measured_per_test() {
    assertLeaks(run(PerClassTestCases.class), 7, "body()");
  }

  static final class SocketsOfAnExtension implements BeforeEachCallback, AfterEachCallback {
    private static final List<Closeable> OPEN = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
      OPEN.add(new ServerSocket(0));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
      for (Closeable open : OPEN) {
        open.close();
      }
      OPEN.clear();
    }
  }

  /** On /dev/shm, where entries are pinned and no dropping of caches hides a wrong order. */
  static final class SharedMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(
        AnnotatedElementContext elementContext, ExtensionContext extensionContext)
        throws Exception {
      return Files.createTempDirectory(Path.of("/dev/shm"), "noslableak");
    }
  }

  private static void fill(Path dir, int files) {
    IntStream.range(0, files)
        .forEach(
            i -> {
              try {
                Files.writeString(dir.resolve("file-" + i), "x");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @ExtendWith(SocketsOfAnExtension.class)
  static class CleanTestCases {
    @TempDir(factory = SharedMemory.class)
    Path field;

    final Path parameterOfConstructor;

    CleanTestCases(@TempDir(factory = SharedMemory.class) Path dir) {
      this.parameterOfConstructor = dir;
      fill(dir, 500);
    }

    @Test
    @NoSlabLeak(
        caches = {
          "@io",
        })
    void another_extension_and_temp_dirs_clean_up_after_it(
        @TempDir(factory = SharedMemory.class) Path dir) {
      fill(dir, 500);
      fill(field, 1_000);
    }
  }

  @Test
  void temp_dirs_and_other_extensions_lie_inside() {
    assertPasses(run(CleanTestCases.class), 1);
  }

  @NoSlabLeak
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @ExtendWith(SocketsOfAnExtension.class)
  static class CleanPerClassTestCases {
    @Test
    void body(@TempDir(factory = SharedMemory.class) Path dir) {
      fill(dir, 1_000);
    }
  }

  @Test
  void also_with_a_shared_instance() {
    assertPasses(run(CleanPerClassTestCases.class), 1);
  }

  // --- no verdict where there was no full run ---------------------------------------------------

  @NoSlabLeak(caches = "sock_inode_cache")
  static class NoVerdictTestCases {
    @Test
    void failing() {
      leak(1);
      throw new IllegalArgumentException("its own");
    }

    @Test
    void aborted() {
      leak(1);
      Assumptions.abort("its own");
    }

    @Test
    @Disabled("its own")
    void disabled() {
      leak(1);
    }
  }

  @Test
  void a_failed_or_aborted_body_is_not_judged() {
    EngineExecutionResults results = run(NoVerdictTestCases.class);
    results
        .testEvents()
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
          DynamicTest.dynamicTest("one", () -> leak(1)),
          DynamicTest.dynamicTest("two", () -> leak(2)));
    }

    @TestFactory
    Stream<DynamicTest> clean() {
      return Stream.of(DynamicTest.dynamicTest("clean one", () -> {}));
    }
  }

  @Test
  void a_factory_is_judged_over_all_its_dynamic_tests() {
    assertLeaks(run(FactoryTestCases.class), 3, "leaking()");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FailingFactoryTestCases {
    @TestFactory
    Stream<DynamicTest> tests() {
      return Stream.of(
          DynamicTest.dynamicTest(
              "fails",
              () -> {
                leak(1);
                throw new IllegalArgumentException("its own");
              }));
    }
  }

  @Test
  void a_factory_with_a_failing_test_is_not_judged() {
    run(FailingFactoryTestCases.class)
        .allEvents()
        .assertThatEvents()
        .haveExactly(1, event(finishedWithFailure()))
        .haveExactly(1, event(finishedWithFailure(instanceOf(IllegalArgumentException.class))));
  }

  // --- which annotation counts ------------------------------------------------------------------

  @Retention(RetentionPolicy.RUNTIME)
  @NoSlabLeak(caches = "sock_inode_cache", tolerance = 1)
  @interface ToleratesOne {}

  @NoSlabLeak(caches = "sock_inode_cache")
  static class BaseTestCases {
    @Test
    void inherited() {
      leak(1);
    }
  }

  static class NearestTestCases extends BaseTestCases {
    @Test
    @ToleratesOne
    void tolerated() {
      leak(1);
    }

    @Nested
    class InnerTestCases {
      @Test
      void enclosed() {
        leak(1);
      }
    }

    @Nested
    @ToleratesOne
    class TolerantTestCases {
      @Test
      void nearer_than_the_enclosing_class() {
        leak(1);
      }
    }
  }

  @Test
  void the_nearest_annotation_counts() {
    assertLeaks(run(NearestTestCases.class), 1, "inherited()", "enclosed()");
  }

  // --- tests that run several times -------------------------------------------------------------

  @NoSlabLeak(caches = "sock_inode_cache")
  static class SeveralTestCases {
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void parameterized(int sockets) {
      leak(sockets);
    }

    @RepeatedTest(2)
    void repeated(RepetitionInfo repetition) {
      leak(repetition.getCurrentRepetition() == 2 ? 3 : 0);
    }
  }

  @Test
  void each_invocation_is_judged_alone() {
    assertLeaks(run(SeveralTestCases.class), 3, "[2] 3", "repetition 2 of 2");
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
      leak(2);
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
    assertLeaks(run(IteratedTestCases.class), 2, "iterated()");
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
    assertPasses(run(IteratedParametersTestCases.class), 2);
    assertThat(CALLS).containsExactly("a", "a", "a", "b", "b", "b");
  }

  @NoSlabLeak(caches = "sock_inode_cache", warmup = 2, iterations = 2)
  static class WarmupTestCases {
    int run;

    @Test
    void leaks_once_while_warming_up() {
      leak(run++ == 0 ? 5 : 0);
    }

    @Test
    void leaks_in_every_iteration() {
      leak(1);
    }

    @Test
    void leaks_on_a_later_run_only() {
      leak(run++ == 3 ? 2 : 0);
    }
  }

  @Test
  void a_warmup_is_not_counted() {
    assertLeaks(run(WarmupTestCases.class), 1, "leaks_in_every_iteration()");
  }

  @NoSlabLeak(
      caches = {"dentry", "shmem_inode_cache"},
      warmup = 1,
      iterations = 3)
  static class WarmupBesidePinnedFilesTestCases {
    int run;

    @Test
    void fills_a_temp_dir(@TempDir(factory = SharedMemory.class) Path dir) {
      fill(dir, 10 + 10 * run++);
    }
  }

  @Test
  void a_warmup_beside_a_temp_dir_on_tmpfs_is_not_accused() {
    assertPasses(run(WarmupBesidePinnedFilesTestCases.class), 1);
  }

  @NoSlabLeak(caches = "sock_inode_cache", iterations = 2)
  static class IteratedFactoryTestCases {
    @TestFactory
    Stream<DynamicTest> tests() {
      return Stream.of(DynamicTest.dynamicTest("one", () -> {}));
    }
  }

  @Test
  void a_factory_cannot_be_iterated() {
    assertConfigurationError(
        IteratedFactoryTestCases.class,
        "@NoSlabLeak: a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
  }

  // --- a suspicion is confirmed by running the body again
  // -----------------------------------------

  /** Returns the report of the only test, as reporters get it. */
  private static String report(EngineExecutionResults results) {
    return results.allEvents().reportingEntryPublished().stream()
        .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
        .map(pairs -> pairs.get("noslableak"))
        .reduce((one, other) -> other)
        .orElseThrow();
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
      if (LEAKED.isEmpty()) {
        leak(1);
      }
    }

    @AfterEach
    void after() {
      CALLS.add("after");
    }
  }

  @Test
  void growth_that_comes_once_is_reported_and_passes() {
    EngineExecutionResults results = run(OneTimeGrowthTestCases.class);
    assertPasses(results, 1);
    assertThat(report(results))
        .startsWith(
            "OneTimeGrowthTestCases.opens_a_socket_at_its_first_run passes: its growth is no leak")
        .contains("sock_inode_cache: did not grow again");
    // The first run, then one, two and four runs more, fixtures around each.
    assertThat(CALLS)
        .isEqualTo(
            Stream.generate(() -> List.of("before", "body", "after"))
                .limit(8)
                .flatMap(List::stream)
                .toList());
  }

  @NoSlabLeak(caches = "sock_inode_cache", confirm = false)
  static class UnconfirmedTestCases {
    @Test
    void opens_a_socket_at_its_first_run() {
      CALLS.add("body");
      leak(1);
    }
  }

  @Test
  void without_confirmation_the_first_run_decides() {
    EngineExecutionResults results = run(UnconfirmedTestCases.class);
    assertLeaks(results, 1, "opens_a_socket_at_its_first_run()");
    assertThat(report(results)).contains("it was told not to (confirm = false)");
    assertThat(CALLS).containsExactly("body");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FailsTheSecondTimeTestCases {
    @Test
    void body() {
      CALLS.add("body");
      leak(1);
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
    EngineExecutionResults results = run(FailsTheSecondTimeTestCases.class);
    assertLeaks(results, 1, "body()");
    assertThat(report(results))
        .contains(
            "Not confirmed\n",
            "it failed when it was run again: java.lang.IllegalArgumentException: there already");
    assertThat(CALLS).containsExactly("body", "after", "body", "after");
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
    EngineExecutionResults results = run(FreshFilesTestCases.class);
    assertPasses(results, 1);
  }

  @NoSlabLeak(caches = {"dentry", "shmem_inode_cache"})
  static class FreshFilesAndALeakTestCases {
    @Test
    void leaves_a_new_file_here_and_one_elsewhere(@TempDir(factory = SharedMemory.class) Path dir)
        throws IOException {
      Files.createTempFile(dir, "new", null);
      Path elsewhere = Files.createTempFile(Path.of("/dev/shm"), "noslableak", null);
      LEAKED.add(() -> Files.delete(elsewhere));
    }
  }

  @Test
  void a_leak_beside_such_files_is_told_from_them() {
    EngineExecutionResults results = run(FreshFilesAndALeakTestCases.class);
    assertThat(leakOf(results).growth().perIteration("shmem_inode_cache")).isEqualTo(1);
    assertThat(leakOf(results).growth().perIteration("dentry")).isEqualTo(1);
  }

  private static SlabLeakError leakOf(EngineExecutionResults results) {
    return results.allEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
        .map(thrown -> (SlabLeakError) thrown.orElseThrow())
        .findFirst()
        .orElseThrow();
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
      assertThat(SocketsOfAnExtension.OPEN).hasSize(1);
      leak(1);
    }

    @Test
    void leaks_none(Integer number) {
      assertThat(number).isNotNegative();
      assertThat(SocketsOfAnExtension.OPEN).hasSize(1);
    }
  }

  @Test
  void other_extensions_resolve_parameters_and_keep_their_resources_when_the_body_is_run_again() {
    assertLeaks(run(SurroundedTestCases.class), 1, "leaks_a_socket_each_time(Integer)");
    assertThat(CALLS).hasSizeGreaterThanOrEqualTo(4).containsOnly(CALLS.get(0));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class TimeoutTestCases {
    @Test
    @Timeout(20)
    void has_time_to_be_confirmed() {
      leak(1);
    }

    @Test
    @Timeout(value = 1_500, unit = TimeUnit.MILLISECONDS)
    void has_no_time_to_run_again() throws InterruptedException {
      leak(1);
      Thread.sleep(700);
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
    void is_clean_and_short() {}
  }

  @Test
  void a_confirmation_keeps_to_the_timeout_of_the_test() {
    EngineExecutionResults results = run(TimeoutTestCases.class);
    assertLeaks(results, 1, "has_time_to_be_confirmed()", "has_no_time_to_run_again()");
    assertThat(messages(results)).anyMatch(message -> message.contains("its @Timeout "));

    // Also where JUnit itself keeps to none.
    results = run(TimeoutTestCases.class, "junit.jupiter.execution.timeout.mode", "disabled");
    assertLeaks(results, 1, "has_time_to_be_confirmed()", "has_no_time_to_run_again()");
    assertThat(messages(results)).noneMatch(message -> message.contains("its @Timeout "));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class FixtureTimeoutTestCases {
    @Test
    @Timeout(value = 600, unit = TimeUnit.MILLISECONDS)
    void has_time_after_its_own_timeout() throws InterruptedException {
      leak(1);
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
      leak(1);
      Thread.sleep(400);
    }

    @AfterEach
    @Timeout(value = 1_200, unit = TimeUnit.MILLISECONDS)
    void clean() {}
  }

  /** JUnit's timeout of the method in which the body is run again is the one that counts. */
  @Test
  void a_confirmation_after_a_fixture_keeps_to_the_timeout_of_the_fixture() {
    EngineExecutionResults results = run(FixtureTimeoutTestCases.class);
    assertLeaks(results, 1, "has_time_after_its_own_timeout()");
    assertThat(messages(results)).allMatch(message -> message.contains("Each allocation"));

    results = run(ShortFixtureTimeoutTestCases.class);
    assertLeaks(results, 1, "has_no_time_in_its_fixture()");
    assertThat(messages(results)).allMatch(message -> message.contains("its @Timeout leaves"));

    results =
        run(
            FixtureTimeoutTestCases.class,
            "junit.jupiter.execution.timeout.aftereach.method.default",
            "1200 ms");
    assertLeaks(results, 1, "has_time_after_its_own_timeout()");
    assertThat(messages(results)).allMatch(message -> message.contains("its @Timeout leaves"));
  }

  private static List<String> messages(EngineExecutionResults results) {
    return results.allEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
        .map(thrown -> String.valueOf(thrown.orElseThrow().getMessage()))
        .toList();
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class BreaksOffTestCases {
    private static int runs;

    /** The first run leaks one socket, and what the second leaves is not the first's. */
    @Test
    void fails_when_it_is_run_again() {
      leak(runs++ == 0 ? 1 : 5);
      assertThat(runs).isEqualTo(1);
    }
  }

  @Test
  void what_a_run_that_breaks_off_leaves_is_not_held_against_the_first() {
    BreaksOffTestCases.runs = 0;
    EngineExecutionResults results = run(BreaksOffTestCases.class);
    assertLeaks(results, 1, "fails_when_it_is_run_again()");
    assertThat(messages(results))
        .allMatch(
            message -> message.contains("fails_when_it_is_run_again leaked 1 sock_inode_cache"));
  }

  // --- known leaks
  // --------------------------------------------------------------------------------

  @NoSlabLeak(caches = "sock_inode_cache")
  static class KnownLeakTestCases {
    static int sockets = 1;

    @Test
    void leaks() {
      leak(sockets);
    }

    @Test
    void is_clean() {}
  }

  @Test
  void a_known_leak_passes_up_to_its_rate_and_the_baseline_only_goes_down(@TempDir Path dir)
      throws IOException {
    Path baseline = dir.resolve("known-leaks.txt");
    String[] check = {"noslableak.baseline", baseline.toString()};
    String[] update = {
      "noslableak.baseline",
      baseline.toString(),
      "noslableak.baseline.mode",
      "update",
      "noslableak.baseline.create",
      "true"
    };
    KnownLeakTestCases.sockets = 2;

    // A file that is named and missing fails, and says how to make it.
    assertThat(
            run(KnownLeakTestCases.class, check).allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
                .map(thrown -> String.valueOf(thrown.orElseThrow().getMessage())))
        .hasSize(2)
        .allSatisfy(message -> assertThat(message).contains("noslableak.baseline.mode=update"));

    assertPasses(run(KnownLeakTestCases.class, update), 2);
    String key = KnownLeakTestCases.class.getName() + "#leaks()";
    assertThat(baseline).content().contains(key + " | sock_inode_cache | 2.00 | ");
    assertPasses(run(KnownLeakTestCases.class, check), 2);

    KnownLeakTestCases.sockets = 3;
    EngineExecutionResults results = run(KnownLeakTestCases.class, check);
    assertLeaks(results, 3, "leaks()");
    assertThat(leakOf(results))
        .hasMessageContaining("sock_inode_cache: not known, or more than the baseline knows")
        .hasMessageContaining("run once with noslableak.baseline.mode=update");
    assertThat(baseline).content().contains(" | 2.00 | ");

    KnownLeakTestCases.sockets = 1;
    assertPasses(run(KnownLeakTestCases.class, check), 2);
    assertThat(baseline).content().contains(" | 1.00 | ");

    KnownLeakTestCases.sockets = 0;
    assertPasses(run(KnownLeakTestCases.class, check), 2);
    assertThat(baseline).content().doesNotContain(key);
  }

  @NoSlabLeak(caches = "sock_inode_cache", confirm = false)
  @CacheTolerance(cache = "sock_*", objects = 1, because = "one stays open")
  static class ToleratingTestCases {
    @Test
    void leaks_one() {
      leak(1);
    }

    @Test
    @CacheTolerance(cache = "sock_inode_cache", objects = 2, because = "two stay open")
    void leaks_two() {
      leak(2);
    }

    @Test
    @CacheTolerance(cache = "sock_inode_cache", objects = 0, because = "none stays open")
    void leaks_too_many() {
      leak(1);
    }
  }

  @Test
  void the_nearest_tolerance_of_a_cache_counts_and_is_reported() {
    EngineExecutionResults results = run(ToleratingTestCases.class);
    assertLeaks(results, 1, "leaks_too_many()");
    assertThat(
            results.allEvents().reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                .map(pairs -> pairs.get("noslableak")))
        .anySatisfy(
            report ->
                assertThat(report)
                    .contains("tolerated: sock_inode_cache +2 of 2, because two stay open"));
  }

  // --- misuse and settings ----------------------------------------------------------------------

  private static void assertConfigurationError(Class<?> testCases, String message, String... set) {
    run(testCases, set)
        .allEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(
                    instanceOf(ExtensionConfigurationException.class), message(message))));
  }

  @NoSlabLeak(caches = "dentri")
  static class UnknownCacheTestCases {
    @Test
    void body() {}
  }

  @Test
  void an_unknown_cache_is_a_configuration_error() {
    assertConfigurationError(
        UnknownCacheTestCases.class,
        "@NoSlabLeak: There is no slab cache \"dentri\" on this kernel. Did you mean dentry? List"
            + " them with: ls /sys/kernel/slab");
  }

  @NoSlabLeak(tolerance = -1)
  static class NegativeToleranceTestCases {
    @Test
    void body() {}
  }

  @Test
  void a_negative_tolerance_is_a_configuration_error() {
    assertConfigurationError(
        NegativeToleranceTestCases.class, "@NoSlabLeak: tolerance should be 0 or more, but is -1");
  }

  @NoSlabLeak
  static class PlainTestCases {
    @Test
    void body() {}
  }

  @Test
  void a_malformed_setting_is_a_configuration_error() {
    assertConfigurationError(
        PlainTestCases.class,
        "@NoSlabLeak: noslableak.linger should be a time such as 500 ms, 2 s or 1 min, but is"
            + " \"soon\"",
        "noslableak.linger",
        "soon");
  }

  @Test
  void a_leak_is_found_also_where_closing_is_switched_off() {
    assertLeaks(
        run(
            PerClassTestCases.class,
            "junit.jupiter.extensions.store.close.autocloseable.enabled",
            "false"),
        7,
        "body()");
  }

  // --- isolation --------------------------------------------------------------------------------

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
    run(
            ParallelTestCases.class,
            "junit.jupiter.execution.parallel.enabled",
            "true",
            "junit.jupiter.execution.parallel.mode.default",
            "concurrent",
            "junit.jupiter.execution.parallel.config.strategy",
            "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism",
            "4")
        .testEvents()
        .assertStatistics(stats -> stats.succeeded(8));
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  static class GuardInsideTestCases {
    @Test
    void measures_a_part_of_itself() {
      SlabGuard.watching("sock_inode_cache").tolerating(1).check(() -> leak(1));
    }
  }

  @Test
  void a_guard_may_measure_inside_an_annotated_test() {
    assertLeaks(run(GuardInsideTestCases.class), 1, "measures_a_part_of_itself()");
  }
}
