package io.github.noslableak;

import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.junit.TestName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What stands in the store of a test: its measurement, or why there is none. */
sealed interface TestEntry permits MeasuredTest, RefusedTest {

  /**
   * Opens the measurement of a test where it can be measured.
   *
   * @param context the test's own
   */
  static TestEntry open(NoSlabLeak annotation, ExtensionContext context) {
    try {
      Settings settings = Settings.from(context::getConfigurationParameter);
      TestName name = TestName.of(context);
      Optional<KnownLeaks> known = KnownLeaks.of(context);
      known.ifPresent(leaks -> leaks.saw(name.key()));
      try {
        Plan plan = Plans.of(annotation, context, name, settings);
        return new MeasuredTest(context, plan, settings, known, Bracket.begin(plan, settings));
      } catch (SlabUnmeasurableException e) {
        return new RefusedTest(Refusals.unmeasurable(settings, e));
      }
    } catch (ExtensionConfigurationException e) {
      return new RefusedTest(e);
    } catch (IllegalArgumentException e) {
      return new RefusedTest(Refusals.misuse(NoSlabLeak.class, e));
    }
  }

  /** Told in {@code beforeEach}: the test is neither disabled nor skipped. */
  void start();

  /** Does what will be undone before the end, so that it is no growth of the test. */
  <T> T setAside(Supplier<T> work);

  /** Returns the kernel modules that are followed, none for all; nothing where none are to be. */
  Optional<List<String>> modules();
}
