package io.github.noslableak.live.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.CacheTolerance;
import io.github.noslableak.NoSlabLeak;
import io.github.noslableak.live.LiveTest;
import io.github.noslableak.testkit.Leaks;
import io.github.noslableak.testkit.Results;
import io.github.noslableak.testkit.TestKit;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of several annotations counts. */
@LiveTest
class NearestAnnotationTests {

  @RegisterExtension static final Leaks LEAKED = new Leaks();

  @Retention(RetentionPolicy.RUNTIME)
  @NoSlabLeak(caches = "sock_inode_cache", tolerance = 1)
  @interface ToleratesOne {}

  @NoSlabLeak(caches = "sock_inode_cache")
  static class BaseTestCases {
    @Test
    void inherited() {
      LEAKED.sockets(1);
    }
  }

  static class NearestTestCases extends BaseTestCases {
    @Test
    @ToleratesOne
    void tolerated() {
      LEAKED.sockets(1);
    }

    @Nested
    class InnerTestCases {
      @Test
      void enclosed() {
        LEAKED.sockets(1);
      }
    }

    @Nested
    @ToleratesOne
    class TolerantTestCases {
      @Test
      void nearer_than_the_enclosing_class() {
        LEAKED.sockets(1);
      }
    }
  }

  @Test
  void the_nearest_annotation_counts() {
    assertThat(TestKit.run(NearestTestCases.class))
        .leaks("sock_inode_cache", 1, "inherited()", "enclosed()");
  }

  @NoSlabLeak(caches = "sock_inode_cache", confirm = false)
  @CacheTolerance(cache = "sock_*", objects = 1, because = "one stays open")
  static class ToleratingTestCases {
    @Test
    void leaks_one() {
      LEAKED.sockets(1);
    }

    @Test
    @CacheTolerance(cache = "sock_inode_cache", objects = 2, because = "two stay open")
    void leaks_two() {
      LEAKED.sockets(2);
    }

    @Test
    @CacheTolerance(cache = "sock_inode_cache", objects = 0, because = "none stays open")
    void leaks_too_many() {
      LEAKED.sockets(1);
    }
  }

  @Test
  void the_nearest_tolerance_of_a_cache_counts_and_is_reported() {
    Results results = TestKit.run(ToleratingTestCases.class);
    assertThat(results).leaks("sock_inode_cache", 1, "leaks_too_many()");
    assertThat(results.reports())
        .anySatisfy(
            report ->
                assertThat(report)
                    .contains("tolerated: sock_inode_cache +2 of 2, because two stay open"));
  }
}
