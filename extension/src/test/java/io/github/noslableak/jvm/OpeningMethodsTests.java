package io.github.noslableak.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.jvm.OpeningMethods.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningMethodsTests {

  @ParameterizedTest
  @CsvSource({
    "io.example.Relay, true",
    "javassist.Example, true",
    "io.github.noslableak.examples.quickstart.LeakyServer, true",
    "java.net.ServerSocket, false",
    "jdk.internal.reflect.DirectMethodHandleAccessor, false",
    "sun.nio.ch.NioSocketImpl, false",
    "org.junit.jupiter.engine.execution.MethodInvocation, false",
    "io.github.noslableak.Rerun, false",
    "io.github.noslableak.kernel.KernelFile, false",
    "io.github.noslableak.trace.ref.ReferenceLedger, false",
    "io.github.noslableak.live.AttributionTests, true",
    "io.github.noslableak.procfs.Reader, true"
  })
  void frames_of_the_product_are_told_from_plumbing(String type, boolean expected) {
    assertThat(isProduct(type)).isEqualTo(expected);
  }

  /** Each count of a rerun lists descriptors and reads files: nothing that the product opens. */
  @Test
  void no_package_of_this_library_is_the_product() throws IOException {
    Path root = Path.of("src/main/java/io/github/noslableak");
    try (Stream<Path> directories = Files.list(root).filter(Files::isDirectory)) {
      assertThat(directories.map(directory -> directory.getFileName().toString()))
          .contains("proc")
          .allSatisfy(
              name ->
                  assertThat(isProduct("io.github.noslableak." + name + ".Anything")).isFalse());
    }
  }

  private static boolean isProduct(String type) {
    return !OpeningMethods.product(Stream.of(frame(type, "opens", 1))).isEmpty();
  }

  private static Frame frame(String type, String method, int line) {
    return new Frame(type, method, line);
  }

  @Test
  void of_a_library_that_opens_it_the_start_and_the_end_are_told_and_then_who_called_it() {
    assertThat(
            OpeningMethods.product(
                Stream.of(
                    frame("sun.nio.ch.Net", "socket", 523),
                    frame("okhttp3.internal.RealConnection", "connectSocket", 293),
                    frame("okhttp3.internal.RealConnection", "connect", 207),
                    frame("okhttp3.internal.ExchangeFinder", "find", 74),
                    frame("okhttp3.RealCall", "execute", 154),
                    frame("com.example.NoteClient", "get", 17),
                    frame("com.example.NoteClientTests", "gets", 9),
                    frame("java.lang.reflect.Method", "invoke", 568),
                    frame("org.junit.platform.commons.util.ReflectionUtils", "invoke", 7))))
        .containsExactly(
            "okhttp3.internal.RealConnection.connectSocket:293",
            "okhttp3.internal.RealConnection.connect:207",
            "okhttp3.RealCall.execute:154",
            "com.example.NoteClient.get:17",
            "com.example.NoteClientTests.gets:9");
  }

  @Test
  void what_this_library_opens_for_itself_is_nobodys() {
    assertThat(
            OpeningMethods.product(
                Stream.of(
                    frame("java.io.FileInputStream", "open", 1),
                    frame("io.github.noslableak.proc.Descriptors", "ofThisJvm", 2),
                    frame("io.github.noslableak.SlabGuard", "check", 3),
                    frame("com.example.NoteClientTests", "gets", 9))))
        .isEmpty();
  }

  @Test
  void what_runs_the_test_is_left_out() {
    assertThat(
            OpeningMethods.product(
                Stream.of(
                    frame("com.example.Tests", "opens", 1),
                    frame("com.example.Tests$$Lambda.0x00000000452fbe30", "run", -1),
                    frame("io.github.noslableak.SlabGuard", "check", 3),
                    frame("com.example.Tests", "checks", 9),
                    frame("org.apache.maven.surefire.booter.ForkedBooter", "main", 495))))
        .containsExactly("com.example.Tests.opens:1", "com.example.Tests.checks:9");
    assertThat(OpeningMethods.product(Stream.of(frame("Main", "main", 1))))
        .containsExactly("Main.main:1");
  }
}
