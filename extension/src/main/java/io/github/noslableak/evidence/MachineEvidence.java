package io.github.noslableak.evidence;

import io.github.noslableak.kernel.KernelFileException;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.Writeback;
import io.github.noslableak.report.Holders;
import io.github.noslableak.report.Machine;
import io.github.noslableak.slab.SlabCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The rest of the machine: its memory, other caches, open files, mounts, what it is. Its view after
 * the opening count also tells slot sizes, without which nothing can be measured: so what keeps it
 * from being read keeps all from being measured.
 */
final class MachineEvidence implements EvidenceSource {

  /**
   * What is asked.
   *
   * @param look looks at the machine
   * @param host tells what kind of machine it is, at a cost
   * @param availableMemoryBytes tells how much memory is available now
   * @param unwritten tells which file systems were not written out
   * @param close closes what it looks with
   */
  record Readers(
      Supplier<Surroundings.View> look,
      Supplier<Host> host,
      LongSupplier availableMemoryBytes,
      Supplier<List<Machine.FileSystem>> unwritten,
      Runnable close) {}

  private final String kernel;
  private final List<SlabCache> watched;
  private final Readers readers;
  private Surroundings.View before;

  /** As it was before the body was run again, if it was. */
  private Optional<Surroundings.View> ofFirstRun = Optional.empty();

  private Surroundings.View now;

  /** Looks once for nothing: once they have their buffers, reading makes nothing that stays. */
  MachineEvidence(String kernel, List<SlabCache> watched, Readers readers) {
    this.kernel = kernel;
    this.watched = List.copyOf(watched);
    this.readers = readers;
    this.before = readers.look().get();
    this.now = before;
  }

  /**
   * Opens the files.
   *
   * @throws KernelFileException if one cannot be opened
   */
  static MachineEvidence open(KernelProfile profile, List<SlabCache> watched)
      throws KernelFileException {
    Surroundings surroundings = Surroundings.open();
    try {
      return new MachineEvidence(
          "Linux " + profile.release() + " (" + profile.allocator() + ")",
          watched,
          new Readers(
              surroundings::look,
              Host::current,
              Host::availableMemoryBytes,
              MachineEvidence::unwritten,
              surroundings::close));
    } catch (RuntimeException | Error e) {
      surroundings.close();
      throw e;
    }
  }

  @Override
  public void opened() {
    before = readers.look().get();
  }

  /** Looks a slot's size up in the overview, which lists merged caches under one of their names. */
  long slotBytes(SlabCache cache) {
    return Stream.concat(Stream.of(cache.name()), cache.aliases().stream())
        .map(before.slotBytes()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(0L);
  }

  @Override
  public void suspicion(Duration most) {
    ofFirstRun = Optional.of(readers.look().get());
  }

  @Override
  public void lookAgain(Grown grown) {
    now = readers.look().get();
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    Host host = readers.host().get();
    // Where filp is judged by itself, it counts open files more truly than two looks at different
    // moments, one quiesced and one not.
    facts.add(
        new Facts.OfMachine(
            machine(host),
            // Of what is no open file, they say nothing.
            grown.mayBeHeldByFiles()
                ? Optional.of(openFiles(grown, host.processors()))
                : Optional.empty(),
            mounted(),
            grown.isLeak()
                ? OptionalLong.of(readers.availableMemoryBytes().getAsLong())
                : OptionalLong.empty()));
  }

  private Holders.OpenFileCount openFiles(Grown grown, int processors) {
    return grown
        .openFiles()
        .map(growth -> new Holders.OpenFileCount(growth.before(), growth.after()))
        .orElseGet(
            () ->
                new Holders.OpenFileCount(
                    before.openFiles(),
                    openFiles(before.openFiles(), now.openFiles(), processors)));
  }

  /**
   * The kernel counts open files by processor and adds them up only now and then
   * (lib/percpu_counter.c, in batches of 32 or twice the processors): a smaller difference says
   * nothing.
   */
  static long openFiles(long before, long after, int processors) {
    long inexact = Math.max(32, 2L * processors) * processors;
    return Math.abs(after - before) > inexact ? after : before;
  }

  /** What was mounted since and is now; only by the first run where it is known. */
  private List<String> mounted() {
    List<String> mounted = now.mountedSince(before);
    return ofFirstRun
        .map(first -> first.mountedSince(before).stream().filter(mounted::contains).toList())
        .orElse(mounted);
  }

  private Machine machine(Host host) {
    MemInfo from = before.memory();
    MemInfo to = now.memory();
    return new Machine(
        kernel,
        new Machine.Hardware(host.memoryBytes(), host.processors(), host.virtualization()),
        List.of(
            new Machine.Figure("Slab", from.slab(), to.slab()),
            new Machine.Figure("SReclaimable", from.reclaimable(), to.reclaimable()),
            new Machine.Figure("SUnreclaim", from.unreclaimable(), to.unreclaimable())),
        otherGrowth(before.activeObjects(), now.activeObjects(), watched),
        readers.unwritten().get());
  }

  private static List<Machine.FileSystem> unwritten() {
    return Writeback.left().stream()
        .map(mount -> new Machine.FileSystem(mount.point(), mount.type()))
        .toList();
  }

  /** Returns by how much unwatched caches grew, most first. */
  static List<Machine.OtherGrowth> otherGrowth(
      Map<String, Long> before, Map<String, Long> now, List<SlabCache> watched) {
    Set<String> judged = new HashSet<>();
    for (SlabCache cache : watched) {
      judged.add(cache.name());
      judged.addAll(cache.directories());
      judged.addAll(cache.aliases());
    }
    List<Machine.OtherGrowth> grown = new ArrayList<>();
    now.forEach(
        (cache, objects) -> {
          long growth = objects - before.getOrDefault(cache, 0L);
          if (growth > 0 && !judged.contains(cache)) {
            grown.add(new Machine.OtherGrowth(cache, growth));
          }
        });
    grown.sort(
        Comparator.comparing(Machine.OtherGrowth::objects)
            .reversed()
            .thenComparing(Machine.OtherGrowth::cache));
    return grown;
  }

  @Override
  public void close() {
    readers.close().run();
  }
}
