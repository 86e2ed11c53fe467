package io.github.noslableak;

import io.github.noslableak.evidence.Holdings;
import io.github.noslableak.evidence.Host;
import io.github.noslableak.evidence.MemInfo;
import io.github.noslableak.evidence.Surroundings;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.report.Allocations;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.Machine;
import io.github.noslableak.report.SlabReport;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Confirmation;
import io.github.noslableak.verdict.Forecast;
import io.github.noslableak.verdict.Sensitivity;
import io.github.noslableak.verdict.Slope;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Collects what a report needs. A clean measurement asks for nothing that costs time. */
final class Finding {

  private static final int MOST_BOOKED = 4;

  private static final long MEBIBYTE = 1024L * 1024;

  private Finding() {}

  static SlabReport report(
      Bracket bracket,
      Verdict verdict,
      Confirmation confirmation,
      List<Unjudged> unjudged,
      Duration waited) {
    // First of all: asking the host for its memory, or the kernel for its books, opens files.
    Optional<SlabReport.Evidence> evidence =
        verdict instanceof Verdict.Clean
            ? Optional.empty()
            : Optional.of(evidence(bracket, verdict));
    return new SlabReport(
        bracket.measurement().name(),
        new SlabReport.Conclusion(
            verdict,
            verdict.growths().stream().map(growth -> Sensitivity.of(growth, confirmation)).toList(),
            slopes(bracket, verdict),
            bracket.measurement().tolerances().uses(verdict.growths()),
            forecast(bracket, verdict)),
        new SlabReport.Counting(
            bracket.profile().allocator().exact(),
            waited,
            bracket.baselineSettled(),
            bracket.unfollowed().map(Obstacle::sentence)),
        new SlabReport.Coverage(
            unjudged,
            bracket.selection().leftOut().stream()
                .map(left -> new SlabReport.SharedSlab(left.name(), left.sharedWith()))
                .toList(),
            shared(bracket, verdict)),
        evidence);
  }

  private static Optional<Allocations> allocations(Bracket bracket, Verdict verdict) {
    Optional<Allocations> followed = bracket.allocations(grown(verdict));
    List<Allocations.Booked> booked = new ArrayList<>(booked(bracket, verdict));
    booked.addAll(lost(bracket, verdict));
    return booked.isEmpty()
        ? followed
        : Optional.of(followed.orElse(new Allocations(List.of(), 0)).with(booked));
  }

  /** What made at least half of what running the body again left. */
  private static List<Allocations.Counted> booked(Bracket bracket, Verdict verdict) {
    if (!(verdict instanceof Verdict.Leak leak)) {
      return List.of();
    }
    Set<String> leaked = grown(verdict);
    return bracket.bookedSinceRerun().stream()
        .filter(growth -> leaked.contains(growth.cache()))
        .filter(
            growth ->
                leak.confirmation()
                    .of(growth.cache())
                    .filter(suspect -> 2 * growth.objects() >= suspect.objects())
                    .isPresent())
        .limit(MOST_BOOKED)
        .map(growth -> new Allocations.Counted(growth.cache(), growth.objects(), growth.stack()))
        .toList();
  }

  /** What kmemleak finds of it: at least half of what running the body again left. */
  private static List<Allocations.Unreferenced> lost(Bracket bracket, Verdict verdict) {
    return verdict instanceof Verdict.Leak
        ? bracket.lostSinceRerun().stream()
            .filter(group -> 2 * group.objects() >= leftByRounds(verdict))
            .limit(MOST_BOOKED)
            .map(
                group ->
                    new Allocations.Unreferenced(group.bytes(), group.objects(), group.stack()))
            .toList()
        : List.of();
  }

  /** Returns the caches that leak, or that grew. */
  private static Set<String> grown(Verdict verdict) {
    List<CacheGrowth> grown =
        verdict instanceof Verdict.Leak leak
            ? leak.leaked()
            : verdict.growths().stream().filter(CacheGrowth::exceedsTolerance).toList();
    return grown.stream().map(CacheGrowth::cache).collect(Collectors.toSet());
  }

  private static Optional<Forecast> forecast(Bracket bracket, Verdict verdict) {
    if (!(verdict instanceof Verdict.Leak leak)) {
      return Optional.empty();
    }
    return bracket
        .took()
        .map(
            took ->
                Forecast.of(
                    leak.leaked().stream()
                        .map(
                            growth ->
                                new Forecast.Part(
                                    Math.max(0, leak.perIteration(growth)), growth.slotBytes()))
                        .toList(),
                    bracket.measurement().iterations(),
                    took.toNanos(),
                    Host.availableMemoryBytes()));
  }

  private static SlabReport.Evidence evidence(Bracket bracket, Verdict verdict) {
    Surroundings.View after = bracket.look();
    Descriptors descriptors = stillOpen(bracket, descriptors(bracket));
    // Before asking about the host maps libraries.
    Optional<Holders.Elsewhere> elsewhere =
        bracket
            .heldBefore()
            .flatMap(before -> Holdings.now().map(now -> now.since(before, leftByRounds(verdict))));
    Holders holders = holders(bracket, verdict, after, descriptors, elsewhere);
    Machine machine = machine(bracket, after);
    return new SlabReport.Evidence(
        allocations(bracket, verdict), bracket.references(), holders, machine);
  }

  /** Whoever holds fewer than running the body again left of any cache does not explain it. */
  private static long leftByRounds(Verdict verdict) {
    return verdict instanceof Verdict.Leak leak
        ? leak.leaked().stream()
            .flatMap(growth -> leak.confirmation().of(growth.cache()).stream())
            .mapToLong(Suspect::objects)
            .min()
            .orElse(1)
        : 1;
  }

  /** Without a descriptor left to look with, there are at least those that were there before. */
  private static Descriptors descriptors(Bracket bracket) {
    try {
      return Descriptors.ofThisJvm();
    } catch (UncheckedIOException e) {
      return bracket.descriptorsOfFirst().orElse(bracket.descriptorsBefore());
    }
  }

  private static Map<String, Slope> slopes(Bracket bracket, Verdict verdict) {
    Map<String, Slope> slopes = new HashMap<>();
    for (CacheGrowth growth : verdict.growths()) {
      bracket.slope(growth).ifPresent(slope -> slopes.put(growth.cache(), slope));
    }
    return slopes;
  }

  /**
   * Leaves out what only running the body again has opened, so that holders are counted as the
   * growth is: of the first run.
   */
  private static Descriptors stillOpen(Bracket bracket, Descriptors now) {
    return bracket
        .descriptorsOfFirst()
        .map(first -> first.alsoIn(now).and(first.alsoIn(bracket.closedByCollection())))
        .orElse(now);
  }

  private static List<SlabReport.SharedSlab> shared(Bracket bracket, Verdict verdict) {
    Set<String> grown = new HashSet<>();
    verdict.growths().stream()
        .filter(CacheGrowth::exceedsTolerance)
        .forEach(growth -> grown.add(growth.cache()));
    return bracket.selection().watched().stream()
        .filter(cache -> grown.contains(cache.name()) && !cache.sharedWith().isEmpty())
        .map(cache -> new SlabReport.SharedSlab(cache.name(), cache.sharedWith()))
        .toList();
  }

  private static Holders holders(
      Bracket bracket,
      Verdict verdict,
      Surroundings.View after,
      Descriptors descriptors,
      Optional<Holders.Elsewhere> elsewhere) {
    Descriptors before = bracket.descriptorsBefore();
    // Where filp is judged by itself, it counts open files more truly than two looks at different
    // moments, one quiesced and one not.
    Optional<CacheGrowth> openFiles =
        bracket.selection().watched().stream()
            .filter(cache -> cache.name().equals("filp") && cache.sharedWith().isEmpty())
            .flatMap(cache -> verdict.growths().stream())
            .filter(growth -> growth.cache().equals("filp"))
            .findFirst();
    return new Holders(
        Stream.of(Descriptors.Kind.values())
            .map(
                kind ->
                    new Holders.DescriptorCount(
                        kind.plural(), before.count(kind), descriptors.count(kind)))
            .toList(),
        descriptors.openedSince(before),
        descriptors.alsoIn(bracket.closedByCollection()).without(before).targets().size(),
        openFiles.map(CacheGrowth::before).orElse(bracket.viewBefore().openFiles()),
        openFiles.map(CacheGrowth::after).orElse(openFiles(bracket.viewBefore(), after)),
        bracket.mounted(after),
        elsewhere,
        bracket.openedInJava(grown(before, descriptors)));
  }

  /** Returns the kinds of which this JVM has more open than before, in plural. */
  private static Set<String> grown(Descriptors before, Descriptors now) {
    return Stream.of(Descriptors.Kind.values())
        .filter(kind -> now.count(kind) > before.count(kind))
        .map(kind -> kind == Descriptors.Kind.FILE ? "files" : kind.plural())
        .collect(Collectors.toSet());
  }

  /**
   * The kernel counts open files by processor and adds them up only now and then
   * (lib/percpu_counter.c, in batches of 32 or twice the processors): a smaller difference says
   * nothing.
   */
  private static long openFiles(Surroundings.View before, Surroundings.View after) {
    int processors = Host.current().processors();
    long inexact = Math.max(32, 2L * processors) * processors;
    return Math.abs(after.openFiles() - before.openFiles()) > inexact
        ? after.openFiles()
        : before.openFiles();
  }

  private static Machine machine(Bracket bracket, Surroundings.View after) {
    Surroundings.View before = bracket.viewBefore();
    MemInfo from = before.memory();
    MemInfo to = after.memory();
    KernelProfile profile = bracket.profile();
    Host host = Host.current();
    return new Machine(
        "Linux " + profile.release() + " (" + profile.allocator() + ")",
        String.format(
            Locale.ROOT,
            "%,d MiB of memory, %d %s, %s",
            host.memoryBytes() / MEBIBYTE,
            host.processors(),
            host.processors() == 1 ? "processor" : "processors",
            host.virtualization().orElse("no hypervisor seen")),
        List.of(
            new Machine.Figure("Slab", from.slab(), to.slab()),
            new Machine.Figure("SReclaimable", from.reclaimable(), to.reclaimable()),
            new Machine.Figure("SUnreclaim", from.unreclaimable(), to.unreclaimable())),
        otherGrowth(bracket, after));
  }

  private static List<Machine.OtherGrowth> otherGrowth(Bracket bracket, Surroundings.View after) {
    Set<String> watched = new HashSet<>();
    bracket
        .selection()
        .watched()
        .forEach(
            cache -> {
              watched.add(cache.name());
              watched.addAll(cache.directories());
              watched.addAll(cache.sharedWith());
            });
    List<Machine.OtherGrowth> grown = new ArrayList<>();
    after
        .activeObjects()
        .forEach(
            (cache, objects) -> {
              long growth = objects - bracket.viewBefore().activeObjects().getOrDefault(cache, 0L);
              if (growth > 0 && !watched.contains(cache)) {
                grown.add(new Machine.OtherGrowth(cache, growth));
              }
            });
    grown.sort(
        Comparator.comparing(Machine.OtherGrowth::objects)
            .reversed()
            .thenComparing(Machine.OtherGrowth::cache));
    return grown;
  }
}
