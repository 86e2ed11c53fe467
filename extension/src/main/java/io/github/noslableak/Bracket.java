package io.github.noslableak;

import io.github.noslableak.kernel.CacheSelection;
import io.github.noslableak.kernel.Descriptors;
import io.github.noslableak.kernel.Kernel;
import io.github.noslableak.kernel.KernelProfile;
import io.github.noslableak.kernel.LockTimeoutException;
import io.github.noslableak.kernel.MachineLock;
import io.github.noslableak.kernel.MalformedKernelDataException;
import io.github.noslableak.kernel.Quiescer;
import io.github.noslableak.kernel.SlabCache;
import io.github.noslableak.kernel.Surroundings;
import io.github.noslableak.verdict.CacheGrowth;
import io.github.noslableak.verdict.Unjudged;
import io.github.noslableak.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One measurement: counts before, counts after, both quiesced, and what they say.
 *
 * <p>Everything that the reading itself allocates is allocated before the first count and freed
 * after the last one.
 */
final class Bracket implements AutoCloseable {

  private final Measurement measurement;
  private final Settings settings;
  private final Kernel kernel;
  private final CacheSelection selection;
  private final MachineLock lock;
  private final Quiescer quiescer;
  private final Surroundings surroundings;

  private Descriptors descriptorsBefore;
  private Quiescer.Counted start;
  private Surroundings.View viewBefore;
  private Quiescer.@Nullable Counted warm;
  private Quiescer.@Nullable Counted iterated;

  private Bracket(
      Measurement measurement,
      Settings settings,
      Kernel kernel,
      CacheSelection selection,
      MachineLock lock,
      Quiescer quiescer,
      Surroundings surroundings) {
    this.measurement = measurement;
    this.settings = settings;
    this.kernel = kernel;
    this.selection = selection;
    this.lock = lock;
    this.quiescer = quiescer;
    this.surroundings = surroundings;
    // In this order: listing descriptors allocates dentries, which the baseline then drops. Reading
    // the open files of the surroundings allocates nothing that stays, once they have their
    // buffers.
    surroundings.look();
    this.descriptorsBefore = Descriptors.ofThisJvm();
    this.start = quiescer.baseline(kernel.isFirstBaseline());
    this.viewBefore = surroundings.look();
  }

  /**
   * Waits for its turn on this machine, quiesces and counts.
   *
   * @throws SlabUnmeasurableException if slab objects cannot be counted here
   * @throws IllegalArgumentException if a cache is unknown
   */
  static Bracket begin(Measurement measurement, Settings settings) {
    Kernel kernel = kernel();
    KernelProfile profile = kernel.profile();
    if (!profile.measurable()) {
      throw unmeasurable(profile.obstacles());
    }
    MachineLock lock = lock(settings.lockTimeout());
    Quiescer quiescer = null;
    Surroundings surroundings = null;
    try {
      CacheSelection selection = kernel.select(measurement.caches());
      quiescer = Quiescer.open(profile, selection.watched());
      surroundings = Surroundings.open();
      return new Bracket(measurement, settings, kernel, selection, lock, quiescer, surroundings);
    } catch (IOException e) {
      release(lock, quiescer, surroundings);
      kernel.forgetCatalogue(); // A cache may have gone with its module.
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      release(lock, quiescer, surroundings);
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      release(lock, quiescer, surroundings);
      throw e;
    }
  }

  private static Kernel kernel() {
    try {
      return Kernel.current();
    } catch (UncheckedIOException e) {
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    }
  }

  /** Counts anew, so that nothing of what happened until now is part of the measurement. */
  void restart() {
    descriptorsBefore = Descriptors.ofThisJvm();
    start = quiescer.baseline(false);
    viewBefore = surroundings.look();
  }

  private static SlabUnmeasurableException unmeasurable(List<KernelProfile.Obstacle> obstacles) {
    return new SlabUnmeasurableException(
        obstacles.stream()
            .map(obstacle -> obstacle.what() + "; to grant it, " + obstacle.remedy())
            .collect(
                Collectors.joining(
                    "\n  ",
                    "NoSlabLeak cannot count slab objects here, so leaks would go unseen:\n  ",
                    "")));
  }

  private static SlabUnmeasurableException unmeasurable(String what, Throwable cause) {
    return new SlabUnmeasurableException(
        "NoSlabLeak could not measure, so leaks would go unseen: " + what, cause);
  }

  // The announcement is for whoever watches the build wait; JUnit has no channel for it here.
  @SuppressWarnings("SystemOut")
  private static MachineLock lock(Duration timeout) {
    try {
      return MachineLock.acquire(timeout, System.err::println);
    } catch (LockTimeoutException e) {
      throw unmeasurable(
          e.getMessage()
              + "; measure one thing at a time, or set "
              + Settings.LOCK_TIMEOUT
              + " above "
              + timeout.toSeconds()
              + " s",
          e);
    } catch (IOException e) {
      throw unmeasurable("the lock of this machine cannot be taken: " + e, e);
    }
  }

  /** Counts anew after the warm-up, so that what it left is not held against the iterations. */
  void warmedUp() {
    warm = quiescer.baseline(false);
  }

  /** Counts after the last iteration, while the test's surroundings still stand. */
  void iterated() {
    Quiescer.Counted baseline = warm;
    if (baseline != null) {
      // No linger: what goes away later is caught after the teardown.
      iterated = quiescer.settle(ceilings(baseline), Duration.ZERO);
    }
  }

  /**
   * Counts after everything and judges.
   *
   * @throws SlabUnmeasurableException if the numbers allow no verdict
   */
  SlabGrowth end() {
    try {
      return judge();
    } catch (UncheckedIOException | MalformedKernelDataException e) {
      throw unmeasurable(String.valueOf(e.getMessage()), e);
    }
  }

  private SlabGrowth judge() {
    Quiescer.Counted baseline = warm == null ? start : warm;
    Quiescer.Counted after = quiescer.settle(ceilingsOfTheEnd(), settings.linger());
    List<Unjudged> unjudged = unjudged(baseline, after);
    Verdict verdict = verdict(baseline, after, unjudged);
    if (verdict instanceof Verdict.Leak leak) {
      return SlabGrowth.leak(
          aliases(), Finding.report(this, leak, unjudged, baseline.settled(), after.took()));
    }
    if (!unjudged.isEmpty()) {
      throw new SlabUnmeasurableException(
          "NoSlabLeak could not judge "
              + measurement.name()
              + ": "
              + unjudged.stream()
                  .map(cache -> cache.cache() + " " + cache.reason())
                  .collect(Collectors.joining(", ")));
    }
    if (verdict instanceof Verdict.Ambiguous) {
      throw new SlabUnmeasurableException(
          "NoSlabLeak could not judge "
              + measurement.name()
              + ": its teardown gave back as many objects as its iterations left, which may hide a"
              + " leak. Put @TempDir on a disk instead of a tmpfs (-Djava.io.tmpdir=...), empty it in"
              + " @AfterEach, or do without warmup.");
    }
    return SlabGrowth.clean(verdict, aliases());
  }

  private Map<String, String> aliases() {
    Map<String, String> aliases = new HashMap<>();
    for (SlabCache cache : selection.watched()) {
      cache.sharedWith().forEach(alias -> aliases.put(alias, cache.name()));
    }
    return aliases;
  }

  private Verdict verdict(
      Quiescer.Counted baseline, Quiescer.Counted after, List<Unjudged> unjudged) {
    Set<String> left = unjudged.stream().map(Unjudged::cache).collect(Collectors.toSet());
    if (warm == null) {
      return Verdict.of(growths(start, after, left));
    }
    List<CacheGrowth> overTest = growths(start, after, left);
    Quiescer.Counted inner = iterated;
    // Without a count at the end of the iterations, what the whole test left stands for it: at
    // least
    // as much, so that nothing is acquitted for lack of a count.
    return Verdict.afterWarmup(
        inner == null ? overTest : growths(baseline, inner, left),
        overTest,
        growths(baseline, after, left));
  }

  /**
   * After a warm-up, a cache that grew over the iterations is acquitted only by coming back to
   * where it was before the whole test.
   */
  private List<Long> ceilingsOfTheEnd() {
    List<Long> whole = ceilings(start);
    Quiescer.Counted inner = iterated;
    if (warm == null) {
      return whole;
    }
    List<Long> afterWarmup = ceilings(warm);
    List<Long> ceilings = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      boolean grew = inner == null || inner.objects().get(i) > afterWarmup.get(i);
      ceilings.add(grew ? Math.min(whole.get(i), afterWarmup.get(i)) : afterWarmup.get(i));
    }
    return ceilings;
  }

  private List<Long> ceilings(Quiescer.Counted baseline) {
    return baseline.objects().stream()
        .map(objects -> Math.min(objects, Long.MAX_VALUE - measurement.tolerance()))
        .map(objects -> objects + measurement.tolerance())
        .toList();
  }

  /** Returns the growth of each watched cache but those that are left unjudged. */
  private List<CacheGrowth> growths(
      Quiescer.Counted before, Quiescer.Counted after, Set<String> left) {
    List<CacheGrowth> growths = new ArrayList<>();
    List<SlabCache> watched = selection.watched();
    for (int i = 0; i < watched.size(); i++) {
      boolean known =
          before.objects().get(i) != Quiescer.VANISHED
              && after.objects().get(i) != Quiescer.VANISHED;
      if (known && !left.contains(watched.get(i).name())) {
        growths.add(
            new CacheGrowth(
                watched.get(i).name(),
                before.objects().get(i),
                after.objects().get(i),
                measurement.tolerance(),
                measurement.iterations(),
                slotBytes(watched.get(i))));
      }
    }
    return growths;
  }

  /** Looks a slot's size up in the overview, which lists merged caches under one of their names. */
  private long slotBytes(SlabCache cache) {
    return Stream.concat(Stream.of(cache.name()), cache.sharedWith().stream())
        .map(viewBefore.slotBytes()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(0L);
  }

  private List<Unjudged> unjudged(Quiescer.Counted before, Quiescer.Counted after) {
    List<Unjudged> unjudged = new ArrayList<>();
    List<SlabCache> watched = selection.watched();
    for (int i = 0; i < watched.size(); i++) {
      String name = watched.get(i).name();
      if (before.objects().get(i) == Quiescer.VANISHED
          || after.objects().get(i) == Quiescer.VANISHED) {
        unjudged.add(new Unjudged(name, "came or went with a kernel module meanwhile"));
      } else {
        long growth = after.objects().get(i) - before.objects().get(i);
        Unjudged.ifUnrest(name, growth, measurement.tolerance(), before.spread().get(i))
            .ifPresent(unjudged::add);
      }
    }
    return unjudged;
  }

  Measurement measurement() {
    return measurement;
  }

  KernelProfile profile() {
    return kernel.profile();
  }

  CacheSelection selection() {
    return selection;
  }

  Descriptors descriptorsBefore() {
    return descriptorsBefore;
  }

  Surroundings.View viewBefore() {
    return viewBefore;
  }

  Surroundings.View look() {
    return surroundings.look();
  }

  @Override
  public void close() {
    release(lock, quiescer, surroundings);
  }

  private static void release(
      MachineLock lock, @Nullable Quiescer quiescer, @Nullable Surroundings surroundings) {
    Optional.ofNullable(quiescer).ifPresent(Quiescer::close);
    Optional.ofNullable(surroundings).ifPresent(Surroundings::close);
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release the lock of this machine", e);
    }
  }
}
