package io.github.noslableak.examples.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.SlabLeakError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** Each mistake of the service fails its integration test, with a message that leads to it. */
class MistakesTests {

  private static final int TIMES = 3;

  private static Mistakes mistakes = Mistakes.none();
  private static Path directory = Path.of("");

  @BeforeEach
  void useDirectory(@TempDir Path temporary) {
    directory = temporary;
  }

  @AfterEach
  void undo() throws IOException {
    mistakes.undo();
  }

  @Test
  void should_report_directories_left_open() {
    SlabLeakError error = leak("directories", Mistake.DIRECTORY_LEFT_OPEN);

    // The JDK holds a directory by two descriptors of one open file.
    assertThat(error.growth().of("filp")).isEqualTo(TIMES);
    assertThat(error)
        .hasMessageStartingWith("ServiceTestCases.directories leaked ")
        .hasMessageContaining(TIMES + " filp")
        .hasMessageContaining("6 file descriptors are still open in this JVM:")
        .hasMessageContaining(directory + " (6 times)")
        .hasMessageContaining("- Close what is still open in this JVM");
  }

  @Test
  void should_report_connections_left_open() {
    SlabLeakError error = leak("connections", Mistake.CONNECTION_LEFT_OPEN);

    assertThat(error.growth().of("sock_inode_cache")).isEqualTo(TIMES);
    assertThat(error.growth().of("TCP")).isEqualTo(TIMES);
    assertThat(error)
        .hasMessageStartingWith("ServiceTestCases.connections leaked ")
        .hasMessageContaining(TIMES + " sock_inode_cache")
        .hasMessageContaining(TIMES + " TCP")
        .hasMessageContaining("3 sockets are still open in this JVM:")
        .hasMessageContaining("socket:[");
  }

  @Test
  void should_report_selectors_left_open() {
    SlabLeakError error = leak("selectors", Mistake.SELECTOR_LEFT_OPEN);

    // Each has an epoll and an eventfd, by which other threads wake it up.
    assertThat(error.growth().of("filp")).isEqualTo(2 * TIMES);
    assertThat(error)
        .hasMessageStartingWith("ServiceTestCases.selectors leaked ")
        .hasMessageContaining(2 * TIMES + " filp")
        .hasMessageContaining("3 epolls and 3 other anonymous inodes are still open in this JVM:")
        .hasMessageContaining("anon_inode:[eventpoll] (3 times)");
  }

  @Test
  void should_report_mounts_left_behind() {
    SlabLeakError error = leak("mounts", Mistake.MOUNT_LEFT_BEHIND);

    assertThat(error.growth().of("mnt_cache")).isEqualTo(TIMES);
    assertThat(error.growth().of("shmem_inode_cache")).isEqualTo(TIMES);
    assertThat(error)
        .hasMessageStartingWith("ServiceTestCases.mounts leaked ")
        .hasMessageContaining("mnt_cache")
        .hasMessageContaining("shmem_inode_cache")
        .hasMessageContaining("3 mounts are still mounted:")
        .hasMessageContaining(directory + "/scratch-")
        .hasMessageContaining("(tmpfs)")
        .hasMessageContaining("- Unmount what the test leaves mounted.");
  }

  @Test
  void should_report_segments_left_behind() {
    SlabLeakError error = leak("segments", Mistake.SEGMENT_LEFT_BEHIND);

    // Each has a dentry too, but so has everything that others on this machine look up meanwhile.
    assertThat(error.growth().of("shmem_inode_cache")).isEqualTo(TIMES);
    assertThat(error)
        .hasMessageStartingWith("ServiceTestCases.segments leaked ")
        .hasMessageContaining(TIMES + " shmem_inode_cache")
        .hasMessageContaining("No process holds them by a descriptor")
        .hasMessageContaining("ls /dev/shm")
        .hasMessageNotContaining("still open in this JVM")
        .hasMessageNotContaining("still mounted");
  }

  /** Runs a test on a service that makes a mistake and returns what it failed with. */
  private static SlabLeakError leak(String test, Mistake mistake) {
    mistakes = Mistakes.of(mistake);
    Throwable thrown = run(test).getThrowable().orElseThrow();
    if (thrown instanceof TestAbortedException unmeasurable) {
      throw unmeasurable;
    }
    // The test was run again, once and then twice, unless what it left keeps it from that.
    assertThat(mistakes.count()).isIn(TIMES, 4 * TIMES);
    assertThat(thrown).isInstanceOf(SlabLeakError.class);
    return (SlabLeakError) thrown;
  }

  private static TestExecutionResult run(String test) {
    List<TestExecutionResult> results = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            request().selectors(selectMethod(ServiceTestCases.class, test)).build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier id, TestExecutionResult result) {
                if (id.isTest()) {
                  results.add(result);
                }
              }
            });
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  /** Run by the tests above alone: these fail when the service makes the mistake. */
  @NoSlabLeak
  static class ServiceTestCases {

    @Test
    void directories() throws IOException {
      FileStore store = new FileStore(directory, mistakes);
      String id = store.put(new ByteArrayInputStream(new byte[1]));
      for (int i = 0; i < TIMES; i++) {
        assertThat(store.list()).containsExactly(id);
      }
      assertThat(store.delete(id)).isTrue();
    }

    @Test
    void connections() throws IOException {
      InetSocketAddress nobody;
      try (ServerSocket listener = new ServerSocket(0)) {
        nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
      }
      try (TcpRelay relay = new TcpRelay(nobody, mistakes)) {
        for (int i = 0; i < TIMES; i++) {
          try (Socket client =
              new Socket(relay.address().getAddress(), relay.address().getPort())) {
            client.setSoTimeout(100);
            assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> client.getInputStream().read());
          }
        }
      }
    }

    @Test
    void selectors() throws IOException {
      for (int i = 0; i < TIMES; i++) {
        new TcpRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), mistakes).close();
      }
    }

    @Test
    void mounts() throws IOException {
      for (int i = 0; i < TIMES; i++) {
        try (ScratchVolume volume = ScratchVolume.mount(directory, "64k", mistakes)) {
          Path file = Files.writeString(volume.path().resolve("file"), "temporary");
          Files.delete(file);
        }
      }
    }

    @Test
    void segments() throws IOException {
      for (int i = 0; i < TIMES; i++) {
        String name = "noslableak-example-" + ProcessHandle.current().pid() + "-" + i;
        try (SharedSegment segment = SharedSegment.create(name, 4096, mistakes)) {
          segment.write(0, new byte[] {1});
        }
      }
    }
  }
}
