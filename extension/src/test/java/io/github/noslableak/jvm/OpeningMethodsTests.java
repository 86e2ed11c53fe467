package io.github.noslableak.jvm;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(OpeningMethods.isProduct(type)).isEqualTo(expected);
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
                  assertThat(OpeningMethods.isProduct("io.github.noslableak." + name + ".Anything"))
                      .isFalse());
    }
  }
}
