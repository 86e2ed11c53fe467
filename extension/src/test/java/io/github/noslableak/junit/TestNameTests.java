package io.github.noslableak.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.UniqueId;

class TestNameTests {

  private static final UniqueId ENGINE = UniqueId.forEngine("junit-jupiter");

  /** A method to be named. */
  @SuppressWarnings("unused")
  void copies(String file, int[] sizes) {}

  private static TestName name(String displayName, UniqueId id) throws NoSuchMethodException {
    Method method = TestNameTests.class.getDeclaredMethod("copies", String.class, int[].class);
    return TestName.of(List.of(Map.class, Map.Entry.class), method, displayName, id);
  }

  @Test
  void a_reader_finds_the_classes_and_the_method() throws NoSuchMethodException {
    assertThat(name("copies(String, int[])", ENGINE).forReaders()).isEqualTo("Map.Entry.copies");
  }

  @Test
  void a_display_name_of_its_own_is_told_with_it() throws NoSuchMethodException {
    assertThat(name("[2] a.txt", ENGINE).forReaders()).isEqualTo("Map.Entry.copies [2] a.txt");
  }

  @Test
  void the_key_is_class_method_and_types_whatever_is_displayed() throws NoSuchMethodException {
    assertThat(List.of(name("copies(String, int[])", ENGINE), name("[2] a.txt", ENGINE)))
        .extracting(TestName::key)
        .containsOnly("java.util.Map$Entry#copies(java.lang.String, [I)");
  }

  @Test
  void invocations_have_keys_of_their_own() throws NoSuchMethodException {
    UniqueId id =
        ENGINE
            .append("class-template-invocation", "#3")
            .append("test-template", "copies(java.lang.String)")
            .append("test-template-invocation", "#2");

    assertThat(name("[2] a.txt", id).key())
        .isEqualTo("java.util.Map$Entry#copies(java.lang.String, [I)[3][2]");
  }

  // As JUnit runs it

  static final class Naming implements BeforeEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
      TestName name = TestName.of(context);
      Asked.answer(context, name.forReaders() + " | " + name.key());
    }
  }

  @ExtendWith(Naming.class)
  static class OuterTestCases {
    @Nested
    class Inner {
      @Test
      void plain() {}
    }

    @Nested
    class Displayed {
      @Test
      @DisplayName("All is well")
      void named() {}
    }

    @Nested
    class Repeated {
      @RepeatedTest(1)
      void again() {}
    }
  }

  @Test
  void tests_are_named_as_JUnit_knows_them() {
    String type = TestNameTests.class.getName() + "$OuterTestCases$";

    assertThat(Asked.answers(OuterTestCases.class, Map.of()))
        .containsExactlyInAnyOrder(
            "OuterTestCases.Inner.plain | " + type + "Inner#plain()",
            "OuterTestCases.Displayed.named All is well | " + type + "Displayed#named()",
            "OuterTestCases.Repeated.again repetition 1 of 1 | " + type + "Repeated#again()[1]");
  }
}
