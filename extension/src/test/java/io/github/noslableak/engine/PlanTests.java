package io.github.noslableak.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.verdict.Tolerances;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTests {

  private static Plan.Builder plan() {
    return Plan.builder("it", List.of("dentry"));
  }

  @Test
  void the_least_numbers_are_accepted() {
    assertThat(plan().build().caches()).containsExactly("dentry");
  }

  @Test
  void by_default_the_body_runs_once_and_may_be_confirmed() {
    Plan plan = plan().build();

    assertThat(plan)
        .isEqualTo(
            new Plan(
                "it",
                "it",
                List.of("dentry"),
                plan.tolerances(),
                1,
                0,
                true,
                Following.CONFIRM,
                Set.of(),
                List.of(),
                false));
    assertThat(plan.tolerances().objectsFor("dentry", 1, 192)).isZero();
  }

  @Test
  void a_copy_keeps_what_is_not_changed() {
    Plan plan =
        plan()
            .key("its key")
            .tolerances(Tolerances.of(3))
            .iterations(4)
            .warmup(5)
            .confirm(false)
            .following(Following.NEVER)
            .processes(Set.of("nginx"))
            .modules(List.of("hook"))
            .alone(true)
            .build();

    assertThat(plan.toBuilder().build()).isEqualTo(plan);
    assertThat(plan.toBuilder().warmup(6).build())
        .isEqualTo(
            new Plan(
                "it",
                "its key",
                List.of("dentry"),
                plan.tolerances(),
                4,
                6,
                false,
                Following.NEVER,
                Set.of("nginx"),
                List.of("hook"),
                true));
  }

  @Test
  void another_name_is_another_key() {
    assertThat(plan().key("its key").name("that").build())
        .extracting(Plan::name, Plan::key)
        .containsExactly("that", "that");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 'iterations should be 1 or more, but is 0'",
    "-5, 0, 'iterations should be 1 or more, but is -5'",
    "1, -1, 'warmup should be 0 or more, but is -1'"
  })
  void smaller_numbers_are_refused(int iterations, int warmup, String message) {
    assertThatThrownBy(() -> plan().iterations(iterations).warmup(warmup).build())
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
