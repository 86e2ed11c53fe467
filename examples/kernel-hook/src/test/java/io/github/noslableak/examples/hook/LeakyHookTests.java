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
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void output_stream() throws IOException {
      IoPath.OUTPUT_STREAM.run();
    }

    @Test
    void written_and_read() throws IOException {
      IoPath.WRITTEN_AND_READ.run();
    }

    @Test
    void file_channel() throws IOException {
      IoPath.FILE_CHANNEL.run();
    }

    @Test
    void random_access_file() throws IOException {
      IoPath.RANDOM_ACCESS_FILE.run();
    }

    @Test
    void files_in_a_temporary_directory(@TempDir Path directory) throws IOException {
      for (int i = 0; i < 5; i++) {
        Files.writeString(directory.resolve("file-" + temporaryFiles++), "temporary");
      }
    }

    @Test
    void server_socket() throws IOException {
      IoPath.SERVER_SOCKET.run();
    }

    @Test
    void connection() throws IOException {
      IoPath.CONNECTION.run();
    }

    @Test
    void datagram_socket() throws IOException {
      IoPath.DATAGRAM_SOCKET.run();
    }

    @Test
    void socket_channel() throws IOException {
      IoPath.SOCKET_CHANNEL.run();
    }

    @Test
    void unix_socket() throws IOException {
      IoPath.UNIX_SOCKET.run();
    }

    @Test
    void pipe() throws IOException {
      IoPath.PIPE.run();
    }

    @Test
    @NoSlabLeak(iterations = 10)
    void ten_files() throws IOException {
      IoPath.OUTPUT_STREAM.run();
    }

    @Test
    @NoSlabLeak(iterations = 10)
    void ten_sockets() throws IOException {
      IoPath.SERVER_SOCKET.run();
    }

    @Test
    @NoSlabLeak(iterations = 100)
    void a_hundred_files() throws IOException {
      IoPath.OUTPUT_STREAM.run();
    }

    @Test
    @NoSlabLeak(iterations = 100)
    void a_hundred_sockets() throws IOException {
      IoPath.SERVER_SOCKET.run();
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

  private static HookedRun run(String test) {
    return HookedRun.of(ProductTestCases.class, test);
  }

  private static void assertLeaksFiles(HookedRun run, Leak expected) {
    assertLeaks(run, expected, "ext4_inode_cache", "sock_inode_cache");
  }

  private static void assertLeaksSockets(HookedRun run, Leak expected) {
    assertLeaks(run, expected, "sock_inode_cache", "ext4_inode_cache");
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
  @ValueSource(strings = {"output_stream", "file_channel", "random_access_file"})
  void should_report_the_file_that_was_closed(String test) {
    assertLeaksFiles(run(test), Leak.ofEachRun(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server_socket", "datagram_socket", "unix_socket"})
  void should_report_the_socket_that_was_closed(String test) {
    assertLeaksSockets(run(test), Leak.ofEachRun(1));
  }

  @Test
  void should_report_each_end_of_a_connection() {
    assertLeaksSockets(run("connection"), Leak.ofEachRun(3));
  }

  @Test
  void should_report_each_socket_channel() {
    assertLeaksSockets(run("socket_channel"), Leak.ofEachRun(2));
  }

  @Test
  void should_report_one_name_where_two_references_on_it_are_leaked() {
    HookedRun run = run("written_and_read");

    assertReferences(run, Leak.ofEachRun(2));
    for (String cache : List.of("dentry", "ext4_inode_cache")) {
      assertThat(run.leak().growth().of(cache)).isEqualTo(1);
      assertThat(run.leak().growth().perIteration(cache)).isEqualTo(1);
    }
  }

  @Test
  void should_report_also_the_directory_that_leaked_names_are_in() {
    HookedRun run = run("files_in_a_temporary_directory");

    assertReferences(run, Leak.ofEachRun(5));
    for (String cache : List.of("dentry", "ext4_inode_cache")) {
      // Each run has a directory of its own.
      assertThat(run.leak().growth().of(cache)).isEqualTo(5 + 1);
      assertThat(run.leak().growth().perIteration(cache)).isEqualTo(5 + 1);
    }
  }

  @Test
  void should_pass_what_the_hook_does_not_touch() {
    HookedRun run = run("pipe");

    assertThat(run.failure()).isEmpty();
    assertThat(run.leaked()).isZero();
  }

  @Test
  void should_find_a_single_leaked_file_with_the_default_settings() {
    HookedRun run = HookedRun.of(ProductTestCases.class, "output_stream", "2 s");

    assertLeaksFiles(run, Leak.ofEachRun(1));
    assertThat(run.leak())
        .hasMessageStartingWith(
            "ProductTestCases.output_stream leaked 1 ext4_inode_cache, 1 dentry")
        .hasMessageNotContaining("still open in this JVM:");
  }

  @Test
  void should_find_a_single_leaked_socket_with_the_default_settings() {
    HookedRun run = HookedRun.of(ProductTestCases.class, "server_socket", "2 s");

    assertLeaksSockets(run, Leak.ofEachRun(1));
    assertThat(run.leak())
        .hasMessageStartingWith(
            "ProductTestCases.server_socket leaked 1 sock_inode_cache, 1 dentry")
        .hasMessageNotContaining("still open in this JVM:");
  }

  // --- seldom leaks ------------------------------------------------------------------------------

  @Test
  void should_pass_a_single_close_where_every_tenth_leaks() {
    HookModule.set("every", "10");
    HookedRun run = run("output_stream");

    assertThat(run.failure()).isEmpty();
    assertThat(run.leaked()).isZero();
  }

  @Test
  void should_find_every_tenth_file_by_iterations() {
    HookModule.set("every", "10");
    assertLeaksFiles(run("ten_files"), new Leak(1, 10));
  }

  @Test
  void should_find_every_tenth_socket_by_iterations() {
    HookModule.set("every", "10");
    assertLeaksSockets(run("ten_sockets"), new Leak(1, 10));
  }

  @Test
  void should_find_every_hundredth_file_by_iterations() {
    HookModule.set("every", "100");
    assertLeaksFiles(run("a_hundred_files"), new Leak(1, 100));
  }

  @Test
  void should_find_every_hundredth_socket_by_iterations() {
    HookModule.set("every", "100");
    assertLeaksSockets(run("a_hundred_sockets"), new Leak(1, 100));
  }

  @Test
  void should_count_a_hundred() {
    assertLeaksFiles(run("a_hundred_files"), new Leak(100, 100));
    assertLeaksSockets(run("a_hundred_sockets"), new Leak(100, 100));
  }

  // --- the module's filters ----------------------------------------------------------------------

  @Test
  void should_report_only_what_is_hooked() {
    HookModule.set("only", "sockets");
    assertThat(run("output_stream").failure()).isEmpty();
    assertLeaksSockets(run("server_socket"), Leak.ofEachRun(1));

    HookModule.set("only", "files");
    assertThat(run("server_socket").failure()).isEmpty();
    assertLeaksFiles(run("output_stream"), Leak.ofEachRun(1));
  }

  @Test
  void should_pass_when_another_process_is_hooked() {
    HookModule.set("tgid", "1");
    HookedRun run = run("output_stream");

    assertThat(run.failure()).isEmpty();
    assertThat(run.hooked()).isZero();
  }
}
