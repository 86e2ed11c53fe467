package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.JUnitException;
import org.opentest4j.TestAbortedException;

class DynamicTestsTests {

  private static final List<String> RAN = new ArrayList<>();

  private final DynamicTests tests = new DynamicTests(false);

  private static DynamicTest test(String name) {
    return dynamicTest(name, () -> RAN.add(name));
  }

  static Stream<Object> returned() {
    return Stream.of(
        Stream.of(test("a"), test("b")),
        List.of(test("a"), test("b")),
        List.of(test("a"), test("b")).iterator(),
        (Object) Arguments.of((Object) new DynamicTest[] {test("a"), test("b")}),
        dynamicContainer("both", List.of(test("a"), test("b"))),
        List.of(dynamicContainer("one", Stream.of(test("a"))), test("b")));
  }

  @ParameterizedTest
  @MethodSource("returned")
  void all_are_run_in_order_whatever_holds_them(Object returned) throws Throwable {
    RAN.clear();

    tests.run(returned);

    assertThat(RAN).containsExactly("a", "b");
  }

  @Test
  void a_single_one_is_run_and_a_stream_is_closed() throws Throwable {
    RAN.clear();
    tests.run(test("alone"));
    tests.run(Stream.of(test("last")).onClose(() -> RAN.add("closed")));

    assertThat(RAN).containsExactly("alone", "last", "closed");
  }

  @Test
  void the_first_that_fails_is_the_last() {
    RAN.clear();
    List<DynamicTest> some =
        List.of(
            test("a"),
            dynamicTest(
                "b",
                () -> {
                  throw new IllegalStateException("b");
                }),
            test("c"));

    assertThatThrownBy(() -> tests.run(some)).hasMessage("b");
    assertThat(RAN).containsExactly("a");
  }

  @Test
  void one_may_be_aborted_only_where_one_was_before() throws Throwable {
    RAN.clear();
    List<DynamicTest> some =
        List.of(
            dynamicTest(
                "a",
                () -> {
                  throw new TestAbortedException("not here");
                }),
            test("b"));

    assertThatThrownBy(() -> tests.run(some)).isInstanceOf(TestAbortedException.class);
    assertThat(RAN).isEmpty();
    new DynamicTests(true).run(some);
    assertThat(RAN).containsExactly("b");
  }

  @Test
  void what_is_no_dynamic_test_is_refused() {
    assertThatThrownBy(() -> tests.run(null)).isInstanceOf(JUnitException.class);
    assertThatThrownBy(() -> tests.run(7)).isInstanceOf(JUnitException.class);
    assertThatThrownBy(() -> tests.run(List.of(7))).isInstanceOf(ClassCastException.class);
  }
}
