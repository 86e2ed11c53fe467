package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a baseline knows passes, and nothing else. */
@LiveTest
class KnownLeaksTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  @NoSlabLeak(caches = "sock_inode_cache")
  static class KnownLeakTestCases {
    static int sockets = 1;

    @Test
    void leaks() {
      LEAKED.sockets(sockets);
    }

    @Test
    void is_clean() {}
  }

  @Test
  void a_known_leak_passes_up_to_its_rate_and_the_baseline_only_goes_down(@TempDir Path dir)
      throws IOException {
    Path baseline = dir.resolve("known-leaks.txt");
    String[] check = {"noslableak.baseline", baseline.toString()};
    String[] update = {
      "noslableak.baseline",
      baseline.toString(),
      "noslableak.baseline.mode",
      "update",
      "noslableak.baseline.create",
      "true"
    };
    KnownLeakTestCases.sockets = 2;

    // A file that is named and missing fails, and says how to make it.
    assertThat(TestKit.run(KnownLeakTestCases.class, check).messages())
        .hasSize(2)
        .allSatisfy(message -> assertThat(message).contains("noslableak.baseline.mode=update"));

    assertThat(TestKit.run(KnownLeakTestCases.class, update)).passes(2);
    String key = KnownLeakTestCases.class.getName() + "#leaks()";
    assertThat(baseline).content().contains(key + " | sock_inode_cache | 2.00 | ");
    assertThat(TestKit.run(KnownLeakTestCases.class, check)).passes(2);

    KnownLeakTestCases.sockets = 3;
    Results results = TestKit.run(KnownLeakTestCases.class, check);
    assertThat(results).leaks("sock_inode_cache", 3, "leaks()");
    assertThat(results.leak())
        .hasMessageContaining("sock_inode_cache: not known, or more than the baseline knows")
        .hasMessageContaining("run once with noslableak.baseline.mode=update");
    assertThat(baseline).content().contains(" | 2.00 | ");

    KnownLeakTestCases.sockets = 1;
    results = TestKit.run(KnownLeakTestCases.class, check);
    assertThat(results).passes(2);
    assertThat(baseline).as(results.said()).content().contains(" | 1.00 | ");

    KnownLeakTestCases.sockets = 0;
    assertThat(TestKit.run(KnownLeakTestCases.class, check)).passes(2);
    assertThat(baseline).content().doesNotContain(key);
  }
}
