package io.github.noslableak.report;

import io.github.noslableak.verdict.Unjudged;
import java.util.List;
import java.util.stream.Collectors;

/** Says why caches could not be judged. */
public final class UnjudgedText {

  private UnjudgedText() {}

  /** Returns the message of a measurement that came to no verdict on their account. */
  public static String of(String test, List<Unjudged> unjudged) {
    return "NoSlabLeak could not judge "
        + test
        + ": "
        + unjudged.stream()
            .map(cache -> cache.cache() + " " + clause(cache))
            .collect(Collectors.joining(", "));
  }

  /** Returns what a cache did, as a clause that follows its name. */
  static String clause(Unjudged unjudged) {
    if (unjudged instanceof Unjudged.Vanished) {
      return "vanished meanwhile";
    }
    if (unjudged instanceof Unjudged.Appeared) {
      return "appeared meanwhile";
    }
    if (unjudged instanceof Unjudged.CameOrWent) {
      return "came or went with a kernel module meanwhile";
    }
    if (unjudged instanceof Unjudged.WrappedAround wrapped) {
      return "has a counter that wrapped around: "
          + Long.toUnsignedString(wrapped.before())
          + " before, "
          + Long.toUnsignedString(wrapped.after())
          + " after";
    }
    return "was merged with other caches, or separated from them, meanwhile: "
        + String.join(", ", ((Unjudged.Merged) unjudged).others());
  }
}
