package io.github.noslableak;

import io.github.noslableak.kernel.Quiescer;
import io.github.noslableak.kernel.SlabCache;
import io.github.noslableak.trace.AllocationLedger;
import io.github.noslableak.trace.Owner;
import io.github.noslableak.trace.Snapshot;
import io.github.noslableak.verdict.Round;
import io.github.noslableak.verdict.Scaling;
import io.github.noslableak.verdict.Suspect;
import io.github.noslableak.verdict.Suspect.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps count of what the segments of a rerun left. A segment is a round of iterations, or a time
 * in which nothing ran.
 */
sealed interface Tally extends AutoCloseable {

  /** Begins a segment. */
  void begin();

  /** Told before each iteration of a segment. */
  void iteration();

  /** Ends the segment that began last: quiesces and counts. */
  void end();

  /** Returns whose objects are counted apart; the first are those of the test itself. */
  List<Origin> origins();

  /**
   * Returns what a segment left of a cache.
   *
   * @param cache its place among the watched caches
   * @param segment the number of the segment, from 0 on
   * @param iterations how often the body ran in it
   */
  Round round(int cache, Origin origin, int segment, int iterations);

  /** Returns what all segments left of a cache, whoever allocated it. */
  long kept(int cache, Suspect suspect);

  /** Counts once more, when the teardown of the test is over and everything had time to go away. */
  void finish();

  /**
   * Corrects what was found before the teardown.
   *
   * @param cache its place among the watched caches
   * @param suspect what the rounds say
   * @param overTest growth of the cache from before the test to after its teardown, in objects
   *     beyond the tolerance
   * @param sinceRerun growth from before the rerun to after the teardown, likewise
   */
  Suspect afterTeardown(int cache, Suspect suspect, long overTest, long sinceRerun);

  /** Returns what the ledger knows, if each allocation is followed. */
  Optional<Snapshot> ledger();

  @Override
  void close();

  /** Tells segments apart by the counters of the whole machine. */
  final class OfCounters implements Tally {

    private final Quiescer quiescer;
    private final List<Quiescer.Counted> boundaries = new ArrayList<>();

    OfCounters(Quiescer quiescer) {
      this.quiescer = quiescer;
      end();
    }

    @Override
    public void begin() {}

    @Override
    public void iteration() {}

    @Override
    public void end() {
      boundaries.add(quiescer.baseline(false));
    }

    @Override
    public List<Origin> origins() {
      return List.of(Origin.ANYONE);
    }

    @Override
    public Round round(int cache, Origin origin, int segment, int iterations) {
      Quiescer.Counted before = boundaries.get(segment);
      Quiescer.Counted after = boundaries.get(segment + 1);
      return new Round(
          iterations,
          after.objects().get(cache) - before.objects().get(cache),
          before.spread().get(cache) + after.spread().get(cache));
    }

    /** What is given back in the end was not kept, and what does not scale is not the rounds'. */
    @Override
    public long kept(int cache, Suspect suspect) {
      return suspect.leaks() ? suspect.objects() : 0;
    }

    @Override
    public void finish() {}

    @Override
    public Suspect afterTeardown(int cache, Suspect suspect, long overTest, long sinceRerun) {
      return suspect.afterTeardown(overTest, sinceRerun);
    }

    @Override
    public Optional<Snapshot> ledger() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** Tells segments apart by following each allocation. */
  final class OfLedger implements Tally {

    /** Rounds of quiescing at the end of a segment, at most. */
    private static final int MOST_ROUNDS = 10;

    private record Segment(int from, int until) {}

    private final AllocationLedger ledger;
    private final Quiescer quiescer;
    private final List<SlabCache> watched;
    private final List<Segment> segments = new ArrayList<>();
    private int from;
    private int mark;
    private Snapshot last;

    OfLedger(AllocationLedger ledger, Quiescer quiescer, List<SlabCache> watched) {
      this.ledger = ledger;
      this.quiescer = quiescer;
      this.watched = watched;
      this.last = ledger.snapshot();
    }

    @Override
    public void begin() {
      from = mark + 1;
    }

    @Override
    public void iteration() {
      ledger.mark(++mark);
    }

    @Override
    public void end() {
      ledger.mark(++mark);
      Segment segment = new Segment(from, mark);
      segments.add(segment);
      long before = Long.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS; round++) {
        List<Long> ignored = quiescer.sample();
        last = ledger.snapshot();
        long now = last.caches().stream().mapToLong(cache -> live(cache, segment, o -> true)).sum();
        if (now == 0 || (now == before && round > 2)) {
          return;
        }
        before = now;
      }
    }

    @Override
    public List<Origin> origins() {
      return List.of(Origin.TEST, Origin.OTHERS);
    }

    private static long live(
        Snapshot.CacheLive cache, Segment segment, Predicate<Owner.Kind> whose) {
      return cache.groups().stream()
          .filter(group -> whose.test(group.owner().kind()))
          .mapToLong(group -> group.objectsIn(segment.from(), segment.until()))
          .sum();
    }

    private Snapshot.CacheLive live(int cache) {
      return last.cache(watched.get(cache).name());
    }

    @Override
    public Round round(int cache, Origin origin, int segment, int iterations) {
      return new Round(
          iterations,
          live(
              live(cache),
              segments.get(segment),
              kind -> (kind == Owner.Kind.OTHER) == (origin == Origin.OTHERS)),
          0);
    }

    @Override
    public long kept(int cache, Suspect suspect) {
      return live(cache).live().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void finish() {
      last = ledger.snapshot();
    }

    /**
     * Holds the ledger against the counters where it may not know everything: a ledger that lost
     * events never acquits, and one that missed frees does not accuse by itself.
     */
    @Override
    public Suspect afterTeardown(int cache, Suspect suspect, long overTest, long sinceRerun) {
      if (last.lostEvents() > 0) {
        return suspect.leaks()
            ? suspect.afterTeardown(overTest, sinceRerun)
            : suspect.with(Scaling.UNCLEAR);
      }
      return live(cache).freesUnrecorded() > 0
          ? suspect.afterTeardown(overTest, sinceRerun)
          : suspect;
    }

    @Override
    public Optional<Snapshot> ledger() {
      return Optional.of(last);
    }

    @Override
    public void close() {
      ledger.close();
    }
  }
}
