package io.github.noslableak.cli;

import io.github.noslableak.diagnosis.Diagnosis;
import io.github.noslableak.diagnosis.Suspect;
import io.github.noslableak.dump.CacheUse;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.DumpReader;
import io.github.noslableak.report.Amounts;
import io.github.noslableak.report.Text;
import io.github.noslableak.verdict.Slope;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Looks at this machine again and again, and tells on the way which caches grow, by what rate and
 * how sure that is.
 */
final class Watch {

  /** More looks than these are thinned out: every second one goes. */
  private static final int MOST_LOOKS = 512;

  /** Fewer looks bear no interval of confidence. */
  private static final int SURE = 5;

  private static final int MOST_TOLD = 3;
  private static final double SECONDS_PER_HOUR = 3_600;

  private final Duration interval;
  private final int looks;
  private final PrintWriter progress;
  private final Map<String, List<Slope.Sample>> samples = new LinkedHashMap<>();
  private final long start = System.nanoTime();

  Watch(Duration interval, int looks, PrintWriter progress) {
    this.interval = interval;
    this.looks = looks;
    this.progress = progress;
  }

  /**
   * Looks until it is stopped.
   *
   * @param whenStopped told what was seen, if the program is stopped before the last look
   * @return what was seen at the last look
   */
  Diagnosis run(Consumer<Diagnosis> whenStopped) throws IOException {
    Dump first = DumpReader.ofThisMachine();
    Latest latest = new Latest(Diagnosis.of(first));
    Thread stopped = new Thread(() -> whenStopped.accept(latest.diagnosis()));
    Runtime.getRuntime().addShutdownHook(stopped);
    add(first);
    tell(Diagnosis.of(first), 1);
    for (int look = 2; look <= looks; look++) {
      LockSupport.parkNanos(start + (look - 1) * interval.toNanos() - System.nanoTime());
      Dump now = DumpReader.ofThisMachine();
      add(now);
      latest.set(
          Diagnosis.of(first, now, Optional.of(Duration.ofNanos(System.nanoTime() - start)), 1)
              .growingOnly(this::grows));
      tell(latest.diagnosis(), look);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopped);
    } catch (IllegalStateException e) {
      LockSupport.park(); // It is being stopped just now, and tells.
    }
    return latest.diagnosis();
  }

  /** What is known by now; the thread that tells it in the end is another. */
  private static final class Latest {

    private Diagnosis diagnosis;

    Latest(Diagnosis diagnosis) {
      this.diagnosis = diagnosis;
    }

    synchronized void set(Diagnosis now) {
      diagnosis = now;
    }

    synchronized Diagnosis diagnosis() {
      return diagnosis;
    }
  }

  private void add(Dump dump) {
    int second = (int) Duration.ofNanos(System.nanoTime() - start).toSeconds();
    for (CacheUse cache : dump.caches()) {
      List<Slope.Sample> ofCache = samples.computeIfAbsent(cache.name(), name -> new ArrayList<>());
      cache.objects().ifPresent(objects -> ofCache.add(new Slope.Sample(second, objects)));
      if (ofCache.size() > MOST_LOOKS) {
        thinOut(ofCache);
      }
    }
  }

  /** Counters of slabinfo move by whole slabs, so it takes some looks to be sure. */
  private boolean grows(String cache) {
    return Slope.of(samples.getOrDefault(cache, List.of()))
        .filter(slope -> slope.low() > 0)
        .isPresent();
  }

  private static void thinOut(List<Slope.Sample> samples) {
    List<Slope.Sample> every = new ArrayList<>();
    for (int i = 0; i < samples.size(); i += 2) {
      every.add(samples.get(i));
    }
    samples.clear();
    samples.addAll(every);
  }

  private void tell(Diagnosis diagnosis, int look) {
    List<String> grown =
        diagnosis.suspects().stream()
            .filter(suspect -> suspect.growth().isPresent())
            .limit(MOST_TOLD)
            .map(this::rate)
            .toList();
    progress.printf(
        Locale.ROOT,
        "look %,d, after %s: slab %s%s%n",
        look,
        Amounts.time(Duration.ofNanos(System.nanoTime() - start)),
        Amounts.binary((double) diagnosis.slabBytes()),
        grown.isEmpty()
            ? look < SURE ? "" : ", nothing grows for sure"
            : "; " + String.join("; ", grown));
    progress.flush();
  }

  private String rate(Suspect suspect) {
    String grown =
        suspect.cache() + " " + Text.signed(suspect.growth().orElseThrow().objects().orElse(0));
    return Slope.of(samples.getOrDefault(suspect.cache(), List.of()))
        .map(
            slope ->
                "%s, %s an hour (%s to %s with 95 %% confidence)"
                    .formatted(
                        grown,
                        perHour(slope.perIteration()),
                        perHour(slope.low()),
                        perHour(slope.high())))
        .orElse(grown);
  }

  private static String perHour(double perSecond) {
    return Text.signed(Math.round(perSecond * SECONDS_PER_HOUR));
  }
}
