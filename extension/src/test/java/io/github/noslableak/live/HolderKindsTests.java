package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One leak of each kind of holder: who it is, and what ends it, and nobody else. */
@LiveTest
@EnabledOnOs(
    architectures = {"amd64", "x86_64"},
    disabledReason = "the numbers of system calls are those of x86-64")
class HolderKindsTests {

  private static final String FILE = "/etc/hostname";

  /** Another process that opens the same path all the time holds nothing of the test. */
  private static final String OPENS_IT_TOO =
      "while (1) { my @f; for (1..300) { open(my $f, '<', '/etc/hostname'); push @f, $f }"
          + " select(undef, undef, undef, 0.3) }";

  @RegisterExtension final Leaks leaks = new Leaks();

  @TempDir Path dir;

  private int number;

  @BeforeEach
  void linger_shortly() {
    leaks.set("noslableak.linger", "500 ms");
  }

  /** Returns what the report says of who holds it and what to do. */
  private static String holders(SlabGuard.Body<Exception> body, String... caches) throws Exception {
    var growth = SlabGuard.watching(caches).measure(body);
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    String report = growth.report();
    String part = report.substring(report.indexOf("Who holds them"), report.indexOf("\n  cache "));
    assertThat(part)
        .doesNotContain("in the kernel code")
        .doesNotContain("perl")
        .doesNotContain("ls -l /proc");
    return part;
  }

  @Test
  void files_that_were_sent_and_not_received() throws Exception {
    leaks.unrelated(OPENS_IT_TOO);
    int[] pair = Linux.socketPair();
    leaks.undo(() -> Linux.closeAll(pair));

    assertThat(holders(() -> Linux.send(FILE, pair[0]), "filp"))
        .containsPattern(
            "\\n  socket:\\[\\d+\\] of this JVM has \\d+ files in flight more than before the body was"
                + " run again\\.\\n")
        .contains("- Receive and close what was sent over the socket, or close the socket.");
  }

  /** It is none of the test's, and another one has opened the same path for itself. */
  @Test
  void a_process_that_took_a_copy_of_the_descriptor() throws Exception {
    leaks.unrelated(OPENS_IT_TOO);
    Path numbers = dir.resolve("numbers");
    Path taken = dir.resolve("taken");
    Child.run("mkfifo", numbers.toString(), taken.toString());
    // pidfd_open(2) and pidfd_getfd(2).
    leaks.unrelated(
        // A measurement may wait for its turn longer than it would live otherwise.
        "alarm 1200; $0 = 'taker'; my $p = syscall(434, "
            + ProcessHandle.current().pid()
            + ", 0); while (1) { open(my $n, '<', '"
            + numbers
            // Closed before it answers: what is written to it later would be read by nobody.
            + "'); my $fd = 0 + <$n>; close $n; my $copy = syscall(438, $p, $fd, 0);"
            + " open(my $t, '>', '"
            + taken
            + "'); print $t $copy }");

    assertThat(
            holders(
                () -> {
                  int file = Linux.openFile(FILE);
                  Files.writeString(numbers, file + "\n");
                  assertThat(Files.readString(taken)).matches("\\d+");
                  Linux.closeAll(file);
                },
                "filp"))
        .containsPattern("\\n  Process \\d+ \\(taker\\) holds \\d+ more than before")
        .contains(FILE + " (")
        .containsPattern("- See why taker \\(\\d+\\) does not close what it has open\\.");
  }

  @Test
  void files_that_are_registered_with_an_io_uring() throws Exception {
    try (Memory parameters = new Memory(120);
        Memory slots = new Memory(400)) {
      parameters.clear();
      int ring = (int) Linux.call(425 /* io_uring_setup */, 8, parameters);
      leaks.undo(() -> Linux.closeAll(ring));
      IntStream.range(0, 100).forEach(slot -> slots.setInt(4L * slot, -1));
      Linux.call(427 /* io_uring_register */, ring, 2 /* FILES */, slots, 100);

      assertThat(holders(() -> register(ring, number++), "filp"))
          .containsPattern(
              "\\n  anon_inode:\\[io_uring\\] of this JVM has \\d+ registered files more than before")
          .contains("- Unregister them from the io_uring, or close it.");
    }
  }

  private static void register(int ring, int slot) {
    int file = Linux.openFile(FILE);
    try (Memory update = new Memory(16);
        Memory descriptor = new Memory(4)) {
      descriptor.setInt(0, file);
      update.clear();
      update.setInt(0, slot);
      update.setPointer(8, descriptor);
      Linux.call(427, ring, 6 /* FILES_UPDATE */, update, 1);
    }
    Linux.closeAll(file);
  }

  @Test
  void contexts_of_asynchronous_io() throws Exception {
    assertThat(holders(this::setUpAio, "filp", "dentry"))
        .containsPattern(
            "\\n  Process \\d+ \\(java\\), this JVM, holds \\d+ more than before the body was run"
                + " again:\\n    /\\[aio\\] \\(deleted\\) \\(\\d+ times\\)\\n")
        .contains("- Destroy the contexts of asynchronous I/O that are left: io_destroy(2).");
  }

  private void setUpAio() {
    try (Memory context = new Memory(8)) {
      context.clear();
      Linux.call(206 /* io_setup */, 1, context);
      long id = context.getLong(0);
      leaks.undo(() -> Linux.call(207 /* io_destroy */, id));
    }
  }

  @Test
  void a_file_that_is_mapped() throws Exception {
    Path file = Files.write(dir.resolve("mapped"), new byte[4096]);

    assertThat(
            holders(
                () -> {
                  try (FileChannel channel = FileChannel.open(file)) {
                    leaks.keep(channel.map(FileChannel.MapMode.READ_ONLY, 0, 4096)::capacity);
                  }
                },
                "filp"))
        .contains(file + " (")
        .contains("- Unmap what this JVM still maps, and leave where it is: a buffer that maps");
  }

  @Test
  void keys() throws Exception {
    assertThat(
            holders(
                () -> {
                  // add_key(2) to the keyring of the session, and KEYCTL_UNLINK.
                  long key = Linux.call(248, "user", "noslableak-" + number++, "x", 1, -3);
                  leaks.undo(() -> Linux.call(250, 9, key, -3));
                },
                "key_jar"))
        .contains("The kernel holds them for keys.\n")
        .contains("- cat /proc/keys lists them, keyctl unlink ID removes one.");
  }

  @Test
  void posix_message_queues() throws Exception {
    assertThat(
            holders(
                () -> {
                  String queue = "noslableak-" + number++;
                  // mq_open(2) with O_CREAT and O_RDWR, and mq_unlink(2).
                  Linux.closeAll((int) Linux.call(240, queue, 0102, 0600, 0L));
                  leaks.undo(() -> Linux.call(241, queue));
                },
                "mqueue_inode_cache"))
        .contains("The kernel holds them for POSIX message queues.\n")
        .contains("- mq_unlink(3) removes one;");
  }

  /** Their caches are of a kind whose allocations are not traced (6.11 and later). */
  @Test
  void messages_that_nobody_received() throws Exception {
    int queue = Linux.makeMessageQueue();
    leaks.undo(() -> Linux.removeMessageQueue(queue));

    assertThat(
            holders(
                () -> {
                  try (Memory message = new Memory(208)) {
                    message.clear();
                    message.setLong(0, 1);
                    Linux.call(69 /* msgsnd */, queue, message, 200L, 04000 /* IPC_NOWAIT */);
                  }
                },
                "@kmalloc"))
        .contains(
            "The kernel holds them for messages in a System V or POSIX queue that nobody received.\n")
        .contains("- ipcs -q lists them.");
  }

  @Test
  void control_groups() throws Exception {
    Path root = Files.createTempDirectory("noslableak-cgroup");
    leaks.undo(() -> Files.delete(root));
    Child.run("mount", "-t", "cgroup2", "cgroup2", root.toString());
    leaks.undo(() -> Child.run("umount", root.toString()));

    assertThat(
            holders(
                () -> {
                  Path group = Files.createDirectory(root.resolve("noslableak-" + number++));
                  leaks.undo(() -> Files.delete(group));
                },
                "kernfs_node_cache"))
        .contains("The kernel holds them for control groups.\n")
        .contains("- find /sys/fs/cgroup -type d lists them, rmdir removes one.");
  }

  @Test
  void children_that_nobody_waited_for() throws Exception {
    Child parent =
        leaks.keep(
            Child.start(
                "perl",
                "-e",
                "$0 = 'parent'; $| = 1; while (<STDIN>) { exit if fork() == 0;"
                    + " select(undef, undef, undef, 0.05); print qq(ok\\n) }"));

    assertThat(
            holders(
                () -> {
                  parent.say("");
                  parent.awaitLine("ok");
                },
                "task_struct"))
        .containsPattern(
            "\\n  parent \\(\\d+\\) has \\d+ ended children more than before the body was run again, which it"
                + " did not wait for \\(zombies\\)\\.\\n")
        .containsPattern("- Have parent \\(\\d+\\) wait for its children: waitpid\\(2\\)\\.");
  }

  /** The peer reads nothing, and close() returns at once. */
  @Test
  void connections_whose_peer_does_not_take_what_was_sent() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    leaks.unrelated(
        "use Socket; socket(S, AF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);"
            + " bind(S, sockaddr_in("
            + port
            + ", INADDR_LOOPBACK)); listen(S, 99); while (accept(my $c, S)) { push @all, $c }");
    TimeUnit.MILLISECONDS.sleep(300);

    assertThat(
            holders(
                () -> {
                  SocketChannel channel =
                      SocketChannel.open(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                  channel.configureBlocking(false);
                  ByteBuffer much = ByteBuffer.allocate(1 << 16);
                  for (int i = 0; i < 300; i++) {
                    channel.write(much.clear());
                  }
                  channel.close();
                },
                "@sockets"))
        .contains(
            "The kernel holds them for connections that were closed, and whose peers have not taken all"
                + " that was sent:\n    TCP ")
        .containsPattern("-> 127\\.0\\.0\\.1:" + port + " FIN_WAIT1 \\(closed\\)")
        .contains("- See why the peer does not read; ss -tanp lists both ends.");
  }

  /** Who closes first keeps it for a minute. */
  @Test
  @SuppressWarnings("try") // It is closed before its peer.
  void connections_in_TIME_WAIT() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      assertThat(
              holders(
                  () -> {
                    try (Socket client =
                            new Socket(server.getInetAddress(), server.getLocalPort());
                        Socket accepted = server.accept()) {
                      client.close();
                      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
                    }
                  },
                  "tw_sock_TCP*"))
          .contains(
              "The kernel holds them for connections in TIME_WAIT, which go after a minute.\n")
          .contains("- ss -tan state time-wait lists them.");
    }
  }

  @Test
  void a_file_that_is_swapped_to() throws Exception {
    assertThat(
            holders(
                () -> {
                  Path file = Files.write(dir.resolve("swap" + number++), new byte[1 << 20]);
                  Child.run(
                      "sh",
                      "-c",
                      "chmod 600 \"$0\" && mkswap \"$0\" && swapon \"$0\"",
                      file.toString());
                  leaks.undo(() -> Child.run("swapoff", file.toString()));
                },
                "filp"))
        .contains("The kernel still swaps to " + dir.resolve("swap1") + ".\n")
        .contains("- swapoff " + dir.resolve("swap1"));
  }

  @Test
  void marks_of_fanotify() throws Exception {
    int group = (int) Linux.call(300 /* fanotify_init */, 0, 0);
    leaks.undo(() -> Linux.closeAll(group));

    assertThat(
            holders(
                () -> {
                  Path file = Files.createFile(dir.resolve("marked" + number++));
                  // fanotify_mark(2) with FAN_MARK_ADD and FAN_MODIFY, from AT_FDCWD on.
                  Linux.call(301, group, 1, 2L, -100, file.toString());
                },
                "ext4_inode_cache"))
        .containsPattern(
            "\\n  anon_inode:\\[fanotify\\] of this JVM has \\d+ marks more than before the body was"
                + " run again\\.\\n")
        .contains("- Remove them with fanotify_mark(2).");
  }

  @Test
  void channels_that_are_registered_with_a_selector() throws Exception {
    Selector selector = leaks.keep(Selector.open());
    SocketChannel[] channels = new SocketChannel[64];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = leaks.keep(SocketChannel.open());
      channels[i].configureBlocking(false);
    }

    assertThat(
            holders(
                () -> {
                  channels[number++].register(selector, SelectionKey.OP_CONNECT);
                  selector.selectNow();
                },
                "eventpoll_epi"))
        .containsPattern(
            "\\n  anon_inode:\\[eventpoll\\] of this JVM has \\d+ registered channels more than before")
        .contains("- cancel() the SelectionKey, and select() once more.");
  }

  @Test
  void a_mount_with_what_is_mounted() throws Exception {
    assertThat(
            holders(
                () -> {
                  Path target = Files.createDirectory(dir.resolve("mounted" + number++));
                  Child.run("mount", "-t", "tmpfs", "tmpfs", target.toString());
                  leaks.undo(() -> Child.run("umount", target.toString()));
                },
                "mnt_cache"))
        .containsPattern(
            "\\n  1 mount is still mounted:\\n    " + dir + "/mounted\\d+ \\(tmpfs\\)\\n")
        .contains("- Unmount what the test leaves mounted.");
  }

  @Test
  void a_network_namespace_that_a_process_lives_in() throws Exception {
    assertThat(
            holders(
                () -> {
                  Process process = new ProcessBuilder("unshare", "--net", "sleep", "100").start();
                  leaks.undo(() -> process.destroyForcibly().waitFor());
                  TimeUnit.MILLISECONDS.sleep(100);
                },
                "net_namespace"))
        .containsPattern(
            "(process was|processes were) started by the test and still runs?:\\n    sleep")
        .contains("- End what the test starts, and wait for it");
  }

  @Test
  void a_process_that_works_in_a_directory() throws Exception {
    assertThat(
            holders(
                () -> {
                  Path place = Files.createDirectory(dir.resolve("place" + number++));
                  Process process =
                      new ProcessBuilder("sleep", "100").directory(place.toFile()).start();
                  leaks.undo(() -> process.destroyForcibly().waitFor());
                },
                "ext4_inode_cache",
                "dentry"))
        .containsPattern("sleep \\(\\d+\\), which holds " + dir + "/place\\d+")
        .contains("- End what the test starts, and wait for it");
  }

  @Test
  void a_descriptor_for_a_process() throws Exception {
    assertThat(
            holders(
                () -> {
                  int self = (int) ProcessHandle.current().pid();
                  int descriptor = (int) Linux.call(434 /* pidfd_open */, self, 0);
                  leaks.undo(() -> Linux.closeAll(descriptor));
                },
                "filp"))
        .contains("1 other anonymous inode is still open in this JVM:\n    anon_inode:[pidfd]")
        .contains("- Close what is still open in this JVM");
  }
}
