package io.github.noslableak.diagnosis;

import io.github.noslableak.dump.CacheUse;
import io.github.noslableak.dump.Dump;
import io.github.noslableak.dump.Memory;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What dumps of one machine say.
 *
 * @param latest the latest dump
 * @param earlier an earlier one, if there was one
 * @param time how long it is from one to the other, where that is known
 * @param conclusion what they say
 * @param suspects the caches that hold most, or grew most where there are two dumps; the most first
 */
public record Diagnosis(
    Dump latest,
    Optional<Dump> earlier,
    Optional<Duration> time,
    Conclusion conclusion,
    List<Suspect> suspects) {

  /**
   * So much of all memory is more than slab takes on a healthy machine that is not a file server.
   */
  private static final double HIGH = 0.15;

  private static final double MOST = 0.5;

  /** What may be reclaimed is not what fills a machine as long as there is memory left. */
  private static final double MEMORY_LEFT = 0.1;

  private static final int MOST_SUSPECTS = 8;

  /** A cache that holds less of all that the suspects hold is none. */
  private static final double LEAST_SHARE = 0.02;

  /** What is less of what all suspects hold, or gained, is not worth watching. */
  private static final double LEAST_WATCHED = 0.05;

  /** Slabs of processors come and go by as many objects on an idle machine. */
  private static final int LEAST_GROWTH = 128;

  private static final double SECONDS_PER_HOUR = 3_600;

  public Diagnosis {
    suspects = List.copyOf(suspects);
  }

  /** Says what one dump tells. */
  public static Diagnosis of(Dump dump) {
    long slab = slabBytes(dump);
    List<Suspect> suspects =
        most(
            dump.caches().stream()
                .map(cache -> suspect(dump, cache, slab, Optional.empty()))
                .toList());
    return new Diagnosis(
        dump,
        Optional.empty(),
        Optional.empty(),
        dump.memory().map(Diagnosis::ofMemory).orElse(Conclusion.UNKNOWN),
        suspects);
  }

  private static Conclusion ofMemory(Memory memory) {
    double share = memory.slabShare();
    if (share < HIGH) {
      return Conclusion.NOT_SLAB;
    }
    if (share < MOST) {
      return Conclusion.HIGH;
    }
    boolean isLeft = memory.left() > memory.total() * MEMORY_LEFT;
    if (memory.reclaimable().isEmpty()) {
      return isLeft ? Conclusion.HIGH : Conclusion.LEAK;
    }
    // Before 3.14 it is not said what is available.
    boolean mayBeLeft = isLeft || memory.available().isEmpty();
    boolean isReclaimable = memory.reclaimable().getAsLong() > memory.slab() * MOST;
    return isReclaimable && mayBeLeft ? Conclusion.RECLAIMABLE : Conclusion.LEAK;
  }

  /**
   * Says what two dumps tell.
   *
   * @param time how long it is between them; empty where that is not known
   */
  public static Diagnosis of(Dump earlier, Dump latest, Optional<Duration> time) {
    return of(earlier, latest, time, LEAST_GROWTH);
  }

  /**
   * Says what two dumps tell.
   *
   * @param time how long it is between them; empty where that is not known
   * @param least by how many objects a cache is to have grown to be told
   */
  public static Diagnosis of(Dump earlier, Dump latest, Optional<Duration> time, int least) {
    long slab = slabBytes(latest);
    List<Suspect> grown =
        most(
            latest.caches().stream()
                .flatMap(
                    cache ->
                        growth(earlier, cache, time)
                            .map(growth -> suspect(latest, cache, slab, Optional.of(growth)))
                            .stream())
                .filter(suspect -> grew(suspect, least))
                .toList());
    if (grown.isEmpty()) {
      Diagnosis alone = of(latest);
      return new Diagnosis(
          latest, Optional.of(earlier), time, withoutGrowth(earlier, latest), alone.suspects());
    }
    return new Diagnosis(latest, Optional.of(earlier), time, Conclusion.GROWS, grown);
  }

  /** Returns the same where only these caches are known to grow. */
  public Diagnosis growingOnly(Predicate<String> caches) {
    if (conclusion != Conclusion.GROWS) {
      return this;
    }
    List<Suspect> left = suspects.stream().filter(suspect -> caches.test(suspect.cache())).toList();
    return left.isEmpty()
        ? new Diagnosis(latest, earlier, time, Conclusion.DOES_NOT_GROW, of(latest).suspects())
        : new Diagnosis(latest, earlier, time, conclusion, left);
  }

  private static Conclusion withoutGrowth(Dump earlier, Dump latest) {
    boolean counted = !earlier.caches().isEmpty() && !latest.caches().isEmpty();
    return counted ? Conclusion.DOES_NOT_GROW : of(latest).conclusion();
  }

  private static boolean grew(Suspect suspect, int least) {
    Growth growth = suspect.growth().orElseThrow();
    return growth.bytes() > 0 && growth.objects().orElse(least) >= least;
  }

  /**
   * A cache that was not there before has grown by all that it holds, unless the earlier list may
   * have been cut off, as slabtop's is by a terminal.
   */
  private static Optional<Growth> growth(Dump earlier, CacheUse now, Optional<Duration> time) {
    Optional<CacheUse> before = earlier.cache(now.name());
    if (before.isPresent()) {
      return growth(before.get(), now, time);
    }
    boolean listsAll =
        !earlier.caches().isEmpty()
            && earlier.caches().stream().anyMatch(cache -> cache.objectBytes().isPresent());
    return listsAll && now.usedBytes().isPresent()
        ? Optional.of(new Growth(now.objects(), now.usedBytes().getAsLong(), time))
        : Optional.empty();
  }

  /** Sources measure memory in different ways, and all count objects: these decide, if known. */
  private static Optional<Growth> growth(CacheUse before, CacheUse now, Optional<Duration> time) {
    if (before.objects().isPresent() && now.objects().isPresent()) {
      long objects = now.objects().getAsLong() - before.objects().getAsLong();
      OptionalLong each = now.objectBytes().isPresent() ? now.objectBytes() : before.objectBytes();
      if (each.isPresent()) {
        return Optional.of(new Growth(OptionalLong.of(objects), objects * each.getAsLong(), time));
      }
      return bytes(before, now).map(bytes -> new Growth(OptionalLong.of(objects), bytes, time));
    }
    return bytes(before, now).map(bytes -> new Growth(OptionalLong.empty(), bytes, time));
  }

  private static Optional<Long> bytes(CacheUse before, CacheUse now) {
    return before.bytes().isPresent() && now.bytes().isPresent()
        ? Optional.of(now.bytes().getAsLong() - before.bytes().getAsLong())
        : Optional.empty();
  }

  private static Suspect suspect(Dump dump, CacheUse cache, long slab, Optional<Growth> growth) {
    long bytes = cache.usedBytes().orElse(0);
    return new Suspect(
        cache,
        dump.aliases().getOrDefault(cache.name(), List.of()),
        bytes,
        slab == 0 ? 0 : (double) bytes / slab,
        growth);
  }

  private static List<Suspect> most(List<Suspect> all) {
    long sum = all.stream().mapToLong(Diagnosis::weight).filter(bytes -> bytes > 0).sum();
    return all.stream()
        .filter(suspect -> weight(suspect) > sum * LEAST_SHARE)
        .sorted(
            Comparator.comparingLong(Diagnosis::weight).reversed().thenComparing(Suspect::cache))
        .limit(MOST_SUSPECTS)
        .toList();
  }

  /** Returns the memory of all slabs: as a whole, or that of the caches together. */
  private static long slabBytes(Dump dump) {
    return dump.memory()
        .map(Memory::slab)
        .orElseGet(() -> dump.caches().stream().mapToLong(cache -> cache.bytes().orElse(0)).sum());
  }

  /** Returns the memory of all slabs of the latest dump. */
  public long slabBytes() {
    return slabBytes(latest);
  }

  /**
   * Returns by how many bytes per hour all suspects together grow: since the earlier dump, or, at
   * least, since the machine was started, if all that they hold has leaked.
   */
  public OptionalDouble bytesPerHour() {
    if (earlier.isPresent()) {
      return conclusion == Conclusion.GROWS && time.filter(taken -> !taken.isZero()).isPresent()
          ? OptionalDouble.of(
              suspects.stream()
                  .mapToDouble(suspect -> suspect.growth().orElseThrow().bytesPerHour().orElse(0))
                  .sum())
          : OptionalDouble.empty();
    }
    return conclusion == Conclusion.LEAK && latest.uptime().filter(up -> !up.isZero()).isPresent()
        ? OptionalDouble.of(
            suspects.stream().mapToLong(Suspect::bytes).sum()
                * SECONDS_PER_HOUR
                / latest.uptime().orElseThrow().toSeconds())
        : OptionalDouble.empty();
  }

  /** Returns after how many hours the memory that is left is gone, at that rate. */
  public OptionalDouble hoursLeft() {
    OptionalDouble rate = bytesPerHour();
    return latest.memory().isPresent() && rate.isPresent() && rate.getAsDouble() > 0
        ? OptionalDouble.of(latest.memory().orElseThrow().left() / rate.getAsDouble())
        : OptionalDouble.empty();
  }

  private static long weight(Suspect suspect) {
    return suspect.growth().map(Growth::bytes).orElse(suspect.bytes());
  }

  /** Returns the caches that a test is to watch: those of I/O, or what there is. */
  public List<String> watched() {
    long sum = suspects.stream().mapToLong(Diagnosis::weight).sum();
    List<String> io =
        suspects.stream()
            .filter(suspect -> suspect.kind().isOfIo())
            .filter(suspect -> weight(suspect) >= sum * LEAST_WATCHED)
            .map(Suspect::cache)
            .toList();
    return io.isEmpty() ? suspects.stream().limit(1).map(Suspect::cache).toList() : io;
  }

  /** Returns the kind of what holds most, of I/O where there is some. */
  public Optional<Kind> kind() {
    return suspects.stream()
        .filter(suspect -> watched().contains(suspect.cache()))
        .map(Suspect::kind)
        .findFirst();
  }
}
