package io.github.noslableak.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenRecordingTests {

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
    "io.github.noslableak.kernel.KernelFile, false"
  })
  void frames_of_the_product_are_told_from_plumbing(String type, boolean expected) {
    assertThat(OpenRecording.isProduct(type)).isEqualTo(expected);
  }
}
