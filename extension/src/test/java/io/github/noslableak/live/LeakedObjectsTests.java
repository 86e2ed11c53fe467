package io.github.noslableak.live;

import static io.github.noslableak.SlabAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import io.github.noslableak.testkit.Leaks;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Growth equals the number made, to the object. */
@LiveTest
class LeakedObjectsTests {

  @RegisterExtension final Leaks leaks = new Leaks();

  /** What leaks here never goes away by itself. */
  @BeforeEach
  void linger_shortly() {
    leaks.set("noslableak.linger", "500 ms");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void sockets(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("sock_inode_cache", "dentry", "filp", "TCP*")
            .measure(() -> leaks.sockets(number));
    assertThat(growth)
        .as(growth.report())
        .grewBy("sock_inode_cache", number)
        .grewBy("filp", number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void selectors(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("filp")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    leaks.keep(Selector.open());
                  }
                });
    // The epoll instance and the event that wakes it.
    assertThat(growth).as(growth.report()).grewBy("filp", 2L * number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  @SuppressWarnings("StreamResourceLeak") // The very leak: it is closed only afterwards.
  void unclosed_listings(int number, @TempDir Path dir) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("filp")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    leaks.keep(Files.list(dir));
                  }
                });
    assertThat(growth).as(growth.report()).grewBy("filp", number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void files_in_shared_memory(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("dentry", "shmem_inode_cache")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    Path file = Files.createTempFile(Path.of("/dev/shm"), "noslableak", null);
                    leaks.undo(() -> Files.delete(file));
                  }
                });
    assertThat(growth)
        .as(growth.report())
        .grewBy("dentry", number)
        .grewBy("shmem_inode_cache", number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void bind_mounts(int number, @TempDir Path dir) throws Exception {
    SlabGrowth growth =
        Linux.inOwnNamespaces(
            Linux.CLONE_NEWNS,
            () ->
                SlabGuard.watching("mnt_cache")
                    .measure(
                        () -> {
                          for (int i = 0; i < number; i++) {
                            Linux.mountBind("/dev/shm", dir.toString());
                          }
                        }));
    assertThat(growth).as(growth.report()).grewBy("mnt_cache", number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void tmpfs_mounts(int number, @TempDir Path dir) throws Exception {
    SlabGrowth growth =
        Linux.inOwnNamespaces(
            Linux.CLONE_NEWNS,
            () ->
                SlabGuard.watching("mnt_cache", "shmem_inode_cache")
                    .measure(
                        () -> {
                          for (int i = 0; i < number; i++) {
                            Linux.mountTmpfs(dir.toString());
                          }
                        }));
    assertThat(growth).as(growth.report()).grewBy("shmem_inode_cache", number);
    // A new file system is mounted once for all, inside the kernel, and once where it is seen.
    assertThat(growth.of("mnt_cache")).as(growth.report()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void network_namespaces(int number) throws Exception {
    awaitDyingNamespaces();
    CountDownLatch release = new CountDownLatch(1);
    List<Thread> owners = new ArrayList<>();
    leaks.undo(
        () -> {
          release.countDown();
          for (Thread owner : owners) {
            owner.join();
          }
        });
    SlabGrowth growth =
        SlabGuard.watching("net_namespace", "sock_inode_cache")
            .measure(
                () -> {
                  CountDownLatch made = new CountDownLatch(number);
                  for (int i = 0; i < number; i++) {
                    Thread owner =
                        new Thread(
                            () -> {
                              try {
                                Linux.inOwnNamespaces(
                                    Linux.CLONE_NEWNET,
                                    () -> {
                                      made.countDown();
                                      release.await();
                                      return true;
                                    });
                              } catch (Exception e) {
                                throw new IllegalStateException(e);
                              }
                            });
                    owner.start();
                    owners.add(owner);
                  }
                  assertThat(made.await(1, TimeUnit.MINUTES)).isTrue();
                });
    assertThat(growth).as(growth.report()).grewBy("net_namespace", number);
  }

  /** A kernel worker frees them some time after their last process has gone. */
  private static void awaitDyingNamespaces() {
    SlabGuard guard = SlabGuard.watching("net_namespace");
    for (int tries = 0; tries < 50; tries++) {
      if (guard.measure(() -> LockSupport.parkNanos(200_000_000)).of("net_namespace") == 0) {
        return;
      }
    }
    throw new IllegalStateException("network namespaces keep going away");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void message_queues(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("kmalloc-cg-256")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    int queue = Linux.makeMessageQueue();
                    leaks.undo(() -> Linux.removeMessageQueue(queue));
                  }
                });
    assertThat(growth).as(growth.report()).grewBy("kmalloc-cg-256", number);
  }

  @Test
  void the_error_names_cache_and_holder() {
    assertThatThrownBy(
            () ->
                SlabGuard.watching("sock_inode_cache")
                    .named("upload")
                    .check(() -> leaks.sockets(1)))
        .isInstanceOf(SlabLeakError.class)
        .hasMessageStartingWith("upload leaked 1 sock_inode_cache: 832 bytes of slab\n")
        .hasMessageContaining("1 socket is still open in this JVM");
  }

  @Test
  void a_tolerance_lets_as_many_objects_pass_and_no_more() throws Exception {
    SlabGuard guard = SlabGuard.watching("sock_inode_cache").tolerating(2);
    guard.check(() -> leaks.sockets(2));
    assertThatThrownBy(() -> guard.check(() -> leaks.sockets(3))).isInstanceOf(SlabLeakError.class);
  }
}
