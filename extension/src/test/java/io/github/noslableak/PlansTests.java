package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.verdict.ToleranceRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheTolerancesTests {

  private static List<ToleranceRule> of(Class<?> annotated) {
    return CacheTolerances.rules(List.of(annotated.getAnnotationsByType(CacheTolerance.class)));
  }

  @CacheTolerance(cache = "dentry", objects = 2, because = "the resolver keeps two")
  private static class Once {}

  @CacheTolerance(cache = "dentry", objects = 2, because = "the resolver keeps two")
  @CacheTolerance(
      cache = "sock*",
      bytes = 4096,
      per = CacheTolerance.Per.ITERATION,
      because = "a pool of sockets")
  private static class Twice {}

  private static class Inherited extends Twice {}

  @CacheTolerance(cache = "dentry", because = "no amount")
  private static class WithoutAmount {}

  @Test
  void an_annotation_is_a_rule() {
    assertThat(of(Once.class))
        .containsExactly(
            new ToleranceRule("dentry", 2, ToleranceRule.UNSET, false, "the resolver keeps two"));
  }

  @Test
  void it_may_be_repeated_and_is_inherited() {
    assertThat(of(Twice.class))
        .containsExactly(
            new ToleranceRule("dentry", 2, ToleranceRule.UNSET, false, "the resolver keeps two"),
            new ToleranceRule("sock*", ToleranceRule.UNSET, 4096, true, "a pool of sockets"));
    assertThat(of(Inherited.class)).isEqualTo(of(Twice.class));
  }

  @Test
  void a_mistake_is_an_error() {
    assertThatThrownBy(() -> of(WithoutAmount.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the tolerance of dentry should give either objects or bytes");
  }
}
