package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.noslableak.Attribution;
import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabInconclusiveError;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What repeats and scales is accused, and nothing else, whatever others do on the machine. */
@LiveTest
class ConfirmationTests {

  private static final SlabGuard SOCKETS = SlabGuard.watching("sock_inode_cache");

  @RegisterExtension final Leaks leaks = new Leaks();

  private int iteration;

  private void leakOneIn(int every) throws IOException {
    ServerSocket socket = new ServerSocket(0);
    if (++iteration % every == 0) {
      leaks.keep(socket);
    } else {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100})
  void a_leak_in_one_of_many_iterations_is_found_with_its_rate(int every) {
    SlabLeakError error =
        catchThrowableOfType(
            SlabLeakError.class,
            () -> SOCKETS.iterations(500).named("relay").check(() -> leakOneIn(every)));

    assertThat(error.growth().perIteration("sock_inode_cache")).isEqualTo(1.0 / every);
    assertThat(error)
        .hasMessageStartingWith(
            "relay leaked " + 500 / every + " sock_inode_cache in 500 iterations")
        .hasMessageContaining("The body was run again, 500, then 1,000 times.");
  }

  @Test
  void growth_that_comes_once_passes_and_is_named() throws Exception {
    SlabGrowth growth =
        SOCKETS.measure(
            () -> {
              if (leaks.size() == 0) {
                leaks.sockets(1);
              }
            });

    assertThat(growth.isLeak()).isFalse();
    assertThat(growth.report()).contains("sock_inode_cache: did not grow again");
  }

  /** By the round and not by the iteration: every run after the first in a new round leaks. */
  @Test
  void growth_that_does_not_scale_passes_and_is_named() throws Exception {
    int[] runs = new int[1];
    SlabGrowth growth =
        SOCKETS.measure(
            () -> {
              int run = runs[0]++; // Rounds begin with the runs 0, 1, 2, 4, 8...
              if (Integer.bitCount(run) <= 1) {
                leaks.sockets(1);
              }
            });

    assertThat(growth.isLeak()).as(growth.report()).isFalse();
    assertThat(growth.report()).contains("does not grow with the number of iterations");
  }

  @Test
  void what_only_takes_its_time_is_no_leak_also_where_the_body_cannot_be_run_again()
      throws Exception {
    int[] runs = new int[1];
    SOCKETS.check(
        () -> {
          if (runs[0]++ > 0) {
            throw new IllegalStateException("it runs only once");
          }
          ServerSocket socket = new ServerSocket(0);
          Thread closer =
              new Thread(
                  () -> {
                    try {
                      Thread.sleep(1_000);
                      socket.close();
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
          closer.start();
        });
    assertThat(runs[0]).as("runs, the second of which failed").isEqualTo(2);
  }

  @Test
  void a_clean_measurement_says_what_it_would_have_seen() {
    assertThat(SOCKETS.iterations(50).measure(() -> {}).report())
        .startsWith("The checked code is clean: none of 1 watched cache gained more than tolerated")
        .contains("A leak of 0.02 objects per iteration of each watched cache.");
  }

  @Test
  void a_clean_verdict_that_is_not_sensitive_enough_is_inconclusive() {
    leaks.set("noslableak.sensitivity", "0.01");
    SOCKETS.iterations(100).check(() -> {});
    assertThatThrownBy(() -> SOCKETS.iterations(99).check(() -> {}))
        .isInstanceOf(SlabInconclusiveError.class)
        .hasMessageContaining("and noslableak.sensitivity wants 0.0100: run more iterations");
    leaks.set("noslableak.inconclusive", "pass");
    SOCKETS.iterations(99).check(() -> {});
  }

  /** As a process does that closes just as much: the counters show nothing. */
  private SlabGrowth leakBehindAClosedSocket(Attribution attribution) throws IOException {
    Deque<ServerSocket> others = new ArrayDeque<>();
    for (int i = 0; i < 20; i++) {
      others.push(leaks.keep(new ServerSocket(0)));
    }
    return SOCKETS
        .attributing(attribution)
        .measure(
            () -> {
              leaks.sockets(1);
              others.pop().close();
            });
  }

  @Test
  void a_leak_that_others_outweigh_is_found_where_the_first_run_is_followed() throws Exception {
    SlabGrowth growth = leakBehindAClosedSocket(Attribution.ALWAYS);
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration("sock_inode_cache")).isEqualTo(1);
    assertThat(growth.report()).contains("Who allocated them").contains("sock_alloc_inode");
  }

  @Test
  void the_only_run_is_judged_by_who_allocated_where_it_is_followed() throws Exception {
    SlabGuard once = SOCKETS.attributing(Attribution.ALWAYS).confirming(false);

    SlabGrowth growth = once.measure(() -> leaks.sockets(1));
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.report())
        .contains("Each allocation of the only run was followed.")
        .contains("sock_inode_cache +1: 1.00 per iteration, it leaks");

    ProcessHandle daemon = daemon("opens");
    growth = once.measure(() -> Thread.sleep(500));
    assertThat(growth.isLeak()).as("what others do is not the test's").isFalse();
    assertThat(growth.report()).contains("is clean");
    assertThat(daemon.isAlive()).isTrue();
  }

  @Test
  void without_attribution_the_counters_decide() throws Exception {
    SlabGrowth growth = SOCKETS.attributing(Attribution.NEVER).measure(() -> leaks.sockets(1));
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.report())
        .contains("Counted by the machine's counters")
        .doesNotContain("Who allocated them");
  }

  // --- comparison -------------------------------------------------------------------------------

  @Test
  void a_treatment_that_leaks_more_than_its_control_is_accused_of_the_difference() {
    SlabLeakError error =
        catchThrowableOfType(
            SlabLeakError.class,
            () ->
                SOCKETS
                    .named("copy")
                    .iterations(10)
                    .compare(
                        () -> leaks.sockets(1),
                        () -> {
                          leaks.sockets(1);
                          leaks.sockets(1);
                        }));

    assertThat(error.growth().perIteration("sock_inode_cache")).isEqualTo(1);
    assertThat(error)
        .hasMessageStartingWith(
            "copy leaks with the treatment, and not with the control: 1.00 sock_inode_cache per"
                + " iteration");
  }

  @Test
  void a_treatment_that_leaks_like_its_control_is_not_accused() throws Exception {
    SOCKETS.iterations(10).compare(() -> leaks.sockets(1), () -> leaks.sockets(1));
  }

  @Test
  void a_comparison_keeps_to_the_tolerance_of_a_cache_and_to_the_ledger_that_is_open()
      throws Exception {
    List<Long> ledgers = new ArrayList<>();
    SOCKETS
        .tolerating("sock_inode_cache", 10, "the treatment opens a connection")
        .iterations(10)
        .attributing(Attribution.ALWAYS)
        .compare(() -> ledgers.add(recording()), () -> leaks.sockets(1));

    assertThat(ledgers).isNotEmpty().containsOnly(1L);
  }

  /** Returns how many ledgers this JVM keeps by now. */
  private static long recording() throws IOException {
    String ours = "noslableak-" + ProcessHandle.current().pid() + "-";
    long recording = 0;
    try (DirectoryStream<Path> instances =
        Files.newDirectoryStream(TraceFileSystem.root().resolve("instances"), ours + "*")) {
      for (Path instance : instances) {
        if (Files.readString(instance.resolve("tracing_on")).startsWith("1")) {
          recording++;
        }
      }
    }
    return recording;
  }

  @Test
  void what_a_ledger_opened_under_suspicion_holds_is_no_growth() throws Exception {
    assertThat(LedgerTests.caches("@io", "@kmalloc"))
        .as("more than are followed from the start")
        .hasSizeGreaterThan(64);

    // Of kmalloc's caches everybody allocates, a young JVM too: what becomes of them is not asked.
    assertThat(leaks.keep(ChildJvm.start("many")).awaitEnd().output())
        .containsPattern("passed|filp +[\\d,]+ +[\\d,]+ +\\+1 ")
        .doesNotContainPattern("(dentry|inode_cache) +[\\d,]+ +[\\d,]+ +\\+");
  }

  @Test
  void what_a_compared_body_throws_reaches_the_caller() {
    UncheckedIOException thrown = new UncheckedIOException(new IOException("of the body"));

    assertThatThrownBy(
            () ->
                SOCKETS.compare(
                    () -> {},
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  @Test
  void a_daemon_that_opens_files_for_good_makes_no_difference() throws Exception {
    ProcessHandle daemon = daemon("opens");
    SlabGuard.watching("dentry", "filp", "sock_inode_cache")
        .iterations(100)
        .compare(() -> leakOneIn(Integer.MAX_VALUE), () -> leakOneIn(Integer.MAX_VALUE));
    assertThat(daemon.isAlive()).isTrue();
  }

  // --- other people's noise ---------------------------------------------------------------------

  /** A process that is no child of ours: its parent, a shell, has gone. */
  private ProcessHandle daemon(String does) throws Exception {
    List<String> shell = List.of("sh", "-c", "\"$@\" & read line", "sh");
    Child parent = leaks.keep(ChildJvm.start(shell, "daemon", does, "5"));
    String line = parent.awaitLineStartingWith("pid ");
    ProcessHandle daemon =
        ProcessHandle.of(Long.parseLong(line.substring("pid ".length()))).orElseThrow();
    leaks.undo(() -> Child.kill(daemon));
    parent.say("go");
    parent.awaitEnd();
    assertThat(daemon.parent().map(ProcessHandle::pid))
        .isNotEqualTo(Optional.of(ProcessHandle.current().pid()));
    return daemon;
  }

  @Test
  void a_daemon_that_opens_files_for_good_does_not_fail_a_clean_test() throws Exception {
    ProcessHandle daemon = daemon("opens");
    for (int i = 0; i < 5; i++) {
      SlabGrowth growth =
          SlabGuard.watching("dentry", "filp", "sock_inode_cache")
              .iterations(100)
              .measure(() -> leakOneIn(Integer.MAX_VALUE));
      assertThat(growth.isLeak()).as(growth.report()).isFalse();
      assertThat(daemon.isAlive()).isTrue();
    }
  }

  @Test
  void a_daemon_that_closes_files_does_not_hide_a_leak() throws Exception {
    ProcessHandle daemon = daemon("closes");
    SlabLeakError error =
        catchThrowableOfType(
            SlabLeakError.class,
            () ->
                SlabGuard.watching("dentry", "filp", "sock_inode_cache")
                    .iterations(10)
                    .check(() -> leakOneIn(1)));
    assertThat(error.growth().perIteration("sock_inode_cache")).isEqualTo(1);
    assertThat(daemon.isAlive()).isTrue();
  }
}
