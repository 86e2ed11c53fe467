package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.testkit.Child;
import io.github.noslableak.testkit.Leaks;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who holds what leaked is named by evidence, with what to do; nobody else is. */
@LiveTest
class HolderTests {

  /** What is said where nobody is found: it sends the reader into the kernel's code. */
  private static final String KERNEL = "in the kernel code";

  private static final String OTHERS_FILES = "ls -l /proc/*/fd";

  @RegisterExtension final Leaks leaks = new Leaks();

  @BeforeEach
  void linger_shortly() {
    leaks.set("noslableak.linger", "500 ms");
  }

  private static String leak(SlabGrowth growth) {
    assertThat(growth.isLeak()).as(growth.report()).isTrue();
    return growth.report();
  }

  /** Its selector thread closes all that it has open, up to three seconds after a collection. */
  @Test
  void an_HttpClient_for_each_request() throws Exception {
    URI uri = leaks.httpServer();

    SlabGrowth growth =
        SlabGuard.watching("filp", "sock_inode_cache")
            .measure(
                () ->
                    HttpClient.newHttpClient()
                        .send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.discarding()));
    String report = leak(growth);

    assertThat(report).contains("a close() was forgotten").doesNotContain(KERNEL);
  }

  @Test
  void watches_that_are_not_cancelled(@TempDir Path root) throws Exception {
    WatchService shared = leaks.keep(FileSystems.getDefault().newWatchService());
    AtomicInteger number = new AtomicInteger();

    String report =
        leak(
            SlabGuard.watching("filp", "inotify_inode_mark", "ext4_inode_cache")
                .measure(
                    () ->
                        Files.createDirectory(root.resolve("d" + number.getAndIncrement()))
                            .register(shared, StandardWatchEventKinds.ENTRY_CREATE)));

    assertThat(report)
        .containsPattern("anon_inode:inotify of this JVM has \\d+ watches more than before")
        .contains("- cancel() the WatchKey, or close() the WatchService.")
        .doesNotContain(KERNEL)
        .doesNotContain("ipcs");
  }

  /** Its parent is init by then. */
  @Test
  void a_daemon_that_is_left_behind() throws Exception {
    String report =
        leak(
            SlabGuard.watching("filp", "task_struct")
                .measure(
                    () -> {
                      String pid =
                          Child.run(
                                  "sh",
                                  "-c",
                                  "exec 9</etc/hostname;"
                                      + " sleep 100 </dev/null >/dev/null 2>&1 & echo $!")
                              .strip();
                      leaks.undo(() -> Child.run("kill", "-9", pid));
                    }));

    assertThat(report)
        .containsPattern("(process was|processes were) started by the test and still runs?:")
        .containsPattern("sleep \\(\\d+\\), which holds /etc/hostname")
        .contains("- End what the test starts, and wait for it: destroy() and waitFor().")
        .doesNotContain(KERNEL)
        .doesNotContain(OTHERS_FILES);
  }

  @Test
  void a_loop_device_that_is_not_detached() throws Exception {
    String report =
        leak(
            SlabGuard.watching("filp", "ext4_inode_cache", "dentry")
                .measure(
                    () -> {
                      Path image =
                          Files.write(
                              Files.createTempFile("noslableak-", ".img"), new byte[1 << 20]);
                      String device =
                          Child.run("losetup", "--find", "--show", image.toString()).strip();
                      leaks.undo(() -> Child.run("losetup", "-d", device));
                      Files.delete(image);
                    }));

    assertThat(report)
        .containsPattern(
            "/dev/loop\\d+ is still attached to /tmp/noslableak-\\d+\\.img \\(deleted\\)\\.")
        .containsPattern("- losetup -d /dev/loop\\d+")
        .doesNotContain(KERNEL)
        .doesNotContain(OTHERS_FILES);
  }

  /** Files that somebody opens meanwhile hold no semaphore. */
  @Test
  void semaphores_beside_a_process_that_opens_files() throws Exception {
    Child noise =
        leaks.keep(
            Child.start(
                "perl",
                "-e",
                "$|=1; <STDIN>; open($f[$_],'<','/etc/hostname') for 1..300; print qq(ok\\n);"
                    + " <STDIN>"));
    AtomicInteger runs = new AtomicInteger();

    String report =
        leak(
            SlabGuard.watching("kmalloc-cg-512")
                .measure(
                    () -> {
                      if (runs.incrementAndGet() == 1) {
                        noise.say("");
                        noise.awaitLine("ok");
                      }
                      String id = Child.run("ipcmk", "-S", "1").replaceAll("\\D", "");
                      leaks.undo(() -> Child.run("ipcrm", "-s", id));
                    }));

    assertThat(report)
        .contains("The kernel holds them for System V semaphores.")
        .contains("- ipcs -s lists them, ipcrm -s ID removes them.")
        .doesNotContain(KERNEL)
        .doesNotContain("more files open")
        .doesNotContain(OTHERS_FILES);
  }

  /** A segment is an open file of nobody: the machine has more files open, and no process has. */
  @Test
  void shared_memory() throws Exception {
    String report =
        leak(
            SlabGuard.watching("filp", "shmem_inode_cache")
                .measure(
                    () -> {
                      String id = Child.run("ipcmk", "-M", "4096").replaceAll("\\D", "");
                      leaks.undo(() -> Child.run("ipcrm", "-m", id));
                    }));

    assertThat(report)
        .contains("The kernel holds them for System V shared memory.")
        .contains("- ipcs -m lists it, ipcrm -m ID removes it.")
        .doesNotContain(KERNEL)
        .doesNotContain("more files open")
        .doesNotContain("more file open")
        .doesNotContain(OTHERS_FILES);
  }

  @Test
  void children_that_are_left_running() throws Exception {
    List<Process> left = new ArrayList<>();
    leaks.undo(() -> left.forEach(Process::destroyForcibly));

    String report =
        leak(
            SlabGuard.watching("filp", "inode_cache", "task_struct")
                .measure(() -> left.add(new ProcessBuilder("cat").start())));

    assertThat(report)
        .containsPattern("(process was|processes were) started by the test and still runs?:")
        .containsPattern("cat \\(\\d+\\)")
        .contains("- End what the test starts, and wait for it: destroy() and waitFor().")
        .doesNotContain("try-with-resources")
        .doesNotContain("See why cat")
        .doesNotContain(KERNEL)
        .doesNotContain("ipcs");
  }
}
