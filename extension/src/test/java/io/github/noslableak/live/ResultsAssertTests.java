package io.github.noslableak.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the tests' own kit asserts of leaks, which takes a real one. */
@LiveTest
class ResultsAssertTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  @NoSlabLeak(caches = "sock_inode_cache")
  static class LeakingTestCases {
    @Test
    void body() {
      LEAKED.sockets(1);
    }
  }

  @Test
  void should_insist_on_the_rate_and_on_the_tests_and_show_who_allocated() {
    Results results = TestKit.run(LeakingTestCases.class);

    assertThat(results).leaks("sock_inode_cache", 1, "body()");
    assertThat(results.leak()).isSameAs(results.failures().get(0));
    assertThatThrownBy(() -> assertThat(results).leaks("sock_inode_cache", 2, "body()"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sock_inode_cache by this JVM");
    assertThatThrownBy(() -> assertThat(results).leaks("sock_inode_cache", 1, "another()"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sock_inode_cache by this JVM");
    assertThatThrownBy(() -> assertThat(results).passes(0))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sock_inode_cache by this JVM");
  }
}
