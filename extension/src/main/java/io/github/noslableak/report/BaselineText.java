package io.github.noslableak.report;

import java.util.List;
import java.util.stream.Stream;

/** What a baseline of known leaks says about a leak. */
public final class BaselineText {

  private static final String TITLE = "Baseline";

  private BaselineText() {}

  /**
   * A leak that the baseline knows.
   *
   * @param rate up to how much, per iteration, as the baseline writes it
   * @param since since when, as the baseline writes it
   */
  public record Known(String cache, String rate, String since) {}

  /**
   * Says why a leak fails although there is a baseline.
   *
   * @param tooMuch the caches that leak and are not known, or leak more than is known
   * @param known the leaks that are known
   * @param update the setting that records what leaks today
   */
  public static Section notKnown(List<String> tooMuch, List<Known> known, String update) {
    return new Section(
        TITLE,
        Stream.of(
                tooMuch.stream()
                    .map(cache -> cache + ": not known, or more than the baseline knows"),
                known.stream().map(BaselineText::line),
                Stream.of("To record what leaks today, run once with " + update))
            .flatMap(lines -> lines)
            .toList());
  }

  private static String line(Known leak) {
    return "%s: known, up to %s per iteration since %s"
        .formatted(leak.cache(), leak.rate(), leak.since());
  }

  /** Says why a test does not pass although all that leaks is known. */
  public static Section unclearBesides() {
    return new Section(
        TITLE,
        List.of("All that leaks is known, but what is unclear above may be a leak that is not."));
  }
}
