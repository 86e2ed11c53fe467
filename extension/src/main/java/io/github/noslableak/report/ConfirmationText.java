package io.github.noslableak.report;

import io.github.noslableak.verdict.CacheFinding;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.OnOff;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Verdict;
import io.github.noslableak.verdict.Whose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What running the body again showed, cache by cache. */
final class ConfirmationText {

  private static final int LONGEST_LIST = 5;

  private final Confirmation confirmation;
  private final Optional<String> unfollowed;

  /**
   * Makes the text.
   *
   * @param unfollowed why allocations could not be followed
   */
  ConfirmationText(Confirmation confirmation, Optional<String> unfollowed) {
    this.confirmation = confirmation;
    this.unfollowed = unfollowed;
  }

  /** Returns what a verdict is based on; nothing for a clean one, which needed no confirmation. */
  static Section of(Verdict verdict, Optional<String> unfollowed) {
    if (verdict instanceof Verdict.Leak leak) {
      return section(
          leak.confirmation().shortfall().isEmpty() ? "Confirmed" : "Not confirmed",
          leak.confirmation(),
          unfollowed);
    }
    if (verdict instanceof Verdict.Dismissed dismissed) {
      return section("Why it passes", dismissed.confirmation(), unfollowed);
    }
    if (verdict instanceof Verdict.Inconclusive inconclusive) {
      return section("What was tried", inconclusive.confirmation(), unfollowed);
    }
    return Section.nothing();
  }

  /** Returns in a line or two what a verdict is based on. */
  static List<String> brief(Verdict verdict) {
    if (verdict instanceof Verdict.Leak leak && leak.confirmation().shortfall().isEmpty()) {
      return leak.confirmation().findings().stream()
          .filter(CacheFinding::leaks)
          .filter(finding -> !finding.rounds().isEmpty())
          .limit(1)
          .map(finding -> rounds(finding.rounds()))
          .toList();
    }
    return of(verdict, Optional.empty()).lines();
  }

  private static Section section(
      String title, Confirmation confirmation, Optional<String> unfollowed) {
    return new Section(title, new ConfirmationText(confirmation, unfollowed).lines());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (confirmation.ofFirstRun()) {
      lines.add("Each allocation of the only run was followed.");
      confirmation.findings().forEach(finding -> lines.add(finding(finding)));
    }
    if (!confirmation.findings().isEmpty() && confirmation.iterations() > 0) {
      lines.add(rounds(confirmation.findings().get(0).rounds()));
      confirmation.findings().stream()
          .filter(finding -> !isStill(finding))
          .forEach(finding -> lines.add(finding(finding)));
      still().ifPresent(lines::add);
      lines.add(counted());
    }
    confirmation.shortfall().ifPresent(why -> lines.add(shortfall(why)));
    return lines;
  }

  private static String rounds(List<Round> rounds) {
    return "The body was run again, "
        + rounds.stream()
            .map(round -> Text.number(round.iterations()))
            .collect(Collectors.joining(", then "))
        + " times. A leak repeats and scales.";
  }

  private static boolean isStill(CacheFinding finding) {
    return finding.scaling() == Scaling.DOES_NOT_REPEAT && finding.objects() == 0;
  }

  /** All that did not grow again takes one line. */
  private Optional<String> still() {
    List<String> still =
        confirmation.findings().stream()
            .filter(ConfirmationText::isStill)
            .map(CacheFinding::cache)
            .toList();
    if (still.isEmpty()) {
      return Optional.empty();
    }
    int more = still.size() - LONGEST_LIST;
    return Optional.of(
        still.stream().limit(LONGEST_LIST).collect(Collectors.joining(", "))
            + (more > 0 ? " and " + more + " more" : "")
            + ": did not grow again");
  }

  private String counted() {
    return confirmation.followed()
        ? "Each allocation was followed, so what other processes allocated is not counted here."
        : "Counted by the machine's counters, which count what everybody allocates"
            + unfollowed.map(why -> ": " + why).orElse("")
            + ".";
  }

  private String shortfall(Shortfall why) {
    return "The body was not run again as often as a confirmation takes: "
        + ShortfallText.of(why)
        + ". So growth that comes only once"
        + (confirmation.ofFirstRun() ? "" : ", or from another process,")
        + " is not told from a leak.";
  }

  private static String finding(CacheFinding finding) {
    return finding.cache()
        + (finding.whose() == Whose.UNBOOKED ? " beyond what was followed " : " ")
        + finding.rounds().stream().map(ConfirmationText::growth).collect(Collectors.joining(", "))
        + ": "
        + scaling(finding)
        + byTurns(finding.turns());
  }

  private static String growth(Round round) {
    return Text.signed(round.objects())
        + (round.unrest() > 0 ? " (give or take " + round.unrest() + ")" : "");
  }

  private static String scaling(CacheFinding finding) {
    return switch (finding.scaling()) {
      case LEAKS -> Text.rate(finding.perIteration()) + " per iteration, it leaks";
      case DOES_NOT_REPEAT -> "does not repeat";
      case DOES_NOT_SCALE -> "does not grow with the number of iterations";
      case GOES_ON_BY_ITSELF -> "goes on by itself" + whileIdle(finding);
      case RARER_THAN_PROMISED -> rare(finding);
      case UNTRIED -> "unclear, for lack of time";
      case IS_OTHERS -> "which the test did not allocate";
      case IS_GIVEN_BACK -> "is given back by the teardown of the test";
      case UNCLEAR -> "unclear";
    };
  }

  /** Says how many iterations would have judged it. */
  private static String rare(CacheFinding finding) {
    long runs = finding.rounds().stream().mapToLong(Round::iterations).sum();
    long objects = Math.max(1, finding.objects());
    long enough = 10;
    while (enough * objects < runs) {
      enough *= 10;
    }
    return "grew by %s in %s runs, far below what this test promises to see; iterations = %s would judge it"
        .formatted(Text.number(finding.objects()), Text.number(runs), Text.number(enough));
  }

  /** Where the body ran by turns, those numbers show it better. */
  private static String whileIdle(CacheFinding finding) {
    return finding.turns().isEmpty()
        ? ", "
            + Text.signed(finding.idle().orElse(0))
            + " while nothing ran for as long as the last round"
        : "";
  }

  private static String byTurns(List<OnOff> turns) {
    return turns.isEmpty()
        ? ""
        : "; by turns "
            + turns.stream().map(ConfirmationText::turn).collect(Collectors.joining(", "));
  }

  private static String turn(OnOff turn) {
    return Text.signed(turn.active().objects())
        + " with the body and "
        + Text.signed(turn.idle().objects())
        + " without";
  }
}
