package io.github.noslableak.report;

import io.github.noslableak.verdict.Reason;
import io.github.noslableak.verdict.Shortfall;
import java.util.Locale;
import java.util.Optional;

/** Says why numbers decide nothing. */
final class ReasonText {

  private ReasonText() {}

  /** Returns a sentence without a full stop. */
  static String of(Reason reason) {
    if (reason instanceof Reason.Unclear unclear) {
      return unclear.cache()
          + " neither grew in proportion nor stayed as it was when the body was run again"
          + because(unclear.shortfall());
    }
    if (reason instanceof Reason.Untried untried) {
      return untried.cache()
          + " grew in proportion when the body was run again, and there was no time to see whether it"
          + " does so anyway, by what other processes do"
          + because(untried.shortfall());
    }
    if (reason instanceof Reason.NotRunAgain notRunAgain) {
      return notRunAgain.cache()
          + " grew, but not beyond what it moved by itself before the test, and the body was not"
          + " run again: "
          + ShortfallText.of(notRunAgain.shortfall());
    }
    if (reason instanceof Reason.GrewInTeardown grew) {
      return grew.cache()
          + " grew after the last point at which the body can be run again: in the teardown of the"
          + " test, or on account of another process";
    }
    if (reason instanceof Reason.ShrankInTeardown shrank) {
      return shrank.cache()
          + " lost "
          + Text.count(shrank.objects(), "objects")
          + " after the last point at which the body can be run again: what somebody else gave back"
          + " hides as many of the test's";
    }
    if (reason instanceof Reason.GivenBackByTeardown givenBack) {
      return "the teardown of the test gave back as many "
          + givenBack.cache()
          + " as its iterations left, which may hide a leak"
          + because(givenBack.shortfall());
    }
    return of((Reason.NotSensitive) reason);
  }

  private static String of(Reason.NotSensitive blind) {
    return String.format(
        Locale.ROOT,
        "the smallest leak of %s that would have been seen is %.4f objects per iteration, and %s"
            + " wants %.4f: run more iterations",
        blind.sensitivity().cache(),
        blind.sensitivity().perIteration(),
        blind.setting(),
        blind.wanted());
  }

  private static String because(Optional<Shortfall> shortfall) {
    return shortfall.map(why -> ": " + ShortfallText.of(why)).orElse("");
  }
}
