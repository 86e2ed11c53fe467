package io.github.noslableak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.noslableak.dump.Dumps;
import io.github.noslableak.kernel.Captures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyzeCommandTests {

  @TempDir private Path directory;

  private String file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }

  private String story() throws IOException {
    return Files.writeString(directory.resolve("story.txt"), Dumps.text("story.txt")).toString();
  }

  @Test
  void the_story_from_the_dump_to_the_test() throws IOException {
    String story = story();
    Cli cli = Cli.run("analyze", story);

    assertThat(cli.err()).isEmpty();
    assertThat(cli.out().replace(story, "story.txt"))
        .isEqualTo(
            """
            story.txt (Linux 3.12.49-11-default, up 5.1 days)

            Slab has 3.6 GiB of 3.8 GiB (95 %); 82 MiB are free.
            Slab is what fills this machine, and the kernel could not reclaim it: a leak.
            If it began when the machine was started, 5.1 days before, it leaks 24 MiB an hour; at that \
            rate the memory that is left is gone after 3.4 h.

            The caches
              cache               objects   memory  of slab
              sock_inode_cache  3,000,000  1.8 GiB     50 %
              dentry            3,900,000  714 MiB     19 %
              kmalloc-64        5,120,000  313 MiB      8 %
              ext4_inode_cache     90,000   90 MiB      2 %

            What allocates from them
              sock_inode_cache: sockets: socket(), accept(), connect(); close() gives them back
              dentry, ext4_inode_cache: files and their names: open(), stat(), path lookups; close() \
            gives them back, and the kernel drops unused ones when memory is short
              kmalloc-64: general-purpose memory: kmalloc() of any kernel code; of a product, its \
            module's own records

            The test to write
              @Test
              @NoSlabLeak(caches = {"sock_inode_cache", "dentry"})
              void opens_and_closes_a_connection() throws Exception {
                // Connect, send and close as your product does; once with an error in between.
              }
              It would show, per iteration that leaks one object of each: sock_inode_cache 1.00 (640 \
            bytes), dentry 1.00 (192 bytes).
              Where one in a hundred leaks, iterations = 100 shows 0.01 of it.

            What was read
              crash could not read the slabs of dma-kmalloc-512
            """);
    assertThat(cli.exit()).isEqualTo(1);
  }

  @Test
  void growth_between_two_readings_of_a_running_machine() throws IOException {
    Cli cli =
        Cli.run(
            "analyze",
            "--apart",
            "30min",
            file("m1", Captures.bytes("case-study/1-healthy/meminfo.txt")),
            file("s1", Captures.bytes("case-study/1-healthy/slabinfo.txt")),
            file("m2", Captures.bytes("case-study/2-leaky-every1/meminfo.txt")),
            file("s2", Captures.bytes("case-study/2-leaky-every1/slabinfo.txt")));

    assertThat(cli.out())
        .contains("These caches grew by 22 MiB in 30 min.")
        .contains(
            "That is 44 MiB an hour; at that rate the memory that is left is gone after 12 h.")
        .containsPattern("sock_inode_cache +15,020 +12 MiB +30 % +\\+15,000 +12 MiB +30,000");
    assertThat(cli.exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "crash/crash-healthy.txt, 0",
    "crash/crash-leaky.txt, 0",
    "debian-6.1/meminfo.txt, 0",
    "debian-6.1/slabinfo.txt, 0",
    "debian-6.1-slab_nomerge/slabinfo.txt, 0",
    "debian-6.1-slub_debug/slabinfo.txt, 0",
    "vm-6.18/meminfo.txt, 0",
    "vm-6.18/slabinfo.txt, 0",
    "case-study/3-leaky-every10/slabinfo.txt, 0"
  })
  void each_capture_by_itself(String capture, int exit) throws IOException {
    Cli cli = Cli.run("analyze", file("capture", Captures.bytes(capture)));

    assertThat(cli.err()).isEmpty();
    assertThat(cli.exit()).as(cli.out()).isEqualTo(exit);
  }

  @Test
  void json() throws IOException {
    Cli cli = Cli.run("analyze", "--json", story());

    JsonObject root = JsonParser.parseString(cli.out()).getAsJsonObject();
    assertThat(root.get("conclusion").getAsString()).isEqualTo("leak");
    assertThat(root.get("annotation").getAsString())
        .isEqualTo("@NoSlabLeak(caches = {\"sock_inode_cache\", \"dentry\"})");
    JsonObject sockets = root.getAsJsonArray("caches").get(0).getAsJsonObject();
    assertThat(sockets.get("name").getAsString()).isEqualTo("sock_inode_cache");
    assertThat(sockets.get("objects").getAsLong()).isEqualTo(3_000_000);
    assertThat(sockets.get("kind").getAsString()).isEqualTo("socket");
    assertThat(root.getAsJsonObject("latest").get("slabBytes").getAsLong())
        .isEqualTo(943_718L << 12);
    assertThat(root.has("earlier")).as("what is not known is left out").isFalse();
    assertThat(cli.exit()).isEqualTo(1);
  }

  @Test
  void what_does_not_grow_needs_no_test() throws IOException {
    byte[] same = Captures.bytes("vm-6.18/slabinfo.txt");
    Cli cli = Cli.run("analyze", file("a", same), file("b", same));

    assertThat(cli.out())
        .contains("No cache grew from one to the other.")
        .doesNotContain("The test to write");
    assertThat(cli.exit()).isZero();
  }

  /** The cache's name goes into a test's source. */
  @Test
  void a_name_that_is_none_is_not_suggested() throws IOException {
    Cli cli =
        Cli.run(
            "analyze",
            file(
                "evil",
                "x\"})/*{ 9000 9000 192 21 1 : tunables 0 0 0 : slabdata 1 1 0\n"
                    .getBytes(StandardCharsets.UTF_8)));

    assertThat(cli.out()).doesNotContain("@NoSlabLeak");
  }

  // What is refused, in one sentence

  private static void refused(Cli cli, String sentence) {
    assertThat(cli.exit()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).isEqualTo(sentence + "\n");
  }

  @Test
  void a_file_that_is_not_there() {
    refused(Cli.run("analyze", "/no/such/file"), "/no/such/file is not there");
  }

  @Test
  void a_damaged_file() throws IOException {
    String file =
        file("slabinfo", "slabinfo - version: 2.1\ndentry 1\n".getBytes(StandardCharsets.UTF_8));
    refused(Cli.run("analyze", file), file + ", line 2: no row of slabinfo: \"dentry 1\"");
  }

  @Test
  void no_file_at_all() {
    refused(
        Cli.run("analyze"),
        "Which FILE, or --live for this machine?\nnoslableak analyze --help says what can be given.");
  }

  @Test
  void a_file_and_this_machine() {
    refused(
        Cli.run("analyze", "--live", "x"),
        "Files and this machine cannot be looked at in one go."
            + "\nnoslableak analyze --help says what can be given.");
  }

  @Test
  void a_time_that_is_none() {
    refused(
        Cli.run("analyze", "--apart", "soon", "x"),
        "Invalid value for option '--apart': should be a time such as 90s, 5min, 3h or 5d, but is"
            + " \"soon\"\nnoslableak analyze --help says what can be given.");
  }

  @Test
  void an_unknown_option() {
    refused(
        Cli.run("analyze", "--fast"),
        "Unknown option: '--fast'\nnoslableak analyze --help says what can be given.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"analyze", "run"})
  void help_says_what_exit_codes_mean(String command) {
    Cli cli = Cli.run(command, "--help");

    assertThat(cli.exit()).isZero();
    assertThat(cli.out()).contains("Exit codes:").contains("  0   ").contains("  2   ");
  }

  @Test
  void bash_completion() {
    assertThat(Cli.run("generate-completion").out())
        .contains("_picocli_noslableak_analyze")
        .contains("--apart");
  }

  @ParameterizedTest
  @CsvSource({
    "90, PT1M30S",
    "90s, PT1M30S",
    "500ms, PT0.5S",
    "5min, PT5M",
    "5m, PT5M",
    "3 h, PT3H",
    "5d, P5D"
  })
  void times(String value, Duration time) {
    assertThat(new TimeConverter().convert(value)).isEqualTo(time);
  }
}
