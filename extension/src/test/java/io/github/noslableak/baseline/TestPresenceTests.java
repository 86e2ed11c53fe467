package io.github.noslableak.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPresenceTests {

  private static final String CASES = TestPresenceTests.class.getName() + "$Cases";

  interface Contract {
    default void promised() {}
  }

  static class Parent {
    void inherited() {}
  }

  static class Cases extends Parent implements Contract {
    void plain() {}

    void taking(String text, int number, byte[] bytes) {}
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "#plain(); true",
        "#plain; true",
        "#plain[2]; true",
        "#plain()[2]; true",
        "#plain()[1][2]; true",
        "#inherited(); true",
        "#promised(); true",
        "#taking(java.lang.String, int, [B); true",
        "#taking(java.lang.String,int,[B)[7]; true",
        "#taking; true",
        "#taking(); false",
        "#taking(java.lang.String); false",
        "#plain(int); false",
        "#gone(); false",
        "#gone; false",
        "#gone[3]; false",
        "$Gone#plain(); false",
      })
  void the_class_path_is_asked(String test, boolean exists) {
    assertThat(TestPresence.exists(CASES + test, Set.of())).isEqualTo(exists);
  }

  @Test
  void keys_of_another_form_name_what_may_exist() {
    assertThat(TestPresence.exists("a scenario of another engine", Set.of())).isTrue();
    assertThat(TestPresence.exists("#1 of many", Set.of())).isTrue();
  }

  @Test
  void what_ran_exists() {
    assertThat(TestPresence.exists("gone.Gone#gone()", Set.of("gone.Gone#gone()"))).isTrue();
  }

  @Test
  void an_invocation_is_gone_where_others_of_its_method_ran() {
    String method = CASES + "#plain()";

    assertThat(TestPresence.exists(method + "[3]", Set.of(method + "[1]"))).isFalse();
    assertThat(TestPresence.exists(method + "[3]", Set.of(method + "[3]"))).isTrue();
    assertThat(TestPresence.exists(method + "[3]", Set.of(CASES + "#taking()[1]"))).isTrue();
    assertThat(TestPresence.exists(method, Set.of(method + "[1]"))).isTrue();
  }
}
