package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.noslableak.Attribution;
import io.github.noslableak.SlabAssertions;
import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The error itself says who allocated what leaked, and who holds it. */
@LiveTest
class AttributionTests {

  @RegisterExtension final Leaks leaks = new Leaks();

  /** What leaks here never goes away by itself. */
  @BeforeEach
  void linger_shortly() {
    leaks.set("noslableak.linger", "500 ms");
  }

  private static String message(SlabGuard guard, SlabGuard.Body<Exception> body) throws Exception {
    SlabGrowth growth = guard.measure(body);
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    return String.valueOf(
        catchThrowableOfType(
                SlabLeakError.class, () -> SlabAssertions.assertThat(growth).hasNoLeak())
            .getMessage());
  }

  private void makeSocketsAndKeep(int kept) throws IOException {
    for (int i = 0; i < 1_000; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      if (i < kept) {
        leaks.keep(socket);
      } else {
        socket.close();
      }
    }
  }

  @Test
  void of_1000_sockets_exactly_the_3_that_stay() throws Exception {
    SlabGuard guard = SlabGuard.watching("sock_inode_cache");

    assertThat(message(guard, () -> makeSocketsAndKeep(3)))
        .startsWith("The checked code leaked 3 sock_inode_cache")
        // In the three runs that were followed.
        .containsPattern(
            "9 sock_inode_cache by this JVM, first in iteration 1:\\n.*sock_alloc_inode"
                + ".*__sys_socket")
        .contains("3 sockets are still open in this JVM");
    assertThat(
            message(
                guard.attributing(Attribution.ALWAYS).confirming(false),
                () -> makeSocketsAndKeep(3)))
        .containsPattern("3 sock_inode_cache by this JVM.*:\\n.*sock_alloc_inode.*__sys_socket");
  }

  /** As of a body that inserts a row with a fixed key. */
  @Test
  void the_stack_of_the_first_run_where_the_body_can_be_run_only_once() throws Exception {
    SlabGuard guard = SlabGuard.watching("sock_inode_cache");

    assertThat(message(guard.attributing(Attribution.ALWAYS), onlyOnce()))
        .containsPattern("1 sock_inode_cache by this JVM.*:\n.*sock_alloc_inode.*__sys_socket");
    assertThat(message(guard.attributing(Attribution.CONFIRM), onlyOnce()))
        .contains("1 sock_inode_cache by this JVM")
        .doesNotContain("__sys_socket");
  }

  private SlabGuard.Body<Exception> onlyOnce() {
    AtomicBoolean ran = new AtomicBoolean();
    return () -> {
      assertThat(ran.compareAndSet(false, true)).as("the row is not there yet").isTrue();
      leaks.sockets(1);
    };
  }

  /** Of three thousand that this line opens. */
  @Test
  void where_in_java_a_socket_was_opened() throws Exception {
    leaks.set("noslableak.attribution.java", "true");
    assertThat(message(SlabGuard.watching("sock_inode_cache"), () -> makeSocketsAndKeep(1)))
        .containsPattern(
            "Opened in Java while the body was run again, and left:\n"
                + " +3 sockets by "
                + Pattern.quote(AttributionTests.class.getName())
                + "\\.makeSocketsAndKeep:\\d+");
  }

  @Test
  void a_clean_test_is_clean_also_where_java_is_to_be_recorded() throws Exception {
    leaks.set("noslableak.attribution.java", "true");
    SlabGuard guard = SlabGuard.watching("dentry", "filp", "sock_inode_cache");
    assertThat(message(guard, () -> makeSocketsAndKeep(1))).contains("1 socket is still open");
    guard.check(() -> makeSocketsAndKeep(0));
  }

  @Test
  void files_left_in_shared_memory_with_their_names() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "noslableak");
    leaks.undo(() -> Files.delete(directory));
    int[] number = new int[1];

    String message =
        message(
            SlabGuard.watching("dentry", "shmem_inode_cache"),
            () -> {
              Path file = Files.createFile(directory.resolve("spool-" + number[0]++));
              leaks.undo(() -> Files.delete(file));
            });

    assertThat(message)
        .containsPattern("3 shmem_inode_cache by this JVM.*:\\n.*shmem_alloc_inode")
        .contains(
            "3 files were left in memory when the body was run again, and hold their dentries and"
                + " inodes:\n"
                + "    "
                + directory.resolve("spool-1")
                + "\n")
        .contains("- Delete the files that are left in memory.")
        .doesNotContain("The kernel itself holds them");
  }

  @Test
  void files_that_stay_mapped_though_they_are_closed(@TempDir Path dir) throws Exception {
    List<MappedByteBuffer> kept = new ArrayList<>();
    Path file = Files.write(dir.resolve("index"), new byte[4096]);

    String message =
        message(
            SlabGuard.watching("filp"),
            () -> {
              try (FileChannel channel = FileChannel.open(file)) {
                kept.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, 4096));
              }
            });

    assertThat(kept).hasSize(4);
    assertThat(message)
        .containsPattern(
            "\\(java\\), this JVM, holds 3 more than before the body was run again:\n +"
                + Pattern.quote(file + " (3 times)"));
  }

  @Test
  void mounts_that_are_left(@TempDir Path dir) throws Exception {
    String message =
        Linux.inOwnNamespaces(
            Linux.CLONE_NEWNS,
            () ->
                message(
                    SlabGuard.watching("mnt_cache"),
                    () -> Linux.mountBind("/dev/shm", dir.toString())));

    assertThat(message)
        .containsPattern("3 mnt_cache by this JVM.*:\\n.*alloc_vfsmnt")
        .contains("1 mount is still mounted:");
  }

  @Test
  void message_queues_that_are_left() throws Exception {
    String message =
        message(
            SlabGuard.watching("kmalloc-cg-256"),
            () -> {
              int queue = Linux.makeMessageQueue();
              leaks.undo(() -> Linux.removeMessageQueue(queue));
            });

    assertThat(message)
        .containsPattern("3 kmalloc-cg-256 by this JVM.*:\\n.*newque.*msgget")
        .contains("The kernel holds them for System V message queues.")
        .contains("- ipcs -q lists them, ipcrm -q ID removes one.");
  }

  /** Opens a file for good for each line that it reads, and answers. */
  private static final String SERVER =
      "exec 3<>\"$1\" 4<>\"$2\"; while read -r line <&3; do exec {fd}<\"$0\"; echo done >&4; done";

  /** A process that opens files, as a service of the product does when it is called. */
  private final class Server {

    final FileOutputStream calls;
    final FileInputStream answers;
    final long pid;

    Server(Path dir, boolean child) throws Exception {
      Path in = fifo(dir.resolve("in"));
      Path out = fifo(dir.resolve("out"));
      Path file = Files.createFile(dir.resolve("data"));
      String[] bash = {"bash", "-c", SERVER, file.toString(), in.toString(), out.toString()};
      if (child) {
        pid = leaks.keep(Child.start(bash)).pid();
      } else {
        // Its parent goes, and so it is no descendant of this JVM.
        List<String> shell = List.of("sh", "-c", "\"$@\" >/dev/null & echo pid $!", "sh");
        Child parent =
            leaks.keep(
                Child.start(Stream.concat(shell.stream(), Stream.of(bash)).toArray(String[]::new)));
        pid = Long.parseLong(parent.awaitLineStartingWith("pid ").substring("pid ".length()));
        parent.awaitEnd();
        ProcessHandle orphan = ProcessHandle.of(pid).orElseThrow();
        leaks.undo(() -> Child.kill(orphan));
      }
      // Each waits until the process has opened it.
      calls = leaks.keep(new FileOutputStream(in.toFile()));
      answers = leaks.keep(new FileInputStream(out.toFile()));
      call();
    }

    private Path fifo(Path path) throws Exception {
      Child.run("mkfifo", path.toString());
      return path;
    }

    void call() throws IOException {
      calls.write('\n');
      calls.flush();
      StringBuilder answer = new StringBuilder();
      while (answer.length() < 5) {
        answer.append((char) answers.read());
      }
      assertThat(answer).hasToString("done\n");
    }
  }

  private static final SlabGuard FILES = SlabGuard.watching("filp");

  @Test
  void a_child_process_that_opens_files(@TempDir Path dir) throws Exception {
    Server server = new Server(dir, true);

    assertThat(message(FILES, server::call))
        .containsPattern("3 filp by bash \\(pid " + server.pid + "\\), first in iteration 1:")
        .contains(
            "Process "
                + server.pid
                + " (bash), started by this JVM, holds 3 more than before the body was run again:\n"
                + "    "
                + dir.resolve("data")
                + " (3 times)")
        .contains("- See why bash (" + server.pid + ") does not close what it has open.");
  }

  @Test
  void an_unrelated_process_that_opens_files_for_the_test(@TempDir Path dir) throws Exception {
    Server server = new Server(dir, false);

    SlabGrowth unnamed = FILES.measure(server::call);
    assertThat(unnamed.isLeak()).as("nobody said that it is the test's").isFalse();

    String message = message(FILES.countingAlso("bash"), server::call);
    assertThat(message)
        .contains("filp +1, +2: 1.00 per iteration, it leaks")
        .containsPattern("3 filp by bash \\(pid " + server.pid + "\\), first in iteration 1:");

    SlabGrowth growth = FILES.countingAlso("kthreadd").measure(server::call);
    assertThat(growth.isLeak()).as(growth.report()).isFalse();
  }

  /** The pages of a file in memory behind a loop device are written by a kernel worker. */
  @Test
  void a_kernel_thread_that_allocates_for_the_test() throws Exception {
    LiveKernelCondition.require(
        Files.exists(Path.of("/dev/loop-control")), "AttributionTests: no loop devices");
    Path image = Files.createTempFile(Path.of("/dev/shm"), "noslableak", ".img");
    leaks.undo(() -> Files.delete(image));
    Child.run("truncate", "-s", "256M", image.toString());
    String device = Child.run("losetup", "--find", "--show", image.toString()).strip();
    leaks.undo(() -> Child.run("losetup", "--detach", device));
    int[] mebibyte = new int[1];

    String message =
        message(
            SlabGuard.watching("radix_tree_node"),
            () ->
                Child.run(
                    "dd",
                    "if=/dev/zero",
                    "of=" + device,
                    "bs=4M",
                    "count=1",
                    "oflag=direct",
                    "conv=notrunc",
                    "seek=" + mebibyte[0]++));

    assertThat(message)
        .containsPattern(
            "radix_tree_node by kworker/[\\w:]+ \\(pid \\d+\\), first in iteration 1:\\n"
                + ".*shmem_file_write_iter < lo_rw_aio");
  }
}
