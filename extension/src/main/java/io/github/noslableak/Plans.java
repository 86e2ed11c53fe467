package io.github.noslableak;

import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.junit.TestKind;
import io.github.noslableak.junit.TestName;
import io.github.noslableak.verdict.ToleranceRule;
import io.github.noslableak.verdict.Tolerances;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** From annotations to a plan. */
final class Plans {

  private Plans() {}

  /**
   * Plans the measurement of a test.
   *
   * @throws IllegalArgumentException if something is not as it should be
   */
  static Plan of(
      NoSlabLeak annotation, ExtensionContext context, TestName name, Settings settings) {
    List<AnnotatedElement> nearestFirst = new ArrayList<>(context.getEnclosingTestClasses());
    nearestFirst.add(context.getRequiredTestClass());
    nearestFirst.add(context.getRequiredTestMethod());
    Collections.reverse(nearestFirst);
    return of(annotation, nearestFirst, name, TestKind.of(context), settings);
  }

  /**
   * Plans the measurement of a test.
   *
   * @param nearestFirst where tolerances of single caches may stand: its method, its class and
   *     those around it
   */
  static Plan of(
      NoSlabLeak annotation,
      List<? extends AnnotatedElement> nearestFirst,
      TestName name,
      TestKind kind,
      Settings settings) {
    Plan plan =
        Plan.builder(name.forReaders(), List.of(annotation.caches()))
            .key(name.key())
            .tolerances(
                Tolerances.of(
                    annotation.tolerance(), nearestFirst.stream().map(Plans::rules).toList()))
            .iterations(annotation.iterations())
            .warmup(annotation.warmup())
            .confirm(annotation.confirm() && kind != TestKind.FACTORY)
            .following(annotation.attribution().orElse(settings.following()))
            .processes(Set.of(annotation.processes()))
            .modules(List.of(annotation.modules()))
            .build();
    if (kind == TestKind.FACTORY && (plan.iterations() > 1 || plan.warmup() > 0)) {
      throw new IllegalArgumentException(
          "a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
    }
    return plan;
  }

  private static List<ToleranceRule> rules(AnnotatedElement place) {
    return AnnotationSupport.findRepeatableAnnotations(place, CacheTolerance.class).stream()
        .map(Plans::rule)
        .toList();
  }

  private static ToleranceRule rule(CacheTolerance annotation) {
    return new ToleranceRule(
        annotation.cache(),
        annotation.objects(),
        annotation.bytes(),
        annotation.per() == CacheTolerance.Per.ITERATION,
        annotation.because());
  }
}
