package io.github.noslableak;

import io.github.noslableak.verdict.ToleranceRule;
import java.util.Collection;
import java.util.List;

/** From annotations to rules. */
final class CacheTolerances {

  private CacheTolerances() {}

  /**
   * Returns the rules of one place.
   *
   * @throws IllegalArgumentException if one is not as it should be
   */
  static List<ToleranceRule> rules(Collection<CacheTolerance> annotations) {
    return annotations.stream().map(CacheTolerances::rule).toList();
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
