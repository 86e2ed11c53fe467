package io.github.noslableak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.noslableak.engine.Following;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.junit.TestKind;
import io.github.noslableak.junit.TestName;
import io.github.noslableak.verdict.ToleranceRule;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlansTests {

  private static final TestName NAME = new TestName("Relay.copies", "com.example.Relay#copies()");

  @NoSlabLeak
  private static class AsItIs {}

  @NoSlabLeak(
      caches = {"dentry", "@sockets"},
      tolerance = 3,
      iterations = 20,
      warmup = 5,
      confirm = false,
      attribution = Attribution.ALWAYS,
      processes = "nginx",
      modules = "hook")
  private static class Changed {}

  @NoSlabLeak(iterations = 0)
  private static class NoIteration {}

  @NoSlabLeak(tolerance = -1)
  private static class NegativeTolerance {}

  private static Settings settings(String attribution) {
    return Settings.from(
        name -> Optional.ofNullable(Map.of(Settings.ATTRIBUTION, attribution).get(name)));
  }

  private static Plan plan(Class<?> annotated, TestKind kind, AnnotatedElement... nearestFirst) {
    return Plans.of(
        annotated.getAnnotation(NoSlabLeak.class),
        List.of(nearestFirst),
        NAME,
        kind,
        settings("never"));
  }

  @Test
  void without_attributes_it_is_the_defaults_that_the_annotation_documents() {
    Plan plan = plan(AsItIs.class, TestKind.TEST);

    assertThat(plan)
        .isEqualTo(
            new Plan(
                "Relay.copies",
                "com.example.Relay#copies()",
                List.of("@io"),
                plan.tolerances(),
                1,
                0,
                true,
                Following.NEVER,
                Set.of(),
                List.of(),
                true));
    assertThat(plan.tolerances().objectsFor("dentry", 1, 192)).isZero();
  }

  @Test
  void each_attribute_has_its_place_in_it() {
    Plan plan = plan(Changed.class, TestKind.TEST);

    assertThat(plan)
        .isEqualTo(
            new Plan(
                "Relay.copies",
                "com.example.Relay#copies()",
                List.of("dentry", "@sockets"),
                plan.tolerances(),
                20,
                5,
                false,
                Following.ALWAYS,
                Set.of("nginx"),
                List.of("hook"),
                true));
    assertThat(plan.tolerances().objectsFor("dentry", 20, 192)).isEqualTo(3);
  }

  @Test
  void an_annotation_that_does_not_say_when_allocations_are_followed_leaves_it_to_the_setting() {
    NoSlabLeak annotation = AsItIs.class.getAnnotation(NoSlabLeak.class);

    assertThat(List.of("confirm", "always", "never"))
        .extracting(
            set -> Plans.of(annotation, List.of(), NAME, TestKind.TEST, settings(set)).following())
        .containsExactly(Following.CONFIRM, Following.ALWAYS, Following.NEVER);
  }

  @Test
  void a_factory_is_run_again_as_any_test() {
    assertThat(plan(AsItIs.class, TestKind.FACTORY).confirm()).isTrue();
  }

  @Test
  void a_factory_that_should_be_repeated_is_refused() {
    assertThatThrownBy(() -> plan(Changed.class, TestKind.FACTORY))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
  }

  @Test
  void repeating_the_tests_of_a_class_leaves_its_factories_alone() throws Exception {
    AnnotatedElement factory =
        PlansTests.class.getDeclaredMethod("rule", String.class, AnnotatedElement[].class);
    Plan plan = plan(Changed.class, TestKind.FACTORY, factory, Changed.class);

    assertThat(plan.iterations()).isEqualTo(1);
    assertThat(plan.warmup()).isZero();
    Plan ofTest = plan(Changed.class, TestKind.TEST);
    assertThat(plan.toBuilder().iterations(20).warmup(5).tolerances(ofTest.tolerances()).build())
        .isEqualTo(ofTest);
  }

  @Test
  void numbers_that_are_too_small_are_refused() {
    assertThatThrownBy(() -> plan(NoIteration.class, TestKind.TEST))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("iterations should be 1 or more, but is 0");
    assertThatThrownBy(() -> plan(NegativeTolerance.class, TestKind.TEST))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("tolerance should be 0 or more, but is -1");
  }

  // Tolerances of single caches

  private static Optional<ToleranceRule> rule(String cache, AnnotatedElement... nearestFirst) {
    return plan(AsItIs.class, TestKind.TEST, nearestFirst).tolerances().ruleFor(cache);
  }

  @CacheTolerance(cache = "dentry", objects = 2, because = "the resolver keeps two")
  private static class Once {}

  @CacheTolerance(cache = "dentry", objects = 3, because = "three of them")
  @CacheTolerance(
      cache = "sock*",
      bytes = 4096,
      per = CacheTolerance.Per.ITERATION,
      because = "a pool of sockets")
  private static class Twice {}

  private static class Inherited extends Twice {}

  @CacheTolerance(cache = "dentry", because = "no amount")
  private static class WithoutAmount {}

  @CacheTolerance(cache = "dentry", objects = 2, because = "one reason")
  @CacheTolerance(cache = "dentry", objects = 3, because = "another")
  private static class TwoForOne {}

  private static final ToleranceRule RESOLVER =
      new ToleranceRule("dentry", 2, ToleranceRule.UNSET, false, "the resolver keeps two");
  private static final ToleranceRule THREE =
      new ToleranceRule("dentry", 3, ToleranceRule.UNSET, false, "three of them");
  private static final ToleranceRule POOL =
      new ToleranceRule("sock*", ToleranceRule.UNSET, 4096, true, "a pool of sockets");

  @Test
  void an_annotation_is_a_rule() {
    assertThat(rule("dentry", Once.class)).contains(RESOLVER);
    assertThat(rule("filp", Once.class)).isEmpty();
  }

  @Test
  void it_may_be_repeated_and_is_inherited() {
    for (Class<?> annotated : List.of(Twice.class, Inherited.class)) {
      assertThat(rule("dentry", annotated)).contains(THREE);
      assertThat(rule("sock_inode_cache", annotated)).contains(POOL);
    }
  }

  @Test
  void the_nearest_place_with_a_rule_decides() {
    assertThat(rule("dentry", Once.class, Twice.class)).contains(RESOLVER);
    assertThat(rule("dentry", Twice.class, Once.class)).contains(THREE);
    assertThat(rule("sock_inode_cache", Once.class, Twice.class)).contains(POOL);
  }

  @Test
  void a_mistake_is_an_error() {
    assertThatThrownBy(() -> rule("dentry", WithoutAmount.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the tolerance of dentry should give either objects or bytes");
    assertThatThrownBy(() -> rule("dentry", TwoForOne.class))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("two tolerances for dentry in one place");
  }
}
