package io.github.noslableak.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Shortfall;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.ToleranceUse;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Builds a report from the plainest one: a leak that nothing holds that can be seen. */
public final class Reports {

  static final Machine MACHINE =
      new Machine(
          "Linux 6.18.0 (SLUB)",
          new Machine.Hardware(24_105L << 20, 2, Optional.of("KVM")),
          List.of(
              new Machine.Figure("Slab", 29_756, 29_768),
              new Machine.Figure("SReclaimable", 7_372, 7_384),
              new Machine.Figure("SUnreclaim", 22_384, 22_384)),
          List.of());

  private static final List<String> KINDS =
      List.of("sockets", "pipes", "epolls", "other anonymous inodes", "files");

  private final Verdict verdict;
  private String test = "RelayTests.relays";
  private Optional<Duration> took = Optional.empty();
  private int warmup;
  private List<Sensitivity> sensitivities = List.of();
  private Map<String, Slope> slopes = Map.of();
  private List<ToleranceUse> tolerances = List.of();
  private Optional<Forecast> forecast = Optional.empty();
  private boolean exact = true;
  private boolean settled = true;
  private Optional<String> unfollowed = Optional.empty();
  private List<Unjudged> unjudged = List.of();
  private List<Coverage.SharedSlab> leftOut = List.of();
  private List<Coverage.SharedSlab> shared = List.of();
  private Optional<Allocations> allocations = Optional.empty();
  private UnreturnedReferences references = UnreturnedReferences.none();
  private LeftBehind left = LeftBehind.nothing();
  private Holders holders = holders(0, 0, 640, 640);
  private Machine machine = MACHINE;

  private Reports(Verdict verdict) {
    this.verdict = verdict;
  }

  /** Starts with a leak that could not be confirmed. */
  static Reports leak(CacheGrowth... growths) {
    return of(
        new Verdict.Leak(
            List.of(growths),
            Confirmation.impossible(new Shortfall.ToldNotTo(Shortfall.ToldNotTo.By.GUARD))));
  }

  /** Starts with what the numbers say. */
  public static Reports of(Verdict verdict) {
    return new Reports(verdict);
  }

  static CacheGrowth growth(
      String cache, long before, long growth, int iterations, long slotBytes) {
    return new CacheGrowth(cache, before, before + growth, 0, iterations, slotBytes);
  }

  static List<DescriptorCount> descriptors(long sockets, long files) {
    return KINDS.stream()
        .map(
            kind ->
                switch (kind) {
                  case "sockets" -> new DescriptorCount(kind, 2, 2 + sockets);
                  case "files" -> new DescriptorCount(kind, 40, 40 + files);
                  default -> new DescriptorCount(kind, 0, 0);
                })
        .toList();
  }

  static Holders holders(long sockets, long files, long openBefore, long openAfter) {
    List<String> opened =
        Stream.concat(
                IntStream.range(0, (int) Math.max(0, sockets)).mapToObj(i -> "socket:[8" + i + "]"),
                IntStream.range(0, (int) Math.max(0, files)).mapToObj(i -> "/srv/data/file-" + i))
            .toList();
    return new Holders(descriptors(sockets, files), opened, 0, openBefore, openAfter, List.of());
  }

  public Reports named(String name) {
    test = name;
    return this;
  }

  Reports sensitivities(Sensitivity... found) {
    sensitivities = List.of(found);
    return this;
  }

  Reports took(Duration time) {
    took = Optional.of(time);
    return this;
  }

  Reports warmedUp(int times) {
    warmup = times;
    return this;
  }

  Reports slopes(Map<String, Slope> found) {
    slopes = found;
    return this;
  }

  Reports tolerances(ToleranceUse... uses) {
    tolerances = List.of(uses);
    return this;
  }

  Reports forecast(Forecast found) {
    forecast = Optional.of(found);
    return this;
  }

  Reports inexact() {
    exact = false;
    return this;
  }

  Reports unsettled() {
    settled = false;
    return this;
  }

  Reports unfollowed(String why) {
    unfollowed = Optional.of(why);
    return this;
  }

  Reports unjudged(Unjudged... caches) {
    unjudged = List.of(caches);
    return this;
  }

  Reports leftOut(Coverage.SharedSlab... slabs) {
    leftOut = List.of(slabs);
    return this;
  }

  Reports shared(Coverage.SharedSlab... slabs) {
    shared = List.of(slabs);
    return this;
  }

  Reports allocations(Allocations found) {
    allocations = Optional.of(found);
    return this;
  }

  Reports references(UnreturnedReferences found) {
    references = found;
    return this;
  }

  Reports left(LeftBehind found) {
    left = found;
    return this;
  }

  public Reports heldBy(Holders found) {
    holders = found;
    return this;
  }

  public Reports on(Machine other) {
    machine = other;
    return this;
  }

  private SlabReport report() {
    return new SlabReport(
        test,
        new Conclusion(verdict, took, warmup, sensitivities, slopes, tolerances, forecast),
        new Counting(exact, Duration.ofMillis(2_187), settled, unfollowed),
        new Coverage(unjudged, leftOut, shared),
        Optional.of(new SlabReport.Evidence(allocations, references, left, holders, machine)));
  }

  public String text() {
    return TextReport.of(report());
  }

  String brief() {
    return TextReport.brief(report());
  }

  /** Returns the lines under a title, with their indent. */
  String section(String title) {
    String text = text();
    String start = "\n\n" + title + "\n";
    assertThat(text).containsOnlyOnce(start);
    String rest = text.substring(text.indexOf(start) + start.length());
    int end = rest.indexOf("\n\n");
    return end < 0 ? rest : rest.substring(0, end);
  }
}
