package io.github.noslableak.report;

import io.github.noslableak.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a finding for the engineer who reads the build's log: what leaked, who holds it, what to
 * do; then all the rest. It knows the order of the parts; each part knows its own text.
 */
public final class TextReport {

  /** Of each list that a build's log shows. */
  private static final int SHORT = 3;

  private static final int LONG = 8;

  private TextReport() {}

  /** Returns the whole text, several lines without a line break at the end. */
  public static String of(SlabReport report) {
    Conclusion conclusion = report.conclusion();
    List<List<String>> parts = new ArrayList<>();
    parts.add(List.of(Headline.of(report.test(), conclusion.verdict())));
    report
        .evidence()
        .ifPresent(evidence -> pointers(conclusion, evidence, LONG).forEach(parts::add));
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

  /** Returns the start of it, which is enough to know whose it is and what to do. */
  public static String brief(SlabReport report) {
    Conclusion conclusion = report.conclusion();
    List<String> first = new ArrayList<>();
    first.add(Headline.of(report.test(), conclusion.verdict()));
    first.addAll(Headline.more(conclusion.verdict()));
    first.addAll(ConfirmationText.brief(conclusion.verdict()));
    List<List<String>> parts = new ArrayList<>();
    parts.add(first);
    report
        .evidence()
        .ifPresent(evidence -> pointers(conclusion, evidence, SHORT).forEach(parts::add));
    return Text.paragraphs(parts);
  }

  private static boolean ranOnce(Verdict verdict) {
    return verdict instanceof Verdict.Clean
        && verdict.growths().stream().allMatch(growth -> growth.iterations() == 1);
  }

  /** Whom it points at, and what to do about it. */
  private static Stream<List<String>> pointers(
      Conclusion conclusion, SlabReport.Evidence evidence, int longest) {
    return Stream.of(
            namedReferences(conclusion, evidence),
            new Section("Who holds them", holders(conclusion, evidence, longest).lines()),
            new Section("Next", new NextSteps(conclusion, evidence).lines()))
        .map(Section::rendered);
  }

  private static HoldersText holders(
      Conclusion conclusion, SlabReport.Evidence evidence, int longest) {
    return new HoldersText(evidence, conclusion, longest);
  }

  private static Stream<Section> explanation(SlabReport report, SlabReport.Evidence evidence) {
    Conclusion conclusion = report.conclusion();
    Coverage coverage = report.coverage();
    Verdict verdict = conclusion.verdict();
    return Stream.of(
        ConfirmationText.of(verdict, report.counting().unfollowed()),
        new Section("On the way", SlopeText.lines(verdict.growths(), conclusion.slopes())),
        new Section("Rate", conclusion.forecast().map(ForecastText::lines).orElse(List.of())),
        // Of a process that still runs, all that it has open is left.
        evidence.holders().started().isEmpty()
            ? new Section("What they are", evidence.left().lines())
            : Section.nothing(),
        evidence.holders().started().isEmpty()
            ? new Section("What points at them", evidence.left().pointerLines())
            : Section.nothing(),
        new Section(
            "Who allocated them", evidence.allocations().map(Allocations::lines).orElse(List.of())),
        unnamedReferences(conclusion, evidence),
        new Section("Not told apart", CoverageText.shared(coverage)),
        new Section("Not judged", CoverageText.unjudged(coverage)),
        new Section("The machine", machine(conclusion, evidence)));
  }

  private static List<String> machine(Conclusion conclusion, SlabReport.Evidence evidence) {
    List<String> lines = new ArrayList<>(evidence.machine().lines());
    lines.add(holders(conclusion, evidence, LONG).counts());
    return lines;
  }

  /** What this JVM itself holds open, no module failed to return. */
  private static Section namedReferences(Conclusion conclusion, SlabReport.Evidence evidence) {
    return evidence.references().namesFunctions()
        ? references(
            conclusion, evidence, evidence.holders().isBeyondThisJvm(conclusion.mostLeaked()))
        : Section.nothing();
  }

  /** Why nobody is named matters only where nobody else is known. */
  private static Section unnamedReferences(Conclusion conclusion, SlabReport.Evidence evidence) {
    return evidence.references().namesFunctions()
        ? Section.nothing()
        : references(
            conclusion, evidence, evidence.holders().isBeyondAnybody(conclusion.mostLeaked()));
  }

  private static Section references(
      Conclusion conclusion, SlabReport.Evidence evidence, boolean matters) {
    return matters && conclusion.verdict() instanceof Verdict.Leak
        ? evidence.references().section("While the body was run again:")
        : Section.nothing();
  }
}
