package io.github.noslableak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeaksTests {

  private static final String PROPERTY = "noslableak.test.leaks";
  private static final List<String> UNDONE = new ArrayList<>();

  @BeforeEach
  void forget() {
    UNDONE.clear();
  }

  static class LeakingTestCases {
    @RegisterExtension final Leaks leaks = new Leaks();

    @Test
    void leaves_two_things() {
      leaks.undo(() -> UNDONE.add("first"));
      leaks.undo(() -> UNDONE.add("second"));
      assertThat(UNDONE).isEmpty();
    }
  }

  @Test
  void should_undo_in_reverse_when_the_test_is_over() {
    assertThat(TestKit.run(LeakingTestCases.class)).passes(1);
    assertThat(UNDONE).containsExactly("second", "first");
  }

  @MeantToFail
  static class FailingTestCases {
    @RegisterExtension static final Leaks LEAKS = new Leaks();

    @Test
    void leaves_something_and_fails() {
      LEAKS.undo(() -> UNDONE.add("it"));
      throw new IllegalArgumentException("its own");
    }
  }

  @Test
  void should_undo_what_a_failed_test_left() {
    assertThat(TestKit.run(FailingTestCases.class))
        .failsWith(IllegalArgumentException.class, "its own");
    assertThat(UNDONE).containsExactly("it");
  }

  @MeantToFail
  static class NotUndoneTestCases {
    @RegisterExtension final Leaks leaks = new Leaks();

    @Test
    void leaves_what_cannot_be_undone() {
      leaks.undo(() -> UNDONE.add("the others"));
      leaks.undo(
          () -> {
            throw new IOException("busy");
          });
    }
  }

  @Test
  void should_fail_a_test_whose_leak_cannot_be_undone() {
    assertThat(TestKit.run(NotUndoneTestCases.class))
        .failsWith(
            AssertionError.class, "what the test left cannot be undone: java.io.IOException: busy");
    assertThat(UNDONE).containsExactly("the others");
  }

  @Test
  void should_report_each_undo_that_fails_and_do_the_others() {
    Leaks leaks = new Leaks();
    IOException first = new IOException("first");
    AssertionError second = new AssertionError("second");
    leaks.undo(() -> UNDONE.add("one"));
    leaks.undo(
        () -> {
          throw second;
        });
    leaks.undo(() -> UNDONE.add("two"));
    leaks.undo(
        () -> {
          throw first;
        });

    Throwable thrown = catchThrowable(leaks::undoAll);

    assertThat(thrown).isInstanceOf(AssertionError.class).hasCause(first);
    assertThat(thrown.getSuppressed()).containsExactly(second);
    assertThat(UNDONE).containsExactly("two", "one");
    assertThat(leaks.size()).isZero();
    leaks.undoAll();
  }

  @Test
  void should_close_what_it_keeps() throws IOException {
    Leaks leaks = new Leaks();
    StringReader kept = leaks.keep(new StringReader("kept"));
    assertThat(kept.read()).isEqualTo('k');
    assertThat(leaks.size()).isEqualTo(1);

    leaks.undoAll();

    assertThatThrownBy(kept::read).isInstanceOf(IOException.class);
  }

  @Test
  void should_reset_a_property() {
    Leaks leaks = new Leaks();
    leaks.set(PROPERTY, "one");
    leaks.set(PROPERTY, "two");
    assertThat(System.getProperty(PROPERTY)).isEqualTo("two");

    leaks.undoAll();

    assertThat(System.getProperty(PROPERTY)).isNull();
  }

  @Test
  void should_count_the_sockets_it_opens() {
    Leaks leaks = new Leaks();
    leaks.sockets(3);
    assertThat(leaks.size()).isEqualTo(3);
    leaks.undoAll();
  }
}
