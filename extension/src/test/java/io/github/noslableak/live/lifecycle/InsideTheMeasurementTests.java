package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Everything that belongs to a test lies inside its measurement. */
@LiveTest
class InsideTheMeasurementTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  @NoSlabLeak(caches = "sock_inode_cache")
  static class LeaksEverywhereTestCases {
    LeaksEverywhereTestCases() {
      LEAKED.sockets(1);
    }

    @BeforeEach
    void before() {
      LEAKED.sockets(2);
    }

    @Test
    void body() {
      LEAKED.sockets(4);
    }

    @AfterEach
    void after() {
      LEAKED.sockets(8);
    }
  }

  @Test
  void constructor_fixtures_and_body_count() {
    Results results = TestKit.run(LeaksEverywhereTestCases.class);
    // The constructor is not run again.
    assertThat(results).leaks("sock_inode_cache", 14, "body()");
    assertThat(results.leak().growth().of("sock_inode_cache"))
        .as("what came once is no leak: " + results.leak().getMessage())
        .isEqualTo(14);
  }

  static class MethodLevelTestCases {
    MethodLevelTestCases() {
      LEAKED.sockets(1);
    }

    @Test
    @NoSlabLeak(caches = "sock_inode_cache")
    void annotated() {
      LEAKED.sockets(2);
    }

    @Test
    void not_annotated() {
      LEAKED.sockets(2);
    }
  }

  @Test
  void an_annotated_method_counts_from_its_constructor_and_others_are_left_alone() {
    assertThat(TestKit.run(MethodLevelTestCases.class)).leaks("sock_inode_cache", 2, "annotated()");
  }

  @NoSlabLeak(caches = "sock_inode_cache")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCases {
    @BeforeEach
    void before() {
      LEAKED.sockets(1);
    }

    @Test
    void body() {
      LEAKED.sockets(2);
    }

    @AfterEach
    void after() {
      LEAKED.sockets(4);
    }
  }

  @Test
  void a_shared_instance_is_measured_per_test() {
    assertThat(TestKit.run(PerClassTestCases.class)).leaks("sock_inode_cache", 7, "body()");
  }

  @ExtendWith(SocketsOfAnExtension.class)
  static class CleanTestCases {
    @TempDir(factory = SharedMemory.class)
    Path field;

    final Path parameterOfConstructor;

    CleanTestCases(@TempDir(factory = SharedMemory.class) Path dir) {
      this.parameterOfConstructor = dir;
      SharedMemory.fill(dir, 500);
    }

    @Test
    @NoSlabLeak(
        caches = {
          "@io",
        })
    void another_extension_and_temp_dirs_clean_up_after_it(
        @TempDir(factory = SharedMemory.class) Path dir) {
      SharedMemory.fill(dir, 500);
      SharedMemory.fill(field, 1_000);
    }
  }

  @Test
  void temp_dirs_and_other_extensions_lie_inside() {
    assertThat(TestKit.run(CleanTestCases.class)).passes(1);
  }

  @NoSlabLeak
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  @ExtendWith(SocketsOfAnExtension.class)
  static class CleanPerClassTestCases {
    @Test
    void body(@TempDir(factory = SharedMemory.class) Path dir) {
      SharedMemory.fill(dir, 1_000);
    }
  }

  @Test
  void also_with_a_shared_instance() {
    assertThat(TestKit.run(CleanPerClassTestCases.class)).passes(1);
  }

  @Test
  void a_leak_is_found_also_where_closing_is_switched_off() {
    assertThat(
            TestKit.run(
                PerClassTestCases.class,
                "junit.jupiter.extensions.store.close.autocloseable.enabled",
                "false"))
        .leaks("sock_inode_cache", 7, "body()");
  }

  @Test
  void a_shared_instance_is_measured_also_where_conditions_are_switched_off() {
    assertThat(TestKit.run(PerClassTestCases.class, "junit.jupiter.conditions.deactivate", "*"))
        .leaks("sock_inode_cache", 7, "body()");
  }
}
