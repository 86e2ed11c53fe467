package io.github.noslableak;

import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.junit.TestKind;
import io.github.noslableak.junit.TestName;
import io.github.noslableak.report.Section;
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
    boolean once = kind == TestKind.FACTORY && isRepeated(annotation);
    if (once && !isOfClass(nearestFirst)) {
      throw new IllegalArgumentException(
          "a @TestFactory cannot be repeated: leave iterations at 1 and warmup at 0");
    }
    return Plan.builder(name.forReaders(), List.of(annotation.caches()))
        .key(name.key())
        .tolerances(
            Tolerances.of(annotation.tolerance(), nearestFirst.stream().map(Plans::rules).toList()))
        .iterations(once ? 1 : annotation.iterations())
        .warmup(once ? 0 : annotation.warmup())
        .confirm(annotation.confirm())
        .following(annotation.attribution().orElse(settings.following()))
        .processes(Set.of(annotation.processes()))
        .modules(List.of(annotation.modules()))
        .alone(true)
        .build();
  }

  /** Returns what a report is to say of an annotation that the plan does not follow in all. */
  static Section departures(NoSlabLeak annotation, ExtensionContext context) {
    boolean departs = TestKind.of(context) == TestKind.FACTORY && isRepeated(annotation);
    return new Section(
        "Not repeated",
        departs
            ? List.of(
                "A @TestFactory runs once: iterations = %d and warmup = %d of its class are for other tests."
                    .formatted(annotation.iterations(), annotation.warmup()))
            : List.of());
  }

  private static boolean isRepeated(NoSlabLeak annotation) {
    return annotation.iterations() > 1 || annotation.warmup() > 0;
  }

  /** Where a class is annotated, its other tests may well be repeated. */
  private static boolean isOfClass(List<? extends AnnotatedElement> nearestFirst) {
    return !nearestFirst.isEmpty()
        && !AnnotationSupport.isAnnotated(nearestFirst.get(0), NoSlabLeak.class);
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
