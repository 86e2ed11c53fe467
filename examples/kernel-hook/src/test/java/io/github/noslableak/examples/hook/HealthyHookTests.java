package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;

/** A correct hook raises no alarm: these tests are as a product's own would be. */
@NoSlabLeak
class HealthyHookTests {

  /** Of one run of each path. */
  private static final long CLOSES = Stream.of(IoPath.values()).mapToInt(IoPath::closes).sum();

  private static final int TIMES = 50;

  private static long hooked;
  private static long leaked;

  @BeforeAll
  static void warmUp() throws IOException {
    HookModule.reset();
    IoPath.runEach();
    hooked = HookModule.hooked();
    leaked = HookModule.leaked();
  }

  @RepeatedTest(TIMES)
  void raises_no_alarm() throws IOException {
    IoPath.runEach();
  }

  @AfterAll
  static void hookedEveryClose() {
    // The extension has files of its own.
    assertThat(HookModule.hooked() - hooked).isGreaterThanOrEqualTo(TIMES * CLOSES);
    assertThat(HookModule.leaked()).isEqualTo(leaked);
  }
}
