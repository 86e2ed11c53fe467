package io.github.noslableak.report;

import io.github.noslableak.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a finding for the engineer who reads the build's log: numbers, meaning, next step. It
 * knows the order of the parts; each part knows its own text.
 */
public final class TextReport {

  private TextReport() {}

  /** Returns the text, several lines without a line break at the end. */
  public static String of(SlabReport report) {
    SlabReport.Conclusion conclusion = report.conclusion();
    List<List<String>> parts = new ArrayList<>();
    parts.add(List.of(Headline.of(report.test(), conclusion.verdict())));
    parts.add(Text.indent(GrowthTable.lines(conclusion.verdict())));
    report
        .evidence()
        .ifPresent(
            evidence -> {
              parts.add(CountingText.lines(report.counting()));
              explanation(report, evidence).map(Section::rendered).forEach(parts::add);
            });
    Stream.of(
            new Section(
                "Tolerances", conclusion.tolerances().stream().map(ToleranceText::of).toList()),
            new Section(
                "What would have been seen",
                SensitivityText.lines(conclusion.sensitivities(), ranOnce(conclusion.verdict()))))
        .map(Section::rendered)
        .forEach(parts::add);
    return Text.paragraphs(parts);
  }

  private static boolean ranOnce(Verdict verdict) {
    return verdict instanceof Verdict.Clean
        && verdict.growths().stream().allMatch(growth -> growth.iterations() == 1);
  }

  private static Stream<Section> explanation(SlabReport report, SlabReport.Evidence evidence) {
    SlabReport.Conclusion conclusion = report.conclusion();
    SlabReport.Coverage coverage = report.coverage();
    Verdict verdict = conclusion.verdict();
    return Stream.of(
        ConfirmationText.of(verdict, report.counting().unfollowed()),
        new Section("On the way", SlopeText.lines(verdict.growths(), conclusion.slopes())),
        new Section("Rate", conclusion.forecast().map(ForecastText::lines).orElse(List.of())),
        new Section(
            "Who allocated them", evidence.allocations().map(Allocations::lines).orElse(List.of())),
        // Of a process that still runs, all that it has open is left.
        evidence.holders().started().isEmpty()
            ? new Section("What they are", evidence.left().lines())
            : Section.nothing(),
        references(conclusion, evidence),
        new Section(
            "Who holds them",
            new HoldersText(evidence.holders(), conclusion.mostLeaked(), evidence.purposes())
                .lines()),
        new Section("Not told apart", CoverageText.shared(coverage)),
        new Section("Not judged", CoverageText.unjudged(coverage)),
        new Section("The machine", evidence.machine().lines()),
        new Section("Next", new NextSteps(conclusion, evidence).lines()));
  }

  /** What this JVM itself holds open, no module failed to return. */
  private static Section references(
      SlabReport.Conclusion conclusion, SlabReport.Evidence evidence) {
    boolean matters =
        conclusion.verdict() instanceof Verdict.Leak
            && evidence.holders().isBeyondThisJvm(conclusion.mostLeaked());
    return matters
        ? evidence.references().section("While the body was run again:")
        : Section.nothing();
  }
}
