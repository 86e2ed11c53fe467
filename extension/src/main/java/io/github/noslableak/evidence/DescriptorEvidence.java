package io.github.noslableak.evidence;

import io.github.noslableak.proc.Cleaners;
import io.github.noslableak.proc.Descriptors;
import io.github.noslableak.proc.Descriptors.Kind;
import io.github.noslableak.proc.GarbageCollections;
import io.github.noslableak.proc.HttpClients;
import io.github.noslableak.report.DescriptorCount;
import io.github.noslableak.report.LeftBehind;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this JVM has open, and what of it only waits for a garbage collection. */
final class DescriptorEvidence implements EvidenceSource {

  private static final Descriptors NONE = new Descriptors(Map.of());

  private final Supplier<Descriptors> list;
  private final Supplier<Descriptors> collect;
  private final LongSupplier cleanings;
  private Descriptors before = NONE;

  /** As they were before the body was run again, if it was. */
  private Optional<Descriptors> ofFirstRun = Optional.empty();

  private Descriptors closedByCollection = NONE;
  private Descriptors now = NONE;
  private long cleaned;

  DescriptorEvidence() {
    this(Descriptors::ofThisJvm, GarbageCollections::collect, Cleaners::cleanings);
  }

  /**
   * Makes one that asks others.
   *
   * @param list lists the descriptors of this JVM
   * @param collect collects garbage and lists what that closed
   * @param cleanings how often what a collection found has been cleaned up until now
   */
  DescriptorEvidence(
      Supplier<Descriptors> list, Supplier<Descriptors> collect, LongSupplier cleanings) {
    this.list = list;
    this.collect = collect;
    this.cleanings = cleanings;
  }

  @Override
  public void opening() {
    before = list.get();
  }

  @Override
  public void suspicion(Duration most) {
    try {
      ofFirstRun = Optional.of(list.get());
      cleaned = cleanings.getAsLong();
    } catch (UncheckedIOException e) {
      // This JVM may have no descriptor left to look with: the very leak that is suspected.
    }
  }

  /**
   * A collection tells what was left to it, and so it comes when all is judged. Without a
   * descriptor left to look with, there are at least those that were there before.
   */
  @Override
  public void lookAgain(Grown grown) {
    try {
      Descriptors closedBefore = closedByItself();
      closedByCollection = collect.get().and(closedBefore);
      now = list.get();
      if (now.count(Kind.EPOLL) > before.count(Kind.EPOLL)) {
        boolean closed = HttpClients.awaitClosing();
        Descriptors later = list.get();
        if (closed) {
          closedByCollection = closedByCollection.and(now.without(later));
        }
        now = later;
      }
    } catch (UncheckedIOException e) {
      now = ofFirstRun.orElse(before);
    }
  }

  /** A collection that came by itself has closed what is gone since the first run. */
  private Descriptors closedByItself() {
    return ofFirstRun
        .filter(first -> cleanings.getAsLong() != cleaned)
        .map(first -> first.without(list.get()))
        .orElse(NONE);
  }

  @Override
  public void facts(Grown grown, Facts facts) {
    Descriptors open = stillOpen(grown.fewestLeft());
    facts.add(
        new Facts.OfJvm(
            Stream.of(Kind.values())
                .map(
                    kind ->
                        new DescriptorCount(kind.plural(), before.count(kind), open.count(kind)))
                .toList(),
            open.openedSince(before),
            open.alsoIn(closedByCollection).without(before).targets().size(),
            explains(grown, facts.leftBehind())));
  }

  /**
   * Leaves out what only running the body again has opened, so that holders are counted as the
   * growth is: of the first run. Where nothing of that is open, a collection may have closed it
   * before anybody looked; then what running the body again has opened tells, if that explains as
   * much as it left.
   */
  private Descriptors stillOpen(long leftByRounds) {
    Descriptors all = now.and(closedByCollection);
    return ofFirstRun
        .map(first -> first.alsoIn(now).and(first.alsoIn(closedByCollection)))
        .filter(ofFirst -> isMore(ofFirst, 1) || !isMore(all, leftByRounds))
        .orElse(all);
  }

  /**
   * What the first run left may have been opened before it, as by a pool. So what the rounds opened
   * explains it too, as far as it leads to what is left.
   */
  private boolean explains(Grown grown, LeftBehind left) {
    Set<String> targets =
        left.objects().stream()
            .map(object -> Descriptors.undeleted(object.target()))
            .collect(Collectors.toSet());
    long opened =
        ofFirstRun
            .map(first -> now.and(closedByCollection).without(first).targets().values().stream())
            .orElse(Stream.empty())
            .filter(target -> targets.contains(Descriptors.undeleted(target)))
            .count();
    return grown.hasRounds() && opened > 0 && opened >= grown.mostLeft();
  }

  private boolean isMore(Descriptors open, long least) {
    return Stream.of(Kind.values())
        .anyMatch(kind -> open.count(kind) - before.count(kind) >= least);
  }
}
