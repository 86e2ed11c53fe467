package io.github.noslableak;

import io.github.noslableak.baseline.BaselineSession;
import io.github.noslableak.baseline.BaselineSettings;
import io.github.noslableak.baseline.KnownLeak;
import io.github.noslableak.baseline.ObservedRate;
import io.github.noslableak.report.BaselineText;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The baseline that the settings name, for the tests of one launch. It ends, and says what there is
 * to say about the file, with JUnit's root store.
 */
@SuppressWarnings(
    "deprecation") // CloseableResource: closed also where the user switched off AutoCloseable.
final class KnownLeaks implements ExtensionContext.Store.CloseableResource, AutoCloseable {

  private final BaselineSession session;

  private KnownLeaks(BaselineSession session) {
    this.session = session;
  }

  /**
   * Opens the baseline, if the settings name one.
   *
   * @throws IllegalArgumentException if a setting is malformed
   * @throws ExtensionConfigurationException if the file cannot be used
   */
  static Optional<KnownLeaks> of(ExtensionContext context) {
    return BaselineSettings.from(
            context::getConfigurationParameter, name -> Optional.ofNullable(System.getenv(name)))
        .map(
            settings ->
                context
                    .getRoot()
                    .getStore(ExtensionContext.Namespace.create(KnownLeaks.class))
                    .getOrComputeIfAbsent(
                        settings, key -> new KnownLeaks(open(settings)), KnownLeaks.class));
  }

  private static BaselineSession open(BaselineSettings settings) {
    try {
      return BaselineSession.open(settings);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private static ExtensionConfigurationException unusable(IOException e) {
    return Refusals.misuse(NoSlabLeak.class, e);
  }

  /** Tells that a test runs, judged or not. */
  void saw(String test) {
    session.saw(test);
  }

  /**
   * Judges what a test leaks by what is known.
   *
   * @param test its key
   * @param growth what was measured
   * @return the same, with what the baseline says; no leak any more where all that leaks is known
   */
  SlabGrowth judge(String test, SlabGrowth growth) {
    BaselineSession.Judgement judgement;
    try {
      judgement = session.judge(test, growth.observed(test));
    } catch (IOException e) {
      throw unusable(e);
    }
    if (!growth.isLeak() || judgement.passes()) {
      return growth.isLeak() ? growth.withLeaksKnown() : growth;
    }
    return growth.with(
        BaselineText.notKnown(
            judgement.tooMuch().stream().map(ObservedRate::cache).toList(),
            judgement.known().stream().map(KnownLeaks::reported).toList(),
            BaselineSettings.MODE + "=update"));
  }

  private static BaselineText.Known reported(KnownLeak leak) {
    return new BaselineText.Known(leak.cache(), leak.rate(), leak.since());
  }

  @Override
  @SuppressWarnings("SystemOut") // JUnit has no channel for the end of a launch.
  public void close() throws IOException {
    session.finish().forEach(System.err::println);
  }
}
