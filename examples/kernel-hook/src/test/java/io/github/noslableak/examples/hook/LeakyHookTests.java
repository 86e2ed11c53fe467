package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabGrowth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bug of the case study fails each test of a file or socket, by exactly what it leaked.
 *
 * <p>The extension runs a body under suspicion again: the growth is that of the first run, the rate
 * what running it again confirmed, and the module has counted all of it.
 */
class LeakyHookTests {

  private static int temporaryFiles;

  @BeforeAll
  static void warmUp() throws IOException {
    HookModule.reset();
    IoPath.runEach();
  }

  @BeforeEach
  @AfterEach
  void reset() {
    HookModule.reset();
  }

  /** A product's tests of its I/O, with a hook that leaks while they run. */
  @NoSlabLeak
  static class ProductTestCases {

    @BeforeEach
    void leak() {
      HookedRun.body();
      HookModule.set("leak", "Y");
    }

    @AfterEach
    void doNotLeak() {
      HookModule.set("leak", "N");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void once(IoPath path) throws IOException {
      path.run();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @NoSlabLeak(iterations = 10)
    void ten_times(IoPath path) throws IOException {
      path.run();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    @NoSlabLeak(iterations = 100)
    void a_hundred_times(IoPath path) throws IOException {
      path.run();
    }

    @Test
    void files_in_a_temporary_directory(@TempDir Path directory) throws IOException {
      for (int i = 0; i < 5; i++) {
        Files.writeString(directory.resolve("file-" + temporaryFiles++), "temporary");
      }
    }
  }

  /** How many references the iterations of the first run leaked. */
  private record Leak(int byFirstRun, int iterations) {

    static Leak ofEachRun(int references) {
      return new Leak(references, 1);
    }

    double perIteration() {
      return (double) byFirstRun / iterations;
    }
  }

  private static HookedRun run(String test, IoPath path) {
    return HookedRun.of(ProductTestCases.class, test, path, HookedRun.SHORT);
  }

  /** Each reference that was leaked keeps one name and one inode. */
  private static void assertLeaks(HookedRun run, IoPath path, Leak expected) {
    if (path.files() > 0) {
      assertLeaks(run, expected, "ext4_inode_cache", "sock_inode_cache");
    } else {
      assertLeaks(run, expected, "sock_inode_cache", "ext4_inode_cache");
    }
  }

  private static void assertLeaks(HookedRun run, Leak expected, String inodes, String otherInodes) {
    assertReferences(run, expected);
    SlabGrowth growth = run.leak().growth();
    assertThat(growth.of("dentry")).isEqualTo(expected.byFirstRun());
    assertThat(growth.perIteration("dentry")).isEqualTo(expected.perIteration());
    assertThat(growth.of(inodes)).isEqualTo(expected.byFirstRun());
    assertThat(growth.perIteration(inodes)).isEqualTo(expected.perIteration());
    assertThat(growth.of(otherInodes)).isZero();
    // The name of the file, or of the socket's protocol.
    assertThat(run.leak())
        .message()
        .containsPattern(
            "were given NULL\\.\n +on "
                + (inodes.equals("ext4_inode_cache") ? "file-\\d+" : "(TCP|UDP|UNIX)"));
  }

  /** All runs together leaked what the first leaked, at the same rate. */
  private static void assertReferences(HookedRun run, Leak expected) {
    assertThat(run.bodies()).isGreaterThanOrEqualTo(expected.iterations() * (1 + 1 + 2));
    assertThat(run.leaked() * expected.iterations())
        .isEqualTo((long) run.bodies() * expected.byFirstRun());
    assertThat(run.leak())
        .hasMessageContaining(
            "The body was run again, %d, then %d times. A leak repeats and scales."
                .formatted(expected.iterations(), 2 * expected.iterations()))
        .hasMessageContaining("Each allocation was followed");
    assertCulprit(run, run.leaked() - expected.byFirstRun());
  }

  /** The function is named that did not return what it took: all of what the reruns leaked. */
  private static void assertCulprit(HookedRun run, long unreturned) {
    assertThat(run.leak())
        .hasMessageContaining("Which reference was not returned\n  While the body was run again:")
        .hasMessageContaining("leaky_pre_close [noslableak_hook] took ")
        .hasMessageContaining(
            "%,d path_put calls from leaky_post_close [noslableak_hook] were given NULL."
                .formatted(unreturned))
        .hasMessageContaining(
            "- See why the function that is named above does not return its reference")
        .hasMessageNotContaining("calls were not recorded");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"WRITTEN_AND_READ", "PIPE"})
  void should_report_each_file_and_socket_that_was_closed(IoPath path) {
    assertLeaks(run("once", path), path, Leak.ofEachRun(path.closes()));
  }

  @Test
  void should_report_one_name_where_two_references_on_it_are_leaked() {
    HookedRun run = run("once", IoPath.WRITTEN_AND_READ);

    assertReferences(run, Leak.ofEachRun(2));
    for (String cache : List.of("dentry", "ext4_inode_cache")) {
      assertThat(run.leak().growth().of(cache)).isEqualTo(1);
      assertThat(run.leak().growth().perIteration(cache)).isEqualTo(1);
    }
  }

  @Test
  void should_report_also_the_directory_that_leaked_names_are_in() {
    HookedRun run = HookedRun.of(ProductTestCases.class, "files_in_a_temporary_directory");

    assertReferences(run, Leak.ofEachRun(5));
    for (String cache : List.of("dentry", "ext4_inode_cache")) {
      // Each run has a directory of its own.
      assertThat(run.leak().growth().of(cache)).isEqualTo(5 + 1);
      assertThat(run.leak().growth().perIteration(cache)).isEqualTo(5 + 1);
    }
  }

  @Test
  void should_pass_what_the_hook_does_not_touch() {
    HookedRun run = run("once", IoPath.PIPE);

    assertThat(run.failure()).isEmpty();
    assertThat(run.leaked()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTPUT_STREAM", "SERVER_SOCKET"})
  void should_find_a_single_leak_with_the_default_settings(IoPath path) {
    HookedRun run = HookedRun.of(ProductTestCases.class, "once", path, "2 s");

    assertLeaks(run, path, Leak.ofEachRun(1));
    assertThat(run.leak())
        .hasMessageStartingWith(
            "ProductTestCases.once %s leaked 1 %s, 1 dentry"
                .formatted(path, path.files() > 0 ? "ext4_inode_cache" : "sock_inode_cache"))
        .hasMessageNotContaining("still open in this JVM:");
  }

  // --- seldom leaks ------------------------------------------------------------------------------

  @Test
  void should_pass_a_single_close_where_every_tenth_leaks() {
    HookModule.set("every", "10");
    HookedRun run = run("once", IoPath.OUTPUT_STREAM);

    assertThat(run.failure()).isEmpty();
    assertThat(run.leaked()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTPUT_STREAM", "SERVER_SOCKET"})
  void should_find_every_tenth_close_by_iterations(IoPath path) {
    HookModule.set("every", "10");
    assertLeaks(run("ten_times", path), path, new Leak(1, 10));
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTPUT_STREAM", "SERVER_SOCKET"})
  void should_find_every_hundredth_close_by_iterations(IoPath path) {
    HookModule.set("every", "100");
    assertLeaks(run("a_hundred_times", path), path, new Leak(1, 100));
  }

  @ParameterizedTest
  @EnumSource(names = {"OUTPUT_STREAM", "SERVER_SOCKET"})
  void should_count_a_hundred(IoPath path) {
    assertLeaks(run("a_hundred_times", path), path, new Leak(100, 100));
  }

  // --- the module's filters ----------------------------------------------------------------------

  @Test
  void should_report_only_what_is_hooked() {
    HookModule.set("only", "sockets");
    assertThat(run("once", IoPath.OUTPUT_STREAM).failure()).isEmpty();
    assertLeaks(run("once", IoPath.SERVER_SOCKET), IoPath.SERVER_SOCKET, Leak.ofEachRun(1));

    HookModule.set("only", "files");
    assertThat(run("once", IoPath.SERVER_SOCKET).failure()).isEmpty();
    assertLeaks(run("once", IoPath.OUTPUT_STREAM), IoPath.OUTPUT_STREAM, Leak.ofEachRun(1));
  }

  @Test
  void should_pass_when_another_process_is_hooked() {
    HookModule.set("tgid", "1");
    HookedRun run = run("once", IoPath.OUTPUT_STREAM);

    assertThat(run.failure()).isEmpty();
    assertThat(run.hooked()).isZero();
  }
}
