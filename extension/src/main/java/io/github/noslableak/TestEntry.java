package io.github.noslableak;

import io.github.noslableak.engine.Measuring;
import io.github.noslableak.engine.Plan;
import io.github.noslableak.engine.Settings;
import io.github.noslableak.engine.Unmeasurable;
import io.github.noslableak.junit.TestName;
import io.github.noslableak.report.Section;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What stands in the store of a test: its measurement, or why there is none. */
sealed interface TestEntry permits MeasuredTest, TestEntry.Refused {

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
        Section departures = Plans.departures(annotation, context);
        return new MeasuredTest(
            context, plan, settings, known, departures, Measuring.begin(plan, settings));
      } catch (Unmeasurable e) {
        return new Refused(Refusals.unmeasurable(settings, SlabUnmeasurableException.of(e)));
      }
    } catch (ExtensionConfigurationException e) {
      return new Refused(e);
    } catch (IllegalArgumentException e) {
      return new Refused(Refusals.misuse(NoSlabLeak.class, e));
    }
  }

  /** Told in {@code beforeEach}: the test is neither disabled nor skipped. */
  void start();

  /** Does what will be undone before the end, so that it is no growth of the test. */
  <T> T setAside(Supplier<T> work);

  /** Returns the kernel modules that are followed, none for all; nothing where none are to be. */
  Optional<List<String>> modules();

  /**
   * A test that is not measured. The reason is kept until {@code beforeEach}: only there does JUnit
   * take an exception for what it is, an aborted or failed test. Earlier it would make it a broken
   * condition.
   */
  record Refused(RuntimeException reason) implements TestEntry {

    @Override
    public void start() {
      throw reason;
    }

    @Override
    public <T> T setAside(Supplier<T> work) {
      return work.get();
    }

    @Override
    public Optional<List<String>> modules() {
      return Optional.empty();
    }
  }
}
