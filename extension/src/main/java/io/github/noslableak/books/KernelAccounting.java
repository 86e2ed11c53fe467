package io.github.noslableak.books;

import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.alloc.AllocationLedger;
import io.github.noslableak.verdict.Counts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts the caches of the running kernel. */
public final class KernelAccounting implements Accounting {

  /**
   * How allocations are followed.
   *
   * @param wanted whether they are to be followed at all
   * @param bufferKibPerCpu the kernel's buffer for it, in KiB for each processor
   * @param processes names of other processes whose allocations are the test's; where there are
   *     any, those of all others do not matter
   */
  public record Ledger(boolean wanted, int bufferKibPerCpu, Set<String> processes) {

    public Ledger {
      processes = Set.copyOf(processes);
    }
  }

  private final Quiescer quiescer;
  private final List<SlabCache> watched;
  private final Ledger ledger;
  private final List<Books> opened = new ArrayList<>();

  private KernelAccounting(Quiescer quiescer, List<SlabCache> watched, Ledger ledger) {
    this.quiescer = quiescer;
    this.watched = List.copyOf(watched);
    this.ledger = ledger;
  }

  /**
   * Opens what counting needs. The machine's lock must be held.
   *
   * @throws IOException if something cannot be opened, for example because a cache has gone
   */
  public static KernelAccounting of(KernelProfile profile, List<SlabCache> watched, Ledger ledger)
      throws IOException {
    return new KernelAccounting(Quiescer.open(profile, watched), watched, ledger);
  }

  @Override
  public Counts countFirst() {
    return quiescer.countFirst();
  }

  @Override
  public Counts countUntilSettled() {
    return quiescer.countUntilSettled();
  }

  @Override
  public Counts countBriefly(Map<String, Long> ceilings, Duration patience) {
    return quiescer.countBriefly(ceilings, patience);
  }

  @Override
  public Counts countAfterLinger(Map<String, Long> ceilings, Duration linger) {
    return quiescer.countAfterLinger(ceilings, linger);
  }

  @Override
  public Counts countOnce() {
    return quiescer.countOnce();
  }

  @Override
  public Books open(List<String> caches, boolean stacks) {
    Books books = books(caches, stacks);
    opened.add(books);
    return books;
  }

  private Books books(List<String> caches, boolean stacks) {
    if (!ledger.wanted()) {
      return new CountersOnly(quiescer, Optional.empty());
    }
    Optional<Obstacle> obstacle = AllocationLedger.obstacle();
    return obstacle.isPresent()
        ? new CountersOnly(quiescer, obstacle)
        : followed(
            watched.stream().filter(cache -> caches.contains(cache.name())).toList(), stacks);
  }

  private Books followed(List<SlabCache> caches, boolean stacks) {
    AllocationLedger opened;
    try {
      opened =
          AllocationLedger.open(
              caches, new AllocationLedger.Options(stacks, ledger.bufferKibPerCpu()));
    } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
      return new CountersOnly(
          quiescer,
          Optional.of(new Obstacle(String.valueOf(e.getMessage()), "see the kernel's log: dmesg")));
    }
    try {
      return new DoubleEntry(
          opened, quiescer, caches.stream().map(SlabCache::name).toList(), ledger.processes());
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      opened.forEach(Books::close);
    } finally {
      quiescer.close();
    }
  }
}
