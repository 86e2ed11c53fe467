package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** The first line of a report, which is all that a list of failures shows. */
final class Headline {

  private static final int NAMED = 3;

  private static final int MORE = 8;

  private Headline() {}

  static String of(String test, Verdict verdict) {
    if (verdict instanceof Verdict.Leak leak) {
      return test + " leaked " + leaked(leak);
    }
    if (verdict instanceof Verdict.Inconclusive inconclusive) {
      return test + " is inconclusive: " + ReasonText.of(inconclusive.reason());
    }
    if (verdict instanceof Verdict.Dismissed) {
      return test + " passes: its growth is no leak";
    }
    return test
        + " is clean: none of "
        + Text.count(verdict.growths().size(), "watched caches")
        + " gained more than tolerated";
  }

  /** Returns the line that names what the headline has no room for. */
  static List<String> more(Verdict verdict) {
    if (!(verdict instanceof Verdict.Leak leak) || leak.leaked().size() <= NAMED) {
      return List.of();
    }
    List<CacheGrowth> others = leak.leaked().subList(NAMED, leak.leaked().size());
    int unnamed = others.size() - MORE;
    return List.of(
        "Leaked too: "
            + others.stream().limit(MORE).map(Headline::named).collect(Collectors.joining(", "))
            + (unnamed > 0 ? " and objects of " + Text.count(unnamed, "more caches") : "")
            + ".");
  }

  private static String named(CacheGrowth growth) {
    return Text.number(growth.objects()) + " " + growth.cache();
  }

  private static String leaked(Verdict.Leak leak) {
    List<CacheGrowth> leaked = leak.leaked();
    int iterations = leaked.get(0).iterations();
    return objects(leaked)
        + (iterations > 1 ? " in " + Text.number(iterations) + " iterations" : "")
        + bytes(leaked);
  }

  private static String objects(List<CacheGrowth> leaked) {
    String named =
        leaked.stream().limit(NAMED).map(Headline::named).collect(Collectors.joining(", "));
    int more = leaked.size() - NAMED;
    return more > 0 ? named + " and objects of " + Text.count(more, "more caches") : named;
  }

  private static String bytes(List<CacheGrowth> leaked) {
    long bytes = leaked.stream().mapToLong(CacheGrowth::bytes).sum();
    return bytes > 0 ? ": " + Text.number(bytes) + " bytes of slab" : "";
  }
}
