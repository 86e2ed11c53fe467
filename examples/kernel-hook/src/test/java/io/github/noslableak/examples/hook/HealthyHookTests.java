package io.github.noslableak.examples.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;

/** A correct hook is accused of nothing: these tests are as a product's own would be. */
@NoSlabLeak
class HealthyHookTests {

  private static long hooked;

  @BeforeAll
  static void warmUp() throws IOException {
    HookModule.reset();
    IoPath.runEach();
    hooked = HookModule.hooked();
  }

  @RepeatedTest(50)
  void accuses_nobody() throws IOException {
    IoPath.runEach();
  }

  @AfterAll
  static void hookedEveryClose() {
    // The paths above have 5 closes of files and 9 of sockets.
    assertThat(HookModule.hooked() - hooked).isGreaterThanOrEqualTo(50 * 14L);
    assertThat(HookModule.leaked()).isZero();
  }
}
