package io.github.noslableak.live;

import static io.github.noslableak.SlabAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.SlabGrowth;
import io.github.noslableak.SlabGuard;
import io.github.noslableak.SlabLeakError;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Growth equals the number made, to the object. */
@LiveTest
class LeakedObjectsTests extends LeavesBehind {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void sockets(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("sock_inode_cache", "dentry", "filp", "TCP*")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                  }
                });
    assertThat(growth).grewBy("sock_inode_cache", number).grewBy("filp", number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 25})
  void selectors(int number) throws Exception {
    SlabGrowth growth =
        SlabGuard.watching("filp")
            .measure(
                () -> {
                  for (int i = 0; i < number; i++) {
                    keep(Selector.open());
                  }
                });
    // The epoll instance and the event that wakes it.
    assertThat(growth).grewBy("filp", 2L * number);
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
                    Stream<Path> listing = Files.list(dir);
                    undo.push(listing::close);
                  }
                });
    assertThat(growth).grewBy("filp", number);
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
                    undo.push(() -> Files.delete(file));
                  }
                });
    assertThat(growth).grewBy("dentry", number).grewBy("shmem_inode_cache", number);
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
    assertThat(growth).grewBy("mnt_cache", number);
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
    assertThat(growth).grewBy("shmem_inode_cache", number);
    // A new file system is mounted once for all, inside the kernel, and once where it is seen.
    org.assertj.core.api.Assertions.assertThat(growth.of("mnt_cache")).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void network_namespaces(int number) throws Exception {
    awaitDyingNamespaces();
    CountDownLatch release = new CountDownLatch(1);
    undo.push(release::countDown);
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
                    undo.addLast(owner::join);
                  }
                  made.await();
                });
    assertThat(growth).grewBy("net_namespace", number);
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
                    undo.push(() -> Linux.removeMessageQueue(queue));
                  }
                });
    assertThat(growth).grewBy("kmalloc-cg-256", number);
  }

  @Test
  void the_error_names_cache_and_holder() {
    assertThatThrownBy(
            () ->
                SlabGuard.watching("sock_inode_cache")
                    .named("upload")
                    .check(() -> keep(new ServerSocket(0))))
        .isInstanceOf(SlabLeakError.class)
        .hasMessageStartingWith("upload leaked 1 sock_inode_cache: 832 bytes of slab\n")
        .hasMessageContaining("1 socket is still open in this JVM");
  }

  @Test
  void a_tolerance_lets_as_many_objects_pass_and_no_more() throws Exception {
    SlabGuard guard = SlabGuard.watching("sock_inode_cache").tolerating(2);
    guard.check(
        () -> {
          keep(new ServerSocket(0));
          keep(new ServerSocket(0));
        });
    assertThatThrownBy(
            () ->
                guard.check(
                    () -> {
                      for (int i = 0; i < 3; i++) {
                        keep(new ServerSocket(0));
                      }
                    }))
        .isInstanceOf(SlabLeakError.class);
  }
}
