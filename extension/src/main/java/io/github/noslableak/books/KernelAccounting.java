package io.github.noslableak.books;

import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Obstacle;
import io.github.noslableak.slab.Quiescer;
import io.github.noslableak.slab.SlabCache;
import io.github.noslableak.trace.Switching;
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

  /** More caches than these are followed only under suspicion: all their events cost time. */
  private static final int MOST_FOLLOWED = 128;

  private final Quiescer quiescer;
  private final List<SlabCache> watched;
  private final Ledger ledger;
  private final Optional<Following> following;
  private final List<Books> opened = new ArrayList<>();

  /** What follows the watched caches from the first run on. */
  private record Following(BothBooks books, LedgerCounter counter) {

    Books open() {
      return new DoubleEntry(books, false);
    }
  }

  private KernelAccounting(
      Quiescer quiescer, List<SlabCache> watched, Ledger ledger, Optional<Following> following) {
    this.quiescer = quiescer;
    this.watched = List.copyOf(watched);
    this.ledger = ledger;
    this.following = following;
  }

  /**
   * Opens what counting needs. The machine's lock must be held.
   *
   * @param first whether nobody of this JVM has counted before
   * @throws IOException if something cannot be opened, for example because a cache has gone
   */
  public static KernelAccounting of(
      KernelProfile profile, List<SlabCache> watched, Ledger ledger, boolean first)
      throws IOException {
    Quiescer quiescer = Quiescer.open(profile, watched);
    try {
      boolean follows =
          ledger.wanted() && profile.allocator().exact() && watched.size() <= MOST_FOLLOWED;
      if (first && ledger.wanted()) {
        Switching.prepare();
      }
      if (first) {
        quiescer.quiesceFirst(); // What was cached for days would fill the ledger when it goes.
      }
      return new KernelAccounting(
          quiescer,
          watched,
          ledger,
          follows ? follow(quiescer, watched, ledger) : Optional.empty());
    } catch (RuntimeException e) {
      quiescer.close();
      throw e;
    }
  }

  /** Where allocations cannot be followed, whoever opens books is told why. */
  private static Optional<Following> follow(
      Quiescer quiescer, List<SlabCache> watched, Ledger ledger) {
    if (AllocationLedger.obstacle().isPresent()) {
      return Optional.empty();
    }
    try {
      BothBooks books =
          bothBooks(
              quiescer,
              watched,
              ledger.processes(),
              new AllocationLedger.Options(false, ledger.bufferKibPerCpu(), true));
      return Optional.of(new Following(books, new LedgerCounter(books, quiescer)));
    } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
      return Optional.empty();
    }
  }

  private static BothBooks bothBooks(
      Quiescer quiescer,
      List<SlabCache> caches,
      Set<String> processes,
      AllocationLedger.Options options)
      throws IOException {
    AllocationLedger opened = AllocationLedger.open(caches, options);
    try {
      return new BothBooks(quiescer, opened, caches, processes);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public boolean isFollowed() {
    return following.isPresent();
  }

  @Override
  public Counts countAnew() {
    return following.map(of -> of.counter().open()).orElseGet(quiescer::countAtOpening);
  }

  @Override
  public Counts countUntilSettled() {
    return following
        .map(of -> of.counter().countUntilSettled())
        .orElseGet(quiescer::countUntilSettled);
  }

  @Override
  public Counts countBriefly(Map<String, Long> ceilings, Duration patience) {
    return following
        .map(of -> of.counter().countWithin(ceilings, patience, false))
        .orElseGet(() -> quiescer.countBriefly(ceilings, patience));
  }

  @Override
  public Counts countAfterLinger(Map<String, Long> ceilings, Duration linger) {
    return following
        .map(of -> of.counter().countWithin(ceilings, linger, true))
        .orElseGet(() -> quiescer.countAfterLinger(ceilings, linger));
  }

  @Override
  public Counts countOnce() {
    return following.map(of -> of.counter().countOnce()).orElseGet(quiescer::countOnce);
  }

  @Override
  public void clear(Set<String> caches) {
    following.ifPresent(of -> of.counter().clear(caches));
  }

  @Override
  public Map<String, Long> unseen() {
    return following.map(of -> of.counter().unseen()).orElse(Map.of());
  }

  @Override
  public void judgeUnseen(Set<String> caches) {
    following.ifPresent(of -> of.books().judgeUnseen(caches));
  }

  @Override
  public Books open(List<String> caches, boolean stacks) {
    Books books = following.map(Following::open).orElseGet(() -> books(caches, stacks));
    opened.add(books);
    if (stacks) {
      books.recordStacks();
    }
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
    try {
      // The counters were read before it is opened: nothing of it may be there at the last count.
      AllocationLedger.Options options =
          new AllocationLedger.Options(stacks, ledger.bufferKibPerCpu(), false);
      return new DoubleEntry(bothBooks(quiescer, caches, ledger.processes(), options), true);
    } catch (IOException | UncheckedIOException | MalformedKernelDataException e) {
      return new CountersOnly(
          quiescer,
          Optional.of(new Obstacle(String.valueOf(e.getMessage()), "see the kernel's log: dmesg")));
    }
  }

  @Override
  public void close() {
    try {
      opened.forEach(Books::close);
      following.ifPresent(of -> of.books().close());
    } finally {
      quiescer.close();
    }
  }
}
