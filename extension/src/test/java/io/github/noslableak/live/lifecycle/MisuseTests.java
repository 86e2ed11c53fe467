package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Misuse of the annotation, and settings that cannot be read, are configuration errors. */
@LiveTest
class MisuseTests {

  @NoSlabLeak(caches = "dentri")
  static class UnknownCacheTestCases {
    @Test
    void body() {}
  }

  @Test
  void an_unknown_cache_is_a_configuration_error() {
    assertThat(TestKit.run(UnknownCacheTestCases.class))
        .failsWith(
            ExtensionConfigurationException.class,
            "@NoSlabLeak: There is no slab cache \"dentri\" on this kernel. Did you mean dentry? List"
                + " them with: ls /sys/kernel/slab");
  }

  @NoSlabLeak(tolerance = -1)
  static class NegativeToleranceTestCases {
    @Test
    void body() {}
  }

  @Test
  void a_negative_tolerance_is_a_configuration_error() {
    assertThat(TestKit.run(NegativeToleranceTestCases.class))
        .failsWith(
            ExtensionConfigurationException.class,
            "@NoSlabLeak: tolerance should be 0 or more, but is -1");
  }

  @NoSlabLeak
  static class PlainTestCases {
    @Test
    void body() {}
  }

  @Test
  void a_malformed_setting_is_a_configuration_error() {
    assertThat(TestKit.run(PlainTestCases.class, "noslableak.linger", "soon"))
        .failsWith(
            ExtensionConfigurationException.class,
            "@NoSlabLeak: noslableak.linger should be a time such as 500 ms, 2 s or 1 min, but is"
                + " \"soon\"");
  }
}
