package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.kernel.TraceFileSystem;
import io.github.noslableak.testkit.Leaks;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ledger that does not see what the body does, because tracing is off meanwhile: what it says to
 * be nothing does not end clean where the counter shows it.
 */
@LiveTest
class BlindLedgerTests {

  private static final String OURS = "noslableak-" + ProcessHandle.current().pid() + "-*";

  @RegisterExtension final Leaks leaks = new Leaks();

  private interface Body {
    void run() throws Exception;
  }

  private static void unseen(Body body) throws Exception {
    List<Path> switches = recording();
    assertThat(switches).as("ledgers").isNotEmpty();
    for (Path tracing : switches) {
      Files.writeString(tracing, "0");
    }
    try {
      body.run();
    } finally {
      for (Path tracing : switches) {
        Files.writeString(tracing, "1");
      }
    }
  }

  private static List<Path> recording() throws IOException {
    List<Path> recording = new ArrayList<>();
    try (DirectoryStream<Path> instances =
        Files.newDirectoryStream(TraceFileSystem.root().resolve("instances"), OURS)) {
      for (Path instance : instances) {
        Path tracing = instance.resolve("tracing_on");
        if (Files.readString(tracing).startsWith("1")) {
          recording.add(tracing);
        }
      }
    }
    return recording;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sock_inode_cache", "filp"})
  void what_stays_of_what_it_does_not_see_is_left_by_the_counter(String cache) throws Exception {
    SlabGrowth growth = SlabGuard.watching(cache).measure(() -> unseen(() -> leaks.sockets(1)));

    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration(cache)).as(growth.report()).isEqualTo(1);
  }

  /** As inodes of sockets, which are freed after a grace period, in the midst of anything. */
  @RepeatedTest(3)
  void what_it_sees_to_go_and_did_not_see_to_come_is_not_left() throws Exception {
    List<ServerSocket> open = new ArrayList<>();
    SlabGuard.watching("filp", "sock_inode_cache", "dentry")
        .check(
            () -> {
              unseen(() -> open.add(new ServerSocket(0)));
              open.remove(0).close();
            });
  }
}
