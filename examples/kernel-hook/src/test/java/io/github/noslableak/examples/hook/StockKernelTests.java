package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Leaks of a process, on whatever kernel the VM has: these tests need no module. What differs from
 * kernel to kernel is where messages and what user space hands over lie (in caches of their own
 * since 6.11), what the events name, and of how many caches the slab allocator keeps sheaves (since
 * 6.18).
 */
class StockKernelTests {

  private static final int BYTES = 40;

  /** A message of 40 bytes has a head of 48. */
  private static final String CACHE =
      Stream.of("msg_msg-96", "kmalloc-cg-96", "kmalloc-96")
          .filter(name -> Files.exists(Path.of("/sys/kernel/slab", name)))
          .findFirst()
          .orElseThrow();

  /** Of 20 bytes and the one at the end. */
  private static final String HANDED_OVER =
      Stream.of("memdup_user-32", "kmalloc-32")
          .filter(name -> Files.exists(Path.of("/sys/kernel/slab", name)))
          .findFirst()
          .orElseThrow();

  private final Deque<AutoCloseable> kept = new ArrayDeque<>();

  @BeforeAll
  static void warmUp() throws IOException {
    new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
    try (Messages messages = new Messages()) {
      messages.send(BYTES);
      messages.receive(BYTES);
    }
    new UnmountedFileSystem("x").close();
  }

  @AfterEach
  void undo() throws Exception {
    while (!kept.isEmpty()) {
      kept.pop().close();
    }
  }

  private Messages queue() {
    Messages messages = new Messages();
    kept.push(messages);
    return messages;
  }

  private static void assertLeaks(SlabGrowth growth, String cache, double perIteration) {
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    assertThat(growth.perIteration(cache)).as(growth.report()).isEqualTo(perIteration);
  }

  @Test
  void messages_that_nobody_receives() throws Exception {
    Messages messages = queue();

    SlabGrowth growth =
        SlabGuard.watching("@kmalloc").iterations(8).measure(() -> messages.send(BYTES));

    assertLeaks(growth, CACHE, 1);
  }

  /** What user space hands over lies in caches of its own since 6.11, in kmalloc's before. */
  @Test
  void sources_of_file_systems_that_nobody_mounts() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("@kmalloc")
            .iterations(8)
            .measure(() -> kept.push(new UnmountedFileSystem("x".repeat(20))));

    assertLeaks(growth, HANDED_OVER, 1);
  }

  @Test
  void sources_of_file_systems_that_are_given_up() throws Exception {
    SlabGuard.watching("@kmalloc")
        .iterations(8)
        .check(() -> new UnmountedFileSystem("x".repeat(20)).close());
  }

  @Test
  void messages_that_are_received() throws Exception {
    Messages messages = queue();

    SlabGuard.watching("@kmalloc")
        .iterations(8)
        .check(
            () -> {
              messages.send(BYTES);
              messages.receive(BYTES);
            });
  }

  /** Each of them may need a sheaf, which no sockets need again. */
  @Test
  void sockets_that_are_kept_are_counted_without_sheaves() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("@sockets", "@kmalloc")
            .iterations(30)
            .measure(() -> kept.push(new ServerSocket(0, 1, InetAddress.getLoopbackAddress())));

    assertLeaks(growth, "sock_inode_cache", 1);
    assertThat(growth.report())
        .as("a cache that leaks, but not the same number in each iteration")
        .doesNotContainPattern("kmalloc.*: \\d+\\.(?!00)\\d\\d per iteration, it leaks");
  }

  @Test
  void sockets_and_files_that_are_closed() throws Exception {
    Path dir = Files.createTempDirectory("noslableak");
    kept.push(() -> Files.delete(dir));

    SlabGuard.watching("@io", "@kmalloc")
        .iterations(100)
        .check(
            () -> {
              new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
              Files.delete(Files.writeString(dir.resolve("file"), "content"));
            });
  }

  @Test
  void one_socket() throws Exception {
    SlabGrowth growth =
        SlabGuard.watching()
            .measure(() -> kept.push(new ServerSocket(0, 1, InetAddress.getLoopbackAddress())));

    assertLeaks(growth, "sock_inode_cache", 1);
    assertLeaks(growth, "dentry", 1);
  }
}
