package io.github.noslableak;

import io.github.noslableak.kernel.Descriptors;
import io.github.noslableak.kernel.Host;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.MemInfo;
import io.github.noslableak.kernel.Surroundings;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.LeakReport;
import io.github.noslableak.report.Machine;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Collects what a report needs, once there is something to report. */
final class Finding {

  private static final long MEBIBYTE = 1024L * 1024;

  private Finding() {}

  static LeakReport report(
      Bracket bracket,
      Verdict.Leak leak,
      List<Unjudged> vanished,
      boolean baselineSettled,
      Duration waited) {
    // First of all, before asking about the host opens files of its own.
    Surroundings.View after = bracket.look();
    Descriptors descriptors = Descriptors.ofThisJvm();
    return new LeakReport(
        bracket.measurement().name(),
        leak,
        vanished,
        bracket.selection().leftOut().stream()
            .map(left -> new LeakReport.SharedSlab(left.name(), left.sharedWith()))
            .toList(),
        shared(bracket, leak),
        bracket.profile().allocator().exact(),
        waited,
        baselineSettled,
        holders(bracket, leak, after, descriptors),
        machine(bracket, after));
  }

  private static List<LeakReport.SharedSlab> shared(Bracket bracket, Verdict.Leak leak) {
    Set<String> leaked = new HashSet<>();
    leak.leaked().forEach(growth -> leaked.add(growth.cache()));
    return bracket.selection().watched().stream()
        .filter(cache -> leaked.contains(cache.name()) && !cache.sharedWith().isEmpty())
        .map(cache -> new LeakReport.SharedSlab(cache.name(), cache.sharedWith()))
        .toList();
  }

  private static Holders holders(
      Bracket bracket, Verdict.Leak leak, Surroundings.View after, Descriptors descriptors) {
    Descriptors before = bracket.descriptorsBefore();
    // Where filp is judged by itself, it counts open files more truly than two looks at different
    // moments, one quiesced and one not.
    Optional<CacheGrowth> openFiles =
        bracket.selection().watched().stream()
            .filter(cache -> cache.name().equals("filp") && cache.sharedWith().isEmpty())
            .flatMap(cache -> leak.growths().stream())
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
        openFiles.map(CacheGrowth::before).orElse(bracket.viewBefore().openFiles()),
        openFiles.map(CacheGrowth::after).orElse(after.openFiles()),
        after.mountedSince(bracket.viewBefore()));
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
