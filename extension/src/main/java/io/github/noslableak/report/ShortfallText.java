package io.github.noslableak.report;

import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.TimeLimit;
import java.time.Duration;
import java.util.Locale;

/** Says why a body was not run again, or not as often as a confirmation takes. */
final class ShortfallText {

  private ShortfallText() {}

  /** Returns a clause, in which "it" is the body. */
  static String of(Shortfall why) {
    if (why instanceof Shortfall.ToldNotTo told) {
      return switch (told.by()) {
        case ANNOTATION -> "it was told not to (confirm = false)";
        case GUARD -> "it was told not to confirm";
      };
    }
    if (why instanceof Shortfall.FailedInPlace failed) {
      return "it failed when it was run again: "
          + failed.failure()
          + "; and the whole test is not run again, "
          + switch (failed.why()) {
            case NO_LAUNCHER -> "for junit-platform-launcher is not on the class path";
            case SHARED_STATE ->
                "for its class has fixtures or extensions that its other tests use as well";
          };
    }
    if (why instanceof Shortfall.FailedAfresh failed) {
      return "it failed when it was run again: "
          + failed.failure()
          + "; and so did the whole test: "
          + failed.afresh();
    }
    if (why instanceof Shortfall.TimeIsUp up) {
      return "its @Timeout of " + up.timeout().toMillis() + " ms leaves no time for it";
    }
    if (why instanceof Shortfall.TooLittleTime little) {
      return limit(little.limit()) + ", which is too little to run it again";
    }
    if (why instanceof Shortfall.NoDescriptorsLeft) {
      return "it left this JVM no descriptor to open anything with, as its limit is (ulimit -n)";
    }
    if (why instanceof Shortfall.TakesTooLong takes) {
      return "running it again takes about "
          + seconds(takes.estimate())
          + " more, and "
          + limit(takes.limit());
    }
    if (why instanceof Shortfall.Failed failed) {
      return "it failed when it was run again: " + failed.failure();
    }
    if (why instanceof Shortfall.Overran overran) {
      return "it was interrupted after running again for "
          + seconds(overran.took())
          + ", and "
          + limit(overran.limit());
    }
    return "allocations could not be followed: " + ((Shortfall.LedgerBroke) why).cause();
  }

  private static String limit(TimeLimit limit) {
    String time = seconds(limit.time());
    return limit instanceof TimeLimit.OfSetting allowed
        ? allowed.setting() + " allows " + time
        : "its @Timeout leaves " + time;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%,.1f s", duration.toMillis() / 1000.0);
  }
}
