package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import org.opentest4j.TestSkippedException;

class AbortTests {

  @Test
  void what_an_assumption_throws_is_one() {
    assertThat(Abort.isOne(new TestAbortedException("its own"))).isTrue();
    assertThat(Abort.isOne(new TestAbortedException("its own") {})).isTrue();
  }

  @Test
  void a_failure_is_none() {
    assertThat(Abort.isOne(new AssertionFailedError("its own"))).isFalse();
    assertThat(Abort.isOne(new IllegalStateException("its own"))).isFalse();
    assertThat(Abort.isOne(new TestSkippedException("JUnit takes it for a failure"))).isFalse();
  }
}
