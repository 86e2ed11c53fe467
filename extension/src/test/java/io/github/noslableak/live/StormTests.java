package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.SlabGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Heavy use that leaks nothing, and must not be accused. All of @io is watched with tolerance 0.
 */
@LiveTest
class StormTests {

  @Test
  void five_thousand_failed_lookups(@TempDir Path dir) {
    SlabGuard.watching()
        .check(
            () -> {
              for (int i = 0; i < 5_000; i++) {
                assertThat(Files.exists(dir.resolve("absent-" + i))).isFalse();
              }
            });
  }

  @Test
  void a_thousand_files_made_and_deleted(@TempDir Path dir) throws IOException {
    SlabGuard.watching()
        .check(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                Path file = Files.writeString(dir.resolve("file-" + i), "content " + i);
                Files.delete(file);
              }
            });
  }

  @Test
  void a_thousand_connections() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    SlabGuard.watching()
        .check(
            () -> {
              try (ServerSocketChannel server = ServerSocketChannel.open().bind(any)) {
                for (int i = 0; i < 1_000; i++) {
                  try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
                      SocketChannel accepted = server.accept()) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
                  }
                }
              }
            });
  }

  @Test
  void a_walk_through_usr() throws IOException {
    SlabGuard.watching()
        .check(
            () -> {
              try (Stream<Path> tree = Files.walk(Path.of("/usr"), 5)) {
                assertThat(tree.count()).isGreaterThan(1_000);
              }
            });
  }

  @Test
  void class_loading() throws Exception {
    URL library =
        org.junit.platform.engine.TestEngine.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation();
    SlabGuard.watching()
        .check(
            () -> {
              try (URLClassLoader loader =
                      new URLClassLoader(
                          new URL[] {library}, ClassLoader.getPlatformClassLoader());
                  FileSystem jar = FileSystems.newFileSystem(Path.of(library.toURI()))) {
                assertThat(jar.getRootDirectories()).isNotEmpty();
                assertThat(loader.loadClass("org.junit.platform.engine.UniqueIdFormat"))
                    .isNotNull();
              }
              // From the class path, whose jars were all opened before the first measurement.
              assertThat(Class.forName("com.tngtech.archunit.library.Architectures")).isNotNull();
            });
  }

  @Test
  void processes() throws Exception {
    SlabGuard.watching()
        .check(
            () -> {
              for (int i = 0; i < 20; i++) {
                assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
              }
            });
  }

  @Test
  void two_hundred_empty_brackets() {
    SlabGuard guard = SlabGuard.watching();
    guard.check(
        () -> {
          for (int i = 0; i < 200; i++) {
            guard.check(() -> {});
          }
        });
  }
}
